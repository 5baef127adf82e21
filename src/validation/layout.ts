import type { PlannedColumn } from '../checks/planned-column.ts';
import { businessColumns, type Dataset } from '../domain/dataset.ts';
import { plainField } from '../domain/plain-field.ts';
import { type Slice, sliceText } from '../domain/slice.ts';
import { columnType } from '../types/column-type.ts';

/** Where the columns of a dataset are in a delivered file, as the gate found them. */
export interface Layout {
  readonly format: 'xlsx' | 'text' | 'jsonl' | 'records';
  /** Relative to the project, for findings. */
  readonly file: string;
  readonly sheet: string | null;
  /** Headers as found, by column. */
  readonly headers: readonly string[];
  /** The rows of the header by column, as written; if left out, repeated headers are not searched for. */
  readonly headerTexts?: readonly (readonly string[])[];
  /** By column of the file: the field or slice column it holds, null where it is not read. */
  readonly mapping: readonly { readonly column: number; readonly field: string | null }[];
}

/** Business columns in dataset order, each with its place in the file. */
export function planColumns(dataset: Dataset, layout: Layout, slice: Slice): PlannedColumn[] {
  const sources = new Map(
    layout.mapping.flatMap(({ column, field }) => (field === null ? [] : [[field, column] as const])),
  );
  const values = new Map(slice);
  return businessColumns(dataset).map(({ name, field }, index) => ({
    index,
    name,
    field: field ?? plainField(name),
    sqlType: columnType(field),
    source: sources.get(name) ?? null,
    slice: dataset.sliceNames.includes(name) ? (values.get(name) ?? missingSlice(name, slice)) : null,
  }));
}

function missingSlice(name: string, slice: Slice): never {
  throw new TypeError(`slice '${sliceText(slice)}' lacks '${name}'`);
}
