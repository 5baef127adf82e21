import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * A warehouse without rows takes 12 MB. In a smaller file the tables have a row group or two, each of which one thread
 * reads. A second thread would find nothing to do and would use a sixth of the processor time of a small step while it
 * waits.
 */
const SMALL_WAREHOUSE = 24 * 2 ** 20;
/** About the size of one row group of ten columns. */
const SMALL_PARQUET = 2 * 2 ** 20;

/** Settings to open a file with: one thread for a small one, and otherwise as many as DuckDB takes by itself. */
export function threadsFor(path: string): Readonly<Record<string, string>> {
  return sizeOf(path) + sizeOf(`${path}.wal`) < SMALL_WAREHOUSE ? { threads: '1' } : {};
}

/** Before many rows go into a small file: as many threads as DuckDB takes by itself, until the file is closed. */
export async function widenFor(connection: DuckDBConnection, parquetPath: string): Promise<void> {
  if (sizeOf(parquetPath) >= SMALL_PARQUET) await connection.run('RESET GLOBAL threads');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
