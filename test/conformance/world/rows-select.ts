import { businessColumns, type Dataset } from '../../../src/domain/dataset.ts';
import { parseSlice } from '../../../src/domain/slice.ts';
import { literal, quoteName } from '../../../src/sql/sql.ts';
import { columnType } from '../../../src/types/column-type.ts';

/** A row by its fields; what is left out is null. */
export type Values = Readonly<Record<string, null | string | number | boolean>>;

/** The SELECT of rows as a cleaned file holds them: with the columns of the slice and their place in the file. */
export function rowsSelect(dataset: Dataset, slice: string, rows: readonly Values[]): string {
  const columns = businessColumns(dataset);
  const slices = Object.fromEntries(parseSlice(slice));
  const written = (value: Values[string] | undefined) =>
    value === null || value === undefined ? 'NULL' : literal(String(value));
  const valuesOf = (row: Values, place: number) => {
    const all: Values = { ...row, ...slices };
    return `(${[...columns.map(({ name }) => written(all[name])), place].join(', ')})`;
  };
  const casts = columns.map(
    ({ name, field }, i) => `CAST(c${i} AS ${columnType(field)}) AS ${quoteName(name)}`,
  );
  const given = rows.length === 0 ? [valuesOf({}, 0)] : rows.map((row, i) => valuesOf(row, i + 2));
  return `SELECT ${[...casts, 'CAST(place AS BIGINT) AS _source_row'].join(', ')}
    FROM (VALUES ${given.join(', ')}) AS t(${[...columns.map((_, i) => `c${i}`), 'place'].join(', ')})
    ${rows.length === 0 ? 'WHERE false' : ''}`;
}
