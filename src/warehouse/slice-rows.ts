import type { Dataset } from '../domain/dataset.ts';
import { parseSlice, type Slice, type SliceFilter } from '../domain/slice.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';
import { sliceValue } from '../types/slice-value.ts';
import type { ColumnInfo } from './warehouse.ts';

/** Where slice columns are: their fields, the name of the table in the statement, and its columns where they differ. */
export interface SliceColumns {
  readonly dataset: Pick<Dataset, 'fields'>;
  /** The table's name in the statement; left out: columns have no prefix. */
  readonly alias?: string;
  /**
   * Columns of the table, in the words of `ColumnInfo.type`; left out: the columns of stage, which follow from the
   * fields.
   */
  readonly columns?: readonly ColumnInfo[];
}

/** The condition that a stage row is of a period and slice; the slice as the log writes it, or as a map. */
export function stageRowOf(
  dataset: Pick<Dataset, 'fields'>,
  target: { readonly period: string; readonly slice: string | Slice },
  alias?: string,
): Sql {
  const period = alias === undefined ? ident('_data_period') : ident(alias, '_data_period');
  const at = { dataset, ...(alias === undefined ? {} : { alias }) };
  return sql`${period} = ${target.period} AND ${rowOfSlice(target.slice, at)}`;
}

/** The condition that a row is of a slice; always true where there is none. */
export function rowOfSlice(slice: string | Slice, at: SliceColumns): Sql {
  const pairs = typeof slice === 'string' ? parseSlice(slice) : slice;
  return rowOfSlices(new Map(pairs), at);
}

/** The condition that a row is of one of the requested slices. */
export function rowOfSlices(asked: SliceFilter, at: SliceColumns): Sql {
  const parts = [...asked].map(([name, wanted]) => {
    const field = at.dataset.fields.find((one) => one.name === name) ?? null;
    const type = at.columns?.find((one) => one.name === name)?.type ?? columnType(field);
    const values = [wanted].flat().flatMap((text) => sliceValue(text, type, field) ?? []);
    if (values.length === 0) return raw('false');
    const typed = values.map((value) =>
      type.startsWith('VARCHAR') ? sql`${value}` : sql`CAST(${value} AS ${raw(type)})`,
    );
    const column = at.alias === undefined ? ident(name) : ident(at.alias, name);
    return typed.length === 1 ? sql`${column} = ${typed[0] as Sql}` : sql`${column} IN (${join(typed)})`;
  });
  return parts.length === 0 ? raw('true') : join(parts, ' AND ');
}
