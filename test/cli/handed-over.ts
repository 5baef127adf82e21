import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { migratedWorld, type Row, type World } from './world.ts';

/** A pipeline that takes records, and the records as a script hands them over by SQL. */
export interface RecordsPipeline extends World {
  insert(dataset: string, run: string, ...records: readonly object[]): Promise<void>;
  /** Other rules for the same tables. */
  configure(config: string): void;
  /** Runs statements that change something. */
  execute(statements: readonly string[]): Promise<void>;
  /** What became of each record, in one word, in the order of their numbers. */
  marks(dataset: string): Promise<string[]>;
}

export async function recordsPipeline(
  engine: string,
  config: string,
  files: Readonly<Record<string, string>> = {},
): Promise<RecordsPipeline> {
  const world = await migratedWorld(engine, { config, files });
  const execute = async (statements: readonly string[]) => {
    if (engine === 'DuckDB') await executeDuckDb(join(world.root, 'data/warehouse.duckdb'), statements);
    else await world.queries(statements);
  };
  return {
    ...world,
    execute,
    configure: (text) => writeFileSync(join(world.root, 'datasets_config.yml'), text),
    insert: (dataset, run, ...records) =>
      execute(
        records.map((record) => {
          const text = JSON.stringify(record).replaceAll("'", "''");
          return `INSERT INTO stage.${dataset}_records (run_id, actor, raw_data) VALUES ('${run}', 'me', '${text}')`;
        }),
      ),
    marks: async (dataset) =>
      (
        await world.query(
          `SELECT waits, promoted, duplicate, failed, held_by FROM stage.${dataset}_records ORDER BY staging_id`,
        )
      ).map(markOf),
  };
}

function markOf({ waits, promoted, duplicate, failed, held_by }: Row): string {
  if (held_by !== null) return 'held';
  const marks = { promoted, duplicate, failed, waits };
  return Object.entries(marks)
    .filter(([, value]) => value === 'true')
    .map(([name]) => name)
    .join(' ');
}

async function executeDuckDb(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export const postingsConfig = (core = '', rest = ''): string => `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: id, path: "$.job_id", type: string, constraints: {required: true}}
        - {name: title, path: "$.job.title", type: string, constraints: {required: true, maxLength: 20}}
        - {name: contact, type: string, pii: true}
      primaryKey: id
    core: {on_duplicate: update, identity: posting_id${core}}
${rest}`;

export const posting = (id: string, title: string | null, more: object = {}) => ({
  job_id: id,
  job: { title },
  ...more,
});
