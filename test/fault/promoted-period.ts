import { expect } from 'vitest';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { ENTRIES_CONFIG, entries, OTHER_PERIOD, PERIOD } from './entries.ts';
import type { Database, FaultEngine } from './fault-engines.ts';
import { succeed } from './replaced-period.ts';

/** A register of one promoted period, and the next one waiting in stage: it adds, changes and removes rows. */
export interface PromotedPeriod {
  readonly pipeline: Pipeline;
  query(statement: string): ReturnType<Database['query']>;
  /**
   * Which state core is in, wholly and as the log says. Anything between the two, or a log or a journal that says
   * otherwise, fails the test.
   */
  standing(): Promise<'before' | 'after'>;
  remove(): Promise<void>;
}

export const TRANSFORM = `transform --period ${PERIOD} --dataset entries --accept-guard rolled_back --reason again --by test --json --quiet`;
export const ROLLBACK = `rollback --dataset entries --period ${PERIOD} --yes --by Vera --reason test --json --quiet`;

const CONFIG = `${ENTRIES_CONFIG}      primaryKey: id
    core: {strategy: upsert, covers: all, missing: delete}
`;

const digest = (columns: string) =>
  `SELECT count(*) AS n, md5(string_agg(concat_ws('|', ${columns}), ';' ORDER BY id)) AS digest FROM core.entries`;
const ROWS_OF_STAGE = 'id, amount, name, day, _data_period, _file_id, _source_row';
const EVERYTHING = `${ROWS_OF_STAGE}, _created_by, _updated_by`;

const LOG = `
  SELECT p.counting, p.transforms, p.backs, j.changed, CAST(p.logged AS BIGINT) AS logged FROM
    (SELECT count(CASE WHEN kind = 'transform' AND rolled_back_by IS NULL THEN 1 END) AS counting,
       count(CASE WHEN kind = 'transform' THEN 1 END) AS transforms, count(CASE WHEN kind = 'rollback' THEN 1 END) AS backs,
       sum(rows_added + rows_modified + rows_removed) AS logged
     FROM meta.promotion_log WHERE period = '${PERIOD}') p,
    (SELECT count(*) AS changed FROM history.entries WHERE _promotion_id IN
       (SELECT promotion_id FROM meta.promotion_log WHERE period = '${PERIOD}')) j,
    (SELECT count(*) AS stray FROM history.entries WHERE _promotion_id NOT IN
       (SELECT promotion_id FROM meta.promotion_log)) s
  WHERE s.stray = 0`;

export async function promotedPeriod(engine: FaultEngine, rows: number): Promise<PromotedPeriod> {
  const database = await engine.make();
  const older = entries(1, rows);
  // Every third row goes, every amount differs, and a few rows are new.
  const newer = entries(8, rows).csv.split('\n');
  const pipeline = makePipeline({
    spawn: true,
    config: CONFIG,
    landed: {
      [`entries_${OTHER_PERIOD}.csv`]: older.csv,
      [`entries_${PERIOD}.csv`]: newer.filter((_, i) => i === 0 || i % 3 !== 0).join('\n'),
    },
    ...(database.url === undefined ? {} : { databaseUrl: database.url }),
  });
  const query = (statement: string) => database.query(pipeline.root, statement);
  await succeed(pipeline, 'migrate');
  await succeed(pipeline, `run --period ${OTHER_PERIOD} --through transform`);
  const [first] = await query(digest(EVERYTHING));
  for (const step of ['ingest', 'validate', 'load-stage', 'transform'])
    await succeed(pipeline, `${step} --period ${PERIOD}`);
  const [second] = await query(digest(ROWS_OF_STAGE));
  await succeed(pipeline, ROLLBACK.replace(' --json --quiet', ' --run-id setup'));

  return {
    pipeline,
    query,
    async standing() {
      const [log] = await query(LOG);
      const told = Object.fromEntries(
        Object.entries(log ?? {}).map(([name, value]) => [name, Number(value)]),
      );
      const stands = told.counting === 1 ? 'after' : 'before';
      // What was promoted and not taken back is one promotion more than what was.
      expect(told).toMatchObject({
        counting: stands === 'after' ? 1 : 0,
        backs: (told.transforms as number) - (stands === 'after' ? 1 : 0),
        changed: told.logged,
      });
      const [now] = await query(digest(stands === 'after' ? ROWS_OF_STAGE : EVERYTHING));
      expect(now, `core, which by its log is as ${stands}`).toEqual(stands === 'after' ? second : first);
      return stands;
    },
    async remove() {
      pipeline.remove();
      await database.drop();
    },
  };
}
