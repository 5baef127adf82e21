import { afterEach, expect, test, vi } from 'vitest';
import { Conflict, untilNoConflict } from '../../../src/warehouse/until-no-conflict.ts';

afterEach(() => vi.useRealTimers());

test('waiting for a lock ends at its timeout, though the clock is set back all the while', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-07-10T12:00:00Z') });
  let tries = 0;
  const waiting = untilNoConflict({ lockTimeoutMs: 100 }, async () => {
    tries++;
    vi.setSystemTime(new Date('2025-07-09T12:00:00Z'));
    throw new Conflict('lock', null);
  });
  await expect(waiting).rejects.toMatchObject({ code: 'lock-busy' });
  expect(tries).toBeGreaterThan(1);
});
