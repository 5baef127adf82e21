import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';

/** The most digits of a decimal in a Parquet or Arrow file, and the most of these after the point. */
const DIGITS = 38;
const MAX_SCALE = 18;

/**
 * A SELECT of a table's rows that fits into a file. Sums of whole numbers and decimals without a fixed scale, which
 * files cannot hold, become decimals of the scale that their values need, the same on every engine.
 */
export async function tableRows(
  session: Session,
  table: TableRef,
  columns: readonly ColumnInfo[],
  condition: Sql = raw(''),
): Promise<Sql> {
  const from = sql`${ident(table.schema, table.name)} ${condition}`;
  const open = columns.filter((column) => column.type === 'DECIMAL').map((column) => column.name);
  const scales = await neededScales(session, from, open);
  const list = columns.map(({ name, type }) => {
    const scale = type === 'HUGEINT' ? 0 : scales.get(name);
    return scale === undefined
      ? ident(name)
      : sql`CAST(${ident(name)} AS ${raw(`DECIMAL(${DIGITS},${scale})`)}) AS ${ident(name)}`;
  });
  return sql`SELECT ${join(list)} FROM ${from}`;
}

async function neededScales(
  session: Session,
  from: Sql,
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const fractions = names.map(
    (name, i) => sql`max(length(split_part(CAST(${ident(name)} AS VARCHAR), '.', 2))) AS ${ident(`s${i}`)}`,
  );
  const [row] = await session.query(sql`SELECT ${join(fractions)} FROM ${from}`);
  return new Map(names.map((name, i) => [name, Math.min(MAX_SCALE, Number(row?.[`s${i}`] ?? 0))]));
}
