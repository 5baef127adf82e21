import { type Delta, deltaDiffers, WITH_CELLS } from '../promotion/change/delta.ts';
import { ident, join, sql } from '../sql/sql.ts';
import type { Row } from '../warehouse/warehouse.ts';
import type { ColumnChange } from './comparison.ts';

export async function rowsByOperation(
  delta: Delta,
): Promise<ReadonlyMap<string, { readonly rows: number; readonly cells: number }>> {
  const groups = await delta.session.query<{ op: string; rows: number; cells: number }>(
    sql`SELECT _op AS op, count(*) AS "rows", CAST(sum(_cells) AS BIGINT) AS "cells" FROM ${delta.table} GROUP BY _op`,
  );
  return new Map(groups.map((group) => [group.op, { rows: Number(group.rows), cells: Number(group.cells) }]));
}

/** Columns with changed cells, most changed first; `both` is the number of rows that both sides have. */
export async function changedColumns(delta: Delta, both: number): Promise<ColumnChange[]> {
  if (delta.columns.length === 0) return [];
  const counts = delta.columns.map((column) => {
    const differs = deltaDiffers(delta, column);
    const [before, after] = [ident('d', `b${column.index}`), ident('d', `a${column.index}`)];
    const i = column.index;
    return sql`count(*) FILTER (WHERE ${differs}) AS ${ident(`n${i}`)},
      count(*) FILTER (WHERE ${after} IS NULL AND ${before} IS NOT NULL) AS ${ident(`e${i}`)},
      count(*) FILTER (WHERE ${before} IS NULL AND ${after} IS NOT NULL) AS ${ident(`f${i}`)}`;
  });
  const [row] = await delta.session.query<Row>(
    sql`SELECT ${join(counts)} FROM ${delta.table} AS d WHERE ${WITH_CELLS}`,
  );
  return delta.columns
    .map(({ name, index }) => {
      const changed = Number(row?.[`n${index}`]);
      return {
        column: name,
        changed,
        rate: both === 0 ? null : changed / both,
        emptied: Number(row?.[`e${index}`]),
        filled: Number(row?.[`f${index}`]),
      };
    })
    .filter((column) => column.changed > 0)
    .sort((a, b) => b.changed - a.changed);
}
