import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * By itself DuckDB keeps pages in memory until four fifths of the machine's memory are used, also those that it has
 * written already. The setting is of the file, which may stay open for other work: `freeMemory` undoes it.
 */
export async function boundMemory(connection: DuckDBConnection, mb: number): Promise<void> {
  await connection.run(`SET GLOBAL memory_limit = '${Math.trunc(mb)}MB'`);
}

export async function freeMemory(connection: DuckDBConnection): Promise<void> {
  await connection.run('RESET GLOBAL memory_limit');
}
