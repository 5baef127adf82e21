import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { POOLS, type Pooler, type PoolMode, startPooler } from '../fixtures/postgres/pooler.ts';
import { trialCount } from '../fixtures/trials.ts';
import { ENTRIES_CONFIG, entries, PERIOD } from './entries.ts';
import { type Database, queryPostgres, SERVER_ENGINES } from './fault-engines.ts';
import { succeed } from './replaced-period.ts';

const MODES: readonly PoolMode[] = ['transaction', 'session'];
const WORLDS = POOLS
  ? SERVER_ENGINES.flatMap(([, engine]) => MODES.map((mode) => [mode, engine] as const))
  : [];

/** Nothing to try where pgbouncer is not installed, which the setup has said. */
describe.runIf(POOLS).each(WORLDS)('callers behind a pooler in %s mode', (mode, engine) => {
  let database: Database;
  let pooler: Pooler;
  let pipeline: Pipeline;
  const { csv, content } = entries(1, 2000);
  const found = async (statement: string) =>
    Object.values((await database.query('', statement))[0] ?? {}).map(Number);

  beforeAll(async () => {
    database = await engine.make();
    // Fewer connections than callers have, so that they take turns on them.
    pooler = await startPooler(inject('postgresUrl') as string, mode, {
      default_pool_size: mode === 'session' ? 20 : 2,
    });
    pipeline = makePipeline({
      spawn: true,
      config: ENTRIES_CONFIG,
      landed: { [`entries_${PERIOD}.csv`]: csv },
      databaseUrl: pooler.through(database.url as string),
    });
    for (const step of ['migrate', `ingest --period ${PERIOD}`, `validate --period ${PERIOD}`])
      await succeed(pipeline, step);
  }, 300_000);
  afterAll(async () => {
    pipeline.remove();
    await pooler.stop();
    await database.drop();
  });

  it('three load one period at once: one loads, the others find it loaded, and no lock is left', async () => {
    for (let trial = 0; trial < trialCount(1); trial++) {
      await queryPostgres(database.url as string, 'DELETE FROM stage.entries; DELETE FROM meta.load_log');
      const command = `load-stage --period ${PERIOD} --dataset entries --json --quiet`;
      const answers = await Promise.all([1, 2, 3].map(() => pipeline.run(command)));
      expect(
        answers.map(({ code }) => code),
        answers.map(({ stderr }) => stderr).join(),
      ).toEqual([0, 0, 0]);
      expect(answers.map(({ json }) => json.status).sort()).toEqual(['done', 'skipped', 'skipped']);
      expect(
        await found(
          'SELECT count(*) AS n, count(DISTINCT id) AS ids, (SELECT count(*) FROM meta.load_log) AS loads FROM stage.entries',
        ),
      ).toEqual([content.rows, content.rows, 1]);
      expect(
        await found(`SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
      ).toEqual([0]);
    }
  });

  it('a month goes through every step', async () => {
    await succeed(pipeline, `run --period ${PERIOD}`);
    expect(await found('SELECT count(*) AS n FROM core.entries')).toEqual([content.rows]);
    const again = await succeed(pipeline, `run --period ${PERIOD}`);
    expect(again.json.status).toBe('skipped');
  });
});
