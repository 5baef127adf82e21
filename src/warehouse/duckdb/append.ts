import type { DuckDBConnection } from '@duckdb/node-api';
import { columnList, ident, raw, sql } from '../../sql/sql.ts';
import { selectFromParquet } from '../parquet/select.ts';
import type { AppendColumn, TableRef } from '../warehouse.ts';
import { widenFor } from './threads.ts';

/** INSERT … SELECT directly from the file. Returns the number of rows appended. */
export async function appendParquet(
  connection: DuckDBConnection,
  table: TableRef,
  parquetPath: string,
  columns: readonly AppendColumn[],
): Promise<number> {
  const target = sql`${ident(table.schema, table.name)} (${columnList(columns.map((column) => column.name))})`;
  const statement = sql`INSERT INTO ${target} ${raw(selectFromParquet(parquetPath, columns))}`;
  await widenFor(connection, parquetPath);
  return (await connection.run(statement.text)).rowsChanged;
}
