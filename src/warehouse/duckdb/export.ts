import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, raw, type Sql, sql } from '../../sql/sql.ts';
import { runBound } from './bind.ts';

/** COPY … TO takes bound values inside its query, so that nothing is inlined. */
export async function exportParquet(
  connection: DuckDBConnection,
  query: Sql,
  parquetPath: string,
): Promise<number> {
  const options = raw('(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)');
  const statement = sql`COPY (${query}) TO ${raw(literal(parquetPath))} ${options}`;
  return (await runBound(connection, statement)).rowsChanged;
}
