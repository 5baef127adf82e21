import type { Client } from 'pg';
import { sql } from '../../sql/sql.ts';
import type { ColumnInfo, TableRef } from '../warehouse.ts';
import { runBound } from './bind.ts';
import { readRows } from './cells.ts';

export async function tableColumns(client: Client, table: TableRef): Promise<readonly ColumnInfo[] | null> {
  const result = await runBound(
    client,
    sql`SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum`,
  );
  const rows = readRows<ColumnInfo>(result);
  return rows.length === 0 ? null : rows.map((row) => ({ ...row, type: typeWord(row.type) }));
}

const WORDS: Readonly<Record<string, string>> = {
  'timestamp without time zone': 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMPTZ',
  'time without time zone': 'TIME',
  'double precision': 'DOUBLE',
  real: 'FLOAT',
  text: 'VARCHAR',
  'character varying': 'VARCHAR',
  jsonb: 'JSON',
  json: 'JSON',
  numeric: 'DECIMAL',
  bytea: 'BLOB',
};

function typeWord(type: string): string {
  const sized = /^(character varying|numeric)(\(.*\))$/.exec(type);
  return sized ? `${WORDS[sized[1] as string]}${sized[2]}` : (WORDS[type] ?? type.toUpperCase());
}
