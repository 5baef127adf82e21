import { expect } from 'vitest';
import { type Answer, makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { type Content, ENTRIES_CONFIG, entries, OTHER_PERIOD, PERIOD } from './entries.ts';
import type { Database, FaultEngine } from './fault-engines.ts';

/** A period with two validated deliveries, the first of them loaded, beside another period that nobody touches. */
export interface ReplacedPeriod {
  readonly pipeline: Pipeline;
  readonly database: Database;
  /** The other delivery's number: what a replacement brings in. */
  otherOf(fileId: number): number;
  contentOf(fileId: number): Content;
  /**
   * The delivery that stands in stage, whole and as the last row of the log says. Anything between two deliveries, or
   * a log that says otherwise, fails the test; so does the slightest change of the other period.
   */
  standing(): Promise<number>;
  load(fileId: number, more?: string): Promise<Answer>;
  query: (statement: string) => ReturnType<Database['query']>;
  remove(): Promise<void>;
}

/** Arguments of load-stage that bring in one delivery. */
export const loadOf = (fileId: number, more = '') =>
  `load-stage --period ${PERIOD} --dataset entries --file-id ${fileId} --json --quiet ${more}`;

const STANDING = `
  SELECT s.*, l.load_id, l.file_id, l.rows_inserted FROM (
    SELECT count(*) AS row_count, CAST(sum(amount) AS DOUBLE PRECISION) AS total, min(_file_id) AS first_file,
      max(_file_id) AS last_file, min(_load_id) AS first_load, max(_load_id) AS last_load, count(DISTINCT id) AS ids
    FROM stage.entries WHERE _data_period = '${PERIOD}') s,
  (SELECT load_id, file_id, rows_inserted FROM meta.load_log WHERE period = '${PERIOD}' ORDER BY load_id DESC LIMIT 1) l`;

const OTHER = `
  SELECT count(*) AS n, md5(string_agg(concat_ws('|', id, amount, name, day, _source_row, _file_id, _load_id), ';' ORDER BY id))
    AS digest FROM stage.entries WHERE _data_period <> '${PERIOD}'`;

export async function replacedPeriod(engine: FaultEngine, rows: number): Promise<ReplacedPeriod> {
  const database = await engine.make();
  const [old, fresh, other] = [entries(1, rows), entries(2, rows), entries(3, 500)];
  const pipeline = makePipeline({
    config: ENTRIES_CONFIG,
    landed: { [`entries_${OTHER_PERIOD}.csv`]: other.csv, [`entries_${PERIOD}_v1.csv`]: old.csv },
    ...(database.url === undefined ? {} : { databaseUrl: database.url }),
  });
  const query = (statement: string) => database.query(pipeline.root, statement);
  await succeed(pipeline, 'migrate');
  await takeIn(pipeline, OTHER_PERIOD);
  await takeIn(pipeline, PERIOD);
  const [first] = await query(`SELECT max(file_id) AS id FROM meta.load_log WHERE period = '${PERIOD}'`);
  pipeline.land(`entries_${PERIOD}_v2.csv`, fresh.csv);
  await succeed(pipeline, `ingest --period ${PERIOD}`);
  await succeed(pipeline, `validate --period ${PERIOD}`);
  const [second] = await query(
    `SELECT max(file_id) AS id FROM meta.validation_log WHERE period = '${PERIOD}'`,
  );
  const [oldId, freshId] = [Number(first?.id), Number(second?.id)];
  const contents = new Map([
    [oldId, old.content],
    [freshId, fresh.content],
  ]);
  const [untouched] = await query(OTHER);

  return {
    pipeline,
    database,
    query,
    otherOf: (fileId) => (fileId === oldId ? freshId : oldId),
    contentOf: (fileId) => contents.get(fileId) as Content,
    async standing() {
      const [row] = await query(STANDING);
      const found = Object.fromEntries(
        Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]),
      );
      const content = contents.get(found.file_id as number);
      expect(found, 'one whole delivery, as the log says').toMatchObject({
        row_count: content?.rows,
        ids: content?.rows,
        total: content?.total,
        rows_inserted: content?.rows,
        first_file: found.file_id,
        last_file: found.file_id,
        first_load: found.load_id,
        last_load: found.load_id,
      });
      expect(await query(OTHER), 'the other period').toEqual([untouched]);
      return found.file_id as number;
    },
    // Two of them run at once, and the time of one that is killed counts from the start of its process.
    load: (fileId, more) => pipeline.start(loadOf(fileId, more)).answer,
    async remove() {
      pipeline.remove();
      await database.drop();
    },
  };
}

async function takeIn(pipeline: Pipeline, period: string): Promise<void> {
  for (const step of ['ingest', 'validate', 'load-stage'])
    await succeed(pipeline, `${step} --period ${period}`);
}

export async function succeed(pipeline: Pipeline, command: string): Promise<Answer> {
  const answer = await pipeline.run(`${command} --json --quiet`);
  expect(answer.code, `${command}: ${answer.stderr}`).toBe(0);
  return answer;
}
