import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnInfo, Session } from '../../warehouse/warehouse.ts';
import { cellDiffers, type Tolerance } from './cell-differs.ts';

/** A column that both sides have; `b<index>` and `a<index>` are its values before and after. */
export interface PairedColumn {
  readonly name: string;
  readonly type: string;
  readonly index: number;
}

/**
 * The rows that differ between two sides, in a temporary table: `_op`, `_cells` (how many differ, beyond the
 * tolerance), `_row` (row in the file of the side after), the key as `k0 …`, and every other column before and after.
 * `_op` is `added`, `modified`, `removed`, `closed`, `reverted` (back to an earlier period's values), `reopened` (a
 * closed row opens again, its values unchanged), `shadowed` (delivered, but a later period's values stay) or
 * `tolerated` (differs within the tolerance only).
 */
export interface Delta {
  readonly session: Session;
  readonly table: Sql;
  readonly key: readonly ColumnInfo[];
  readonly columns: readonly PairedColumn[];
  readonly tolerance: ReadonlyMap<string, Tolerance>;
}

/** The rows of a delta, as `d`, whose cells are shown. */
export const WITH_CELLS = raw("d._op IN ('modified', 'reverted')");

export interface TableMaker {
  create(purpose: string, query: Sql): Promise<Sql>;
}

export function paired(names: readonly ColumnInfo[], key: readonly string[]): PairedColumn[] {
  return names
    .filter((column) => !key.includes(column.name))
    .map(({ name, type }, index) => ({ name, type, index }));
}

/** Makes the table from a SELECT of `_op`, `_row`, `k…`, `b…` and `a…`. */
export async function makeDelta(tables: TableMaker, pairs: Sql, of: Omit<Delta, 'table'>): Promise<Delta> {
  const count = (columns: readonly Sql[]) =>
    columns.length === 0
      ? raw('0')
      : join(
          columns.map((differs) => sql`CASE WHEN ${differs} THEN 1 ELSE 0 END`),
          ' + ',
        );
  const strict = count(of.columns.map((column) => cellDiffers(column, 'p', undefined)));
  const lenient = count(of.columns.map((column) => deltaDiffers(of, column, 'p')));
  const hasTolerance = of.tolerance.size > 0;
  // Counted once, below: an expression over every column is most of the work here.
  const counted = sql`SELECT p.*, ${strict} AS _strict${hasTolerance ? sql`, ${lenient} AS _lenient` : raw('')}
    FROM (${pairs}) AS p`;
  const cells = raw(hasTolerance ? 'q._lenient' : 'q._strict');
  const values = join([
    ...of.key.map((_, i) => ident('q', `k${i}`)),
    ...of.columns.flatMap(({ index }) => [ident('q', `b${index}`), ident('q', `a${index}`)]),
  ]);
  const table = await tables.create(
    'delta',
    sql`SELECT CASE WHEN q._op = 'modified' AND q._strict = 0 THEN 'reopened'
          WHEN q._op IN ('modified', 'reverted') AND ${cells} = 0 THEN 'tolerated' ELSE q._op END AS _op,
        CASE WHEN q._op IN ('modified', 'reverted') THEN ${cells} ELSE 0 END AS _cells, q._row, ${values}
      FROM (${counted}) AS q`,
  );
  return { ...of, table };
}

/** The values of the paired columns, from two aliases, as `b…` and `a…`. */
export function pairColumns(columns: readonly PairedColumn[], before: string, after: string): Sql {
  return join(
    columns.map(
      ({ name, index }) =>
        sql`, ${ident(before, name)} AS ${ident(`b${index}`)}, ${ident(after, name)} AS ${ident(`a${index}`)}`,
    ),
    '',
  );
}

/** Whether a cell of the delta counts as changed with the given tolerance. */
export function deltaDiffers(delta: Pick<Delta, 'tolerance'>, column: PairedColumn, alias = 'd'): Sql {
  return cellDiffers(column, alias, delta.tolerance.get(column.name));
}

/** Rows without a key are told apart by their position in the file. */
export const PLACE: ColumnInfo = { name: '_source_row', type: 'BIGINT', nullable: false };
