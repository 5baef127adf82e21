import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { ENTRIES_CONFIG, entries, PERIOD, ROWS } from './entries.ts';
import { type Database, FAULT_ENGINES } from './fault-engines.ts';
import { type ReplacedPeriod, replacedPeriod, succeed } from './replaced-period.ts';

/** Each found its period free, waited for it, or gave up waiting: nothing else. */
function expectOutcomes(answers: readonly Answer[]): void {
  for (const { code, json, stderr } of answers) {
    expect([0, 5], stderr).toContain(code);
    if (code === 5) expect(json).toMatchObject({ status: 'retry', exit_code: 5 });
  }
  expect(answers.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
}

describe.each(FAULT_ENGINES)('two callers load the same period at once on %s', (_name, engine) => {
  const rows = Math.round(ROWS / 4);

  describe('that has rows', () => {
    let world: ReplacedPeriod;
    beforeAll(async () => {
      world = await replacedPeriod(engine, rows);
    }, 300_000);
    afterAll(() => world.remove());

    it.each([
      ['waits', '--lock-timeout 60'],
      ['waits or answers 5', '--lock-timeout 0.2'],
    ])('one wins, the other %s; the rows are those of one delivery', async (_outcome, patience) => {
      const old = await world.standing();
      const fresh = world.otherOf(old);
      const answers = await Promise.all([old, fresh].map((id) => world.load(id, `--force ${patience}`)));
      expectOutcomes(answers);
      const stands = await world.standing();
      expect(answers.some((answer, i) => answer.code === 0 && [old, fresh][i] === stands)).toBe(true);
      if (patience.endsWith(' 60')) expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    });
  });

  describe('that has none yet', () => {
    let database: Database;
    let pipeline: Pipeline;
    const { csv, content } = entries(1, rows);
    beforeAll(async () => {
      database = await engine.make();
      pipeline = makePipeline({
        config: ENTRIES_CONFIG,
        landed: { [`entries_${PERIOD}.csv`]: csv },
        ...(database.url === undefined ? {} : { databaseUrl: database.url }),
      });
      for (const step of ['migrate', `ingest --period ${PERIOD}`, `validate --period ${PERIOD}`])
        await succeed(pipeline, step);
    }, 300_000);
    afterAll(async () => {
      pipeline.remove();
      await database.drop();
    });

    it('one loads, the others find it there, wait or answer 5; never twice the rows', async () => {
      const command = `load-stage --period ${PERIOD} --dataset entries --json --quiet`;
      const answers = await Promise.all([1, 2, 3].map(() => pipeline.start(command).answer));
      expectOutcomes(answers);
      expect(answers.filter(({ json }) => json?.status === 'done').length).toBe(1);
      const [found] = await database.query(
        pipeline.root,
        'SELECT count(*) AS n, count(DISTINCT id) AS ids, (SELECT count(*) FROM meta.load_log) AS loads FROM stage.entries',
      );
      expect(Object.values(found ?? {}).map(Number)).toEqual([content.rows, content.rows, 1]);
    });
  });
});
