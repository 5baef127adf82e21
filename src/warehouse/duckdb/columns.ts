import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, quoteName } from '../../sql/sql.ts';
import type { ColumnInfo, TableRef } from '../warehouse.ts';
import { readRows } from './cells.ts';

/**
 * Columns of a table or view, null where there is none. `duckdb_columns()` would list every column of the file first, and
 * takes six times as long.
 */
export async function tableColumns(
  connection: DuckDBConnection,
  table: TableRef,
): Promise<readonly ColumnInfo[] | null> {
  const name = literal(`${quoteName(table.schema)}.${quoteName(table.name)}`);
  try {
    const rows = await readRows<ColumnInfo>(
      await connection.run(
        `SELECT name, type, NOT "notnull" AS nullable FROM pragma_table_info(${name}) ORDER BY cid`,
      ),
    );
    return rows.map((row) => ({ ...row, type: typeWord(row.type) }));
  } catch (error) {
    // Looking for what is not there leaves the transaction as it was.
    if (/^Catalog Error: .*does not exist/.test((error as Error).message)) return null;
    throw error;
  }
}

/** DuckDB keeps no length of VARCHAR(n): it always returns VARCHAR. */
function typeWord(type: string): string {
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type.replace(', ', ',');
}
