import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakableLine } from '../fixtures/postgres/breakable-line.ts';
import { trialCount } from '../fixtures/trials.ts';
import { ROWS } from './entries.ts';
import { queryPostgres, SERVER_ENGINES } from './fault-engines.ts';
import { copyingProcess } from './mid-copy.ts';
import { loadOf, type ReplacedPeriod, replacedPeriod } from './replaced-period.ts';

/** Six seconds of silence at most: 2 + 2 × 2. */
const QUICK = 'keepalives_idle=2&keepalives_interval=2&keepalives_count=2';
const BOUND_MS = 30_000;

describe.each(SERVER_ENGINES)('a load whose line to %s goes dead without a word', (_name, engine) => {
  let world: ReplacedPeriod;
  beforeAll(async () => {
    world = await replacedPeriod(engine, ROWS);
  }, 300_000);
  afterAll(() => world.remove());

  const url = () => world.database.url as string;
  const locks = async () =>
    Number(
      (
        await queryPostgres(
          url(),
          `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        )
      )[0]?.n,
    );

  /** Freezes the line of a load `afterMs` after it began to copy; answers how the load ended. */
  async function frozenLoad(newOnes: 'get through' | 'are silent', afterMs: number) {
    const old = await world.standing();
    const line = await breakableLine(url());
    const running = world.pipeline.start(
      loadOf(world.otherOf(old), `--lock-timeout 5 --database-url ${line.url}?${QUICK}`),
    );
    await copyingProcess(url());
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    line.freeze(newOnes);
    const began = Date.now();
    const answer = await running.answer;
    return { old, line, answer, tookMs: Date.now() - began };
  }
  async function expectConverges(): Promise<void> {
    const fresh = world.otherOf(await world.standing());
    expect((await world.load(fresh)).code).toBe(0);
    expect(await world.standing()).toBe(fresh);
  }

  const moments = Array.from({ length: trialCount(2) }, (_, i) => [i * 3]);
  it.each(moments)(
    'ends with 5 in bounded time and frees the period, %i ms into the copy',
    async (afterMs) => {
      const { old, line, answer, tookMs } = await frozenLoad('get through', afterMs);
      expect(answer.code, answer.stderr).toBe(5);
      expect(answer.json.message).toMatch(/does not answer/);
      expect(tookMs).toBeLessThan(BOUND_MS);
      // The line is still frozen: the server was told about it on another one.
      await expect.poll(locks, { timeout: 5000 }).toBe(0);
      expect(await world.standing()).toBe(old);
      await line.close();
      await expectConverges();
    },
  );

  it('ends with 5 in bounded time where the server cannot be reached at all, and converges when it can', async () => {
    const { old, line, answer, tookMs } = await frozenLoad('are silent', 0);
    expect(answer.code, answer.stderr).toBe(5);
    expect(tookMs).toBeLessThan(BOUND_MS);
    await line.close();
    await expect.poll(locks, { timeout: 10_000 }).toBe(0);
    expect(await world.standing()).toBe(old);
    await expectConverges();
  });

  it('waits for a lock no longer than it may, whatever the line does', async () => {
    const old = await world.standing();
    const line = await breakableLine(url());
    line.freeze('are silent');
    const began = Date.now();
    const answer = await world.load(
      world.otherOf(old),
      `--lock-timeout 1 --database-url ${line.url}?connect_timeout=2`,
    );
    expect(answer.code, answer.stderr).toBe(5);
    expect(Date.now() - began).toBeLessThan(BOUND_MS);
    await line.close();
  });
});
