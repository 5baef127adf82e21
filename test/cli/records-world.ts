import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import { migratedWorld, type Row, type World } from './world.ts';

/** A world whose scripts hand records over as SQL, with nothing but run, actor and record. */
export interface RecordsWorld extends World {
  readonly engine: string;
  /** Answers the staging_ids. */
  handOver(dataset: string, records: readonly object[], run?: string): Promise<readonly number[]>;
  /** Promotes all that waits; answers the number of the promotion, or null where core did not change. */
  promote(dataset: string): Promise<number | null>;
  /** Statements that write. */
  write(statement: string): Promise<Row[]>;
  /** The records of a dataset as `1 promoted by 2 to {…}`. */
  marks(dataset: string): Promise<string[]>;
}

export async function recordsWorld(
  engine: string,
  config: string,
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<RecordsWorld> {
  const world = await migratedWorld(engine, { config, files, environment });
  const write = (statement: string) =>
    engine === 'DuckDB'
      ? writeDuckDb(join(world.root, 'data/warehouse.duckdb'), statement)
      : world.query(statement);
  return {
    ...{ ...world, engine, write },
    async handOver(dataset, records, run = 'r1') {
      const values = records.map(
        (record) => `('${run}', 'fetcher', '${JSON.stringify(record).replaceAll("'", "''")}')`,
      );
      const rows = await write(
        `INSERT INTO stage.${dataset}_records (run_id, actor, raw_data) VALUES ${values.join(', ')} RETURNING staging_id AS id`,
      );
      return rows.map(({ id }) => Number(id));
    },
    async promote(dataset) {
      const told = await world.json(['records', 'promote', '--dataset', dataset, '--all'], 0);
      const number = /^Promotion (\d+)/.exec(told.message)?.[1];
      return number === undefined ? null : Number(number);
    },
    async marks(dataset) {
      const rows = await world.query(
        `SELECT staging_id AS id, waits, promoted, duplicate, failed, held_by, promotion_id, promoted_to,
           promoted_at IS NOT NULL AS has_moment FROM stage.${dataset}_records ORDER BY staging_id`,
      );
      return rows.map((row) => {
        expect(row.has_moment, JSON.stringify(row)).toBe(String(row.promoted_to !== null));
        const is = ['waits', 'promoted', 'duplicate', 'failed'].filter((name) => row[name] === 'true');
        const parts = [
          ...[row.id, ...is],
          row.held_by === null ? '' : `held by ${row.held_by}`,
          row.promotion_id === null ? '' : `by ${row.promotion_id}`,
          row.promoted_to === null ? '' : `to ${row.promoted_to}`,
        ];
        return parts.filter((part) => part !== '').join(' ');
      });
    },
  };
}

async function writeDuckDb(path: string, statement: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  try {
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(statement)).getRowObjects();
    connection.closeSync();
    return rows as Row[];
  } finally {
    instance.closeSync();
  }
}
