import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import type { RowTexts } from './traced.ts';

const WHOLE = new Set(['BIGINT', 'INTEGER', 'SMALLINT']);

/** The condition that a column holds the value of a text; typed where possible, so that an index can be used. */
export function holds(column: ColumnInfo, text: string | null, alias: string): Sql {
  const name = ident(alias, column.name);
  if (text === null) return sql`${name} IS NULL`;
  if (column.type.startsWith('VARCHAR')) return sql`${name} = ${text}`;
  if (WHOLE.has(column.type) && /^-?\d{1,18}$/.test(text))
    return sql`${name} = CAST(${text} AS ${raw(column.type)})`;
  return sql`CAST(${name} AS VARCHAR) = ${text}`;
}

/** Rows of a table found by the texts of some of its columns; every value as text. */
export async function matchingRows(
  session: Session,
  table: TableRef,
  columns: readonly ColumnInfo[],
  wanted: ReadonlyMap<string, string | null>,
  /** How many rows, and the columns to sort by. */
  { most, order }: { readonly most: number; readonly order: readonly string[] },
): Promise<{ readonly rows: readonly RowTexts[]; readonly total: number }> {
  const conditions = columns
    .filter(({ name }) => wanted.has(name))
    .map((column) => holds(column, wanted.get(column.name) ?? null, 't'));
  const where = conditions.length === 0 ? raw('true') : join(conditions, ' AND ');
  const from = sql`${ident(table.schema, table.name)} AS t WHERE ${where}`;
  const total = await countRows(session, from);
  const texts = columns.map(({ name }) => sql`CAST(${ident('t', name)} AS VARCHAR) AS ${ident(name)}`);
  const rows = await session.query<Record<string, string | null>>(
    sql`SELECT ${join(texts)} FROM ${from} ORDER BY ${join(order.map((name) => ident('t', name)))}
        LIMIT ${raw(String(most))}`,
  );
  return {
    rows: rows.map((row) => new Map(columns.map(({ name }) => [name, row[name] ?? null]))),
    total,
  };
}
