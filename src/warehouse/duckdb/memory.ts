import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * By itself DuckDB keeps pages in memory until four fifths of the machine's memory are used, also those that it has
 * written already. The setting is of the file, and is gone when it is closed.
 */
export async function boundMemory(connection: DuckDBConnection, mb: number): Promise<void> {
  await connection.run(`SET GLOBAL memory_limit = '${Math.trunc(mb)}MB'`);
}
