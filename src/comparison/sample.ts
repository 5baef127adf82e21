import { type Delta, deltaDiffers, WITH_CELLS } from '../promotion/change/delta.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Cell, Row } from '../warehouse/warehouse.ts';
import type { SampledCell, SampledRow } from './comparison.ts';
import type { Mask } from './mask.ts';

const ROW_CHANGES = ['added', 'removed', 'closed'] as const;

/** The first changed cells, in the order of the key. */
export async function sampleCells(delta: Delta, most: number, mask: Mask): Promise<SampledCell[]> {
  if (most === 0 || delta.columns.length === 0) return [];
  const flags = delta.columns.map(
    (column) =>
      sql`CASE WHEN ${deltaDiffers(delta, column)} THEN 1 ELSE 0 END AS ${ident(`f${column.index}`)}`,
  );
  const rows = await delta.session.query<Row>(
    sql`SELECT d.*, ${join(flags)} FROM (SELECT * FROM ${delta.table} AS d WHERE ${WITH_CELLS}
        ORDER BY ${keyOrder(delta)} LIMIT ${raw(String(most))}) AS d ORDER BY ${keyOrder(delta)}`,
  );
  const cells: SampledCell[] = [];
  for (const row of rows) {
    for (const { name, index } of delta.columns) {
      if (Number(row[`f${index}`]) !== 1) continue;
      if (cells.length === most) return cells;
      const values = {
        before: mask(name, row[`b${index}`] as Cell),
        after: mask(name, row[`a${index}`] as Cell),
      };
      cells.push({ key: keyOf(delta, row, mask), column: name, ...values, source_row: sourceRow(row) });
    }
  }
  return cells;
}

/** The first added, removed and closed rows, by their key. */
export async function sampleRows(delta: Delta, most: number, mask: Mask): Promise<SampledRow[]> {
  const out: SampledRow[] = [];
  if (most === 0) return out;
  const key = join(delta.key.map((_, i) => ident('d', `k${i}`)));
  for (const change of ROW_CHANGES) {
    const rows = await delta.session.query<Row>(
      sql`SELECT ${key}, d._row FROM ${delta.table} AS d WHERE d._op = ${raw(`'${change}'`)}
          ORDER BY ${keyOrder(delta)} LIMIT ${raw(String(most))}`,
    );
    for (const row of rows) out.push({ change, key: keyOf(delta, row, mask), source_row: sourceRow(row) });
  }
  return out;
}

/** Texts are sorted by their bytes, so that engines with different collations show the same rows. */
function keyOrder(delta: Delta): Sql {
  return join(
    delta.key.map(({ type }, i) =>
      type.startsWith('VARCHAR') ? sql`${ident('d', `k${i}`)} COLLATE "C"` : ident('d', `k${i}`),
    ),
  );
}

function keyOf(delta: Delta, row: Row, mask: Mask): Record<string, Cell> {
  return Object.fromEntries(delta.key.map(({ name }, i) => [name, mask(name, row[`k${i}`] as Cell)]));
}

function sourceRow(row: Row): number | null {
  return row._row === null || row._row === undefined ? null : Number(row._row);
}
