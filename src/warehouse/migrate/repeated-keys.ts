import { counted } from '../../domain/count.ts';
import { columnList, ident, join, sql } from '../../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse.ts';
import type { TableIndexes } from './table-indexes.ts';

const SHOWN = 3;

/**
 * Why a new key is not possible: the rows that share one, as a message with table, key and some of them. Null where
 * every key occurs once. Keys with an empty part count as different, as in the indexes of both engines.
 */
export async function repeatedKeys(
  session: Session,
  table: TableRef,
  there: readonly ColumnInfo[],
  indexes: TableIndexes,
): Promise<string | null> {
  const { unique: key = [], masked = [] } = indexes;
  const has = (name: string) => there.some((column) => column.name === name);
  // A part that is new to the table is empty in every row.
  if (key.length === 0 || !key.every(has)) return null;
  const filled = join(
    key.map((name) => sql`${ident(name)} IS NOT NULL`),
    ' AND ',
  );
  const periods = has('_data_period')
    ? sql`string_agg(DISTINCT _data_period, ', ' ORDER BY _data_period)`
    : sql`NULL`;
  const texts = key.map((name, i) => sql`CAST(${ident(name)} AS VARCHAR) AS ${ident(`k${i}`)}`);
  const repeated = sql`SELECT ${columnList(key)}, count(*) AS n, ${periods} AS periods
    FROM ${ident(table.schema, table.name)} WHERE ${filled} GROUP BY ${columnList(key)} HAVING count(*) > 1`;
  const rows = await session.query<Record<string, string | number | null>>(
    sql`SELECT ${join(texts)}, n, periods, count(*) OVER () AS all_keys, sum(n) OVER () AS all_rows
      FROM (${repeated}) AS r ORDER BY ${columnList(key)} LIMIT ${SHOWN}`,
  );
  const [first] = rows;
  if (first === undefined) return null;
  const shown = rows.map((row) => {
    const parts = key.map((name, i) => `${name} ${masked.includes(name) ? '***' : row[`k${i}`]}`);
    const of = row['periods'] === null ? '' : ` (${row['periods']})`;
    return `${parts.join(', ')} in ${counted(Number(row['n']), 'row')}${of}`;
  });
  const keys = Number(first['all_keys']);
  const more = keys > rows.length ? `; and ${counted(keys - rows.length, 'more key')}` : '';
  return (
    `Table ${table.schema}.${table.name} cannot have the key ${key.join(', ')}: ` +
    `${counted(Number(first['all_rows']), 'row')} share ${counted(keys, 'key')}: ${shown.join('; ')}${more}.`
  );
}
