import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, watch } from '../../../../src/warehouse/postgres/watch.ts';

const KEEP_ALIVE = { idleMs: 10_000, intervalMs: 5000, count: 3, limitMs: 25_000 };

describe('a connection whose server owes an answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Watches for `seconds`; answers when it was called lost, in seconds, or null. */
  async function lostAfter(
    seconds: number,
    line: { ask: () => Promise<Answer>; bytes?: (atS: number) => number; isOwed?: (atS: number) => boolean },
  ): Promise<{ lost: number | null; asked: number }> {
    const began = performance.now();
    const at = () => (performance.now() - began) / 1000;
    let lost: number | null = null;
    let asked = 0;
    const end = watch(
      {
        isOwed: () => line.isOwed?.(at()) ?? true,
        bytes: () => line.bytes?.(at()) ?? 0,
        ask: () => {
          asked++;
          return line.ask();
        },
        onLost: () => {
          lost = at();
        },
      },
      KEEP_ALIVE,
    );
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    end();
    return { lost, asked };
  }
  const nobody = () =>
    new Promise<Answer>((_resolve, reject) => setTimeout(reject, KEEP_ALIVE.intervalMs, new Error('none')));

  it('is lost within the limit where nobody answers', async () => {
    const { lost } = await lostAfter(60, { ask: nobody });
    expect(lost).toBeGreaterThan(10);
    expect(lost).toBeLessThanOrEqual(26);
  });

  it('is lost after two answers that the server waits for us', async () => {
    const { lost, asked } = await lostAfter(60, { ask: async () => 'waits for us' });
    expect(asked).toBe(2);
    expect(lost).toBeLessThanOrEqual(16);
  });

  it('is kept for hours while the server works, and asked about seldom', async () => {
    const { lost, asked } = await lostAfter(7200, { ask: async () => 'works' });
    expect(lost).toBeNull();
    expect(asked).toBeLessThan(130);
  });

  it('is given five minutes where the server cannot say what it does', async () => {
    const { lost } = await lostAfter(900, { ask: async () => 'cannot say' });
    expect(lost).toBeGreaterThanOrEqual(300);
    expect(lost).toBeLessThan(320);
  });

  it('is asked about no more while bytes go through or nothing is owed', async () => {
    expect(await lostAfter(600, { ask: nobody, bytes: (s) => Math.floor(s / 8) })).toEqual({
      lost: null,
      asked: 0,
    });
    expect(await lostAfter(600, { ask: nobody, isOwed: () => false })).toEqual({ lost: null, asked: 0 });
  });

  it('is lost within the limit and the pause where the server worked first and is gone then', async () => {
    let works = true;
    setTimeout(() => {
      works = false;
    }, 600_000);
    const { lost } = await lostAfter(1200, { ask: () => (works ? Promise.resolve('works') : nobody()) });
    expect(lost).toBeGreaterThan(600);
    expect(lost).toBeLessThan(600 + 60 + 26);
  });
});
