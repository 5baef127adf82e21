import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  makePipeline,
  type Pipeline,
  type Running,
} from '../../fixtures/pipelines/make-pipeline.ts';
import { FEWER_MOMENTS, ROWS } from '../entries.ts';
import { type Database, FAULT_ENGINES } from '../fault-engines.ts';
import { settled } from '../staged-records.ts';

const CONFIG = `version: 1
datasets:
  items:
    period: none
    source: {records: {}}
    schema:
      fields: [{name: code}, {name: title, constraints: {required: true}}, {name: size, type: integer}]
      primaryKey: code
    core: {strategy: upsert, identity: item_id, on_duplicate: update}
`;

const RECORDS = Math.round(ROWS / 20);
/** Of ten records one has no title, and one is of ten keys that each run has: the last of each key changes its row. */
const WHOLE = {
  promoted: RECORDS * 0.8 + 10,
  duplicate: RECORDS * 0.1 - 10,
  failed: RECORDS * 0.1,
  waiting: 0,
};

const insertOf = (run: string) => `INSERT INTO stage.items_records (run_id, actor, raw_data)
  SELECT '${run}', 'killed', CAST('{"code": "' || CASE WHEN i % 10 = 2 THEN '${run}-' || (i - 1)
      WHEN i % 10 = 3 THEN 'every-' || (i % 100) ELSE '${run}-' || i END || '"'
    || CASE WHEN i % 10 = 1 THEN '' ELSE ', "title": "${run}"' END || ', "size": ' || i || '}' AS JSON)
  FROM generate_series(1, ${RECORDS}) AS g(i)`;

/** One row: what the marks say of a run, what core has of it, and whether the log and the journal agree with core. */
const standingOf = (run: string) => `SELECT
    (SELECT count(*) FROM stage.items_records WHERE run_id = '${run}' AND waits AND NOT promoted AND NOT failed AND attempt = 0) AS untouched,
    (SELECT count(*) FROM stage.items_records WHERE run_id = '${run}' AND promoted AND NOT waits AND attempt = 1) AS promoted,
    (SELECT count(*) FROM stage.items_records WHERE run_id = '${run}' AND duplicate AND NOT waits AND attempt = 1) AS duplicate,
    (SELECT count(*) FROM stage.items_records WHERE run_id = '${run}' AND failed AND NOT waits AND attempt = 1) AS failed,
    (SELECT count(*) FROM core.items AS c JOIN stage.items_records AS r ON r.staging_id = c._updated_by_staging_id
      WHERE r.run_id = '${run}' AND r.promoted AND r.promotion_id = c._updated_by) AS rows_of_run,
    (SELECT count(*) FROM core.items) - (SELECT sum(rows_added) FROM meta.promotion_log) AS unlogged,
    (SELECT count(*) FROM history.items) - (SELECT sum(rows_added + rows_modified) FROM meta.promotion_log) AS unjournaled,
    (SELECT count(*) FROM core.items) - (SELECT count(DISTINCT item_id) FROM core.items) AS twice`;

describe.each(FAULT_ENGINES)('records promote killed on %s', (name, engine) => {
  let database: Database;
  let pipeline: Pipeline;
  let calls = 0;
  beforeAll(async () => {
    database = await engine.make();
    const url = database.url === undefined ? {} : { databaseUrl: database.url };
    pipeline = makePipeline({ config: CONFIG, spawn: true, ...url });
    expect((await pipeline.run('migrate --json')).code).toBe(0);
  }, 300_000);
  afterAll(async () => {
    pipeline.remove();
    await database.drop();
  });

  /** Starts a promotion and answers when its work begins. */
  async function begun(): Promise<Running> {
    const runId = `promote-${++calls}`;
    const running = pipeline.start(`records promote --dataset items --all --json --quiet --run-id ${runId}`);
    const ended = running.answer.then(() => true);
    while (!existsSync(join(pipeline.root, 'data/runs', runId)))
      if (await Promise.race([ended, wait(2, false)])) break;
    return running;
  }

  async function timeOf(records: object): Promise<number> {
    const running = await begun();
    const started = Date.now();
    const answer: Answer = await running.answer;
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.json.records).toEqual(records);
    return Date.now() - started;
  }

  async function standing(run: string): Promise<Record<string, number>> {
    await settled(database, pipeline.root);
    const [row] = await database.query(pipeline.root, standingOf(run));
    return Object.fromEntries(Object.entries(row ?? {}).map(([key, value]) => [key, Number(value)]));
  }

  it(`leaves every record untouched or promoted once at each of ${FEWER_MOMENTS} random moments, and the next run converges`, async () => {
    await database.query(pipeline.root, insertOf('first'));
    const times = [await timeOf(WHOLE)];
    const sound = { unlogged: 0, unjournaled: 0, twice: 0 };
    const before = { untouched: RECORDS, promoted: 0, duplicate: 0, failed: 0, rows_of_run: 0, ...sound };
    const after = await standing('first');
    expect(after).toMatchObject({ untouched: 0, promoted: WHOLE.promoted, failed: WHOLE.failed, ...sound });
    const ends = { before: 0, after: 0, unkilled: 0 };
    for (let moment = 0; moment < FEWER_MOMENTS; moment++) {
      const run = `m${moment}`;
      await database.query(pipeline.root, insertOf(run));
      const usual = times.slice(-3).reduce((sum, one) => sum + one, 0) / times.slice(-3).length;
      const running = await begun();
      // One random moment in every equal part of the work.
      await wait(((moment + Math.random()) / FEWER_MOMENTS) * usual);
      running.process.kill('SIGKILL');
      const { signal } = await running.answer;
      const found = await standing(run);
      const isDone = found.untouched === 0;
      expect(found, `killed at moment ${moment}`).toEqual(isDone ? after : before);
      ends[signal === null ? 'unkilled' : isDone ? 'after' : 'before']++;
      if (isDone) await timeOf({ promoted: 0, duplicate: 0, failed: 0, waiting: 0 });
      else times.push(await timeOf(WHOLE));
      expect(await standing(run)).toEqual(after);
    }
    process.stdout.write(`${name}: ${RECORDS} records, ${JSON.stringify(ends)} of ${FEWER_MOMENTS} kills\n`);
    expect(ends.before).toBeGreaterThan(0);
  }, 3_600_000);
});
