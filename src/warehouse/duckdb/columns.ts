import type { DuckDBConnection } from '@duckdb/node-api';
import { sql } from '../sql.ts';
import type { ColumnInfo, TableRef } from '../warehouse.ts';
import { runBound } from './bind.ts';
import { readRows } from './cells.ts';

export async function tableColumns(
  connection: DuckDBConnection,
  table: TableRef,
): Promise<readonly ColumnInfo[] | null> {
  const statement = sql`SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = ${table.schema} AND table_name = ${table.name}
    ORDER BY column_index`;
  const rows = await readRows<ColumnInfo>(await runBound(connection, statement));
  return rows.length === 0 ? null : rows.map((row) => ({ ...row, type: typeWord(row.type) }));
}

/** DuckDB keeps no length of VARCHAR(n): it always answers VARCHAR. */
function typeWord(type: string): string {
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type.replace(', ', ',');
}
