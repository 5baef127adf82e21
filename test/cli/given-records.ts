import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { World } from './world.ts';

/** A record in the staging table, with whatever marks a test needs. */
export interface GivenRecord {
  readonly run?: string;
  readonly actor?: string;
  readonly interaction?: string;
  readonly batch_id?: string;
  /** The record: its JSON text, or a value for it. */
  readonly data: string | object;
  /** Columns of the staging table, as SQL. */
  readonly marks?: Readonly<Record<string, string>>;
}

/** Runs statements that change something, as a script or a person with the right to do so would. */
export async function execute(world: World, engine: string, statements: readonly string[]): Promise<void> {
  if (engine !== 'DuckDB') return void (await world.queries(statements));
  const instance = await DuckDBInstance.create(join(world.root, 'data/warehouse.duckdb'), { threads: '1' });
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Puts records into `stage.<dataset>_records`, with the numbers 1, 2, … in an empty table. */
export async function giveRecords(
  world: World,
  engine: string,
  records: readonly GivenRecord[],
  dataset = 'postings',
): Promise<void> {
  const text = (value: string | undefined) =>
    value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  const statements = records.map(({ run = 'r1', actor = 'fetcher', data, marks = {}, ...more }) => {
    const columns = ['run_id', 'actor', 'interaction', 'batch_id', 'raw_data', ...Object.keys(marks)];
    const values = [
      ...[text(run), text(actor), text(more.interaction), text(more.batch_id)],
      text(typeof data === 'string' ? data : JSON.stringify(data)),
      ...Object.values(marks),
    ];
    return `INSERT INTO stage.${dataset}_records (${columns.join(', ')}) VALUES (${values.join(', ')})`;
  });
  await execute(world, engine, statements);
}

export const PROMOTED = {
  waits: 'false',
  promoted: 'true',
  validated: 'true',
  attempt: '1',
  promotion_id: '4',
};
export const DUPLICATE = { waits: 'false', duplicate: 'true', validated: 'true', attempt: '1' };
export const FAILED = { waits: 'false', failed: 'true', attempt: '1' };
/** What it refers to is missing, so that it is judged again. */
export const LACKS_PARENT = { waits: 'true', failed: 'true', attempt: '1' };
export const HELD = { waits: 'false', held_by: '9', validated: 'true', attempt: '1' };
