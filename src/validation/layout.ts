import { businessColumns, type Dataset, type Field } from '../domain/dataset.ts';
import { a1 } from '../domain/finding.ts';
import { type Slice, sliceText } from '../domain/slice.ts';
import { columnType } from '../types/column-type.ts';

/** Where the columns of a dataset are in a delivered file, as the gate found them. */
export interface Layout {
  readonly format: 'xlsx' | 'text' | 'jsonl';
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

/** A column of the cleaned rows: its definition, and its source. */
export interface PlannedColumn {
  readonly index: number;
  readonly name: string;
  readonly field: Field;
  /** As DuckDB writes it. */
  readonly sqlType: string;
  /** 0-based column of the file; null: not in the file. */
  readonly source: number | null;
  /** For a slice name: the value that every cell must have. */
  readonly slice: string | null;
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

/** A slice column that is not declared as a field is an ordinary text. */
export function plainField(name: string): Field {
  return {
    name,
    title: null,
    aliases: [],
    type: 'string',
    locale: null,
    formats: [],
    precision: null,
    scale: null,
    groupChar: null,
    decimalChar: '.',
    bareNumber: true,
    accounting: false,
    percent: 'number',
    offset: null,
    trueValues: [],
    falseValues: [],
    constraints: {
      required: false,
      unique: false,
      pattern: null,
      enum: null,
      minimum: null,
      maximum: null,
      minLength: null,
      maxLength: null,
    },
    rules: {},
    clean: [],
    pii: false,
    missingValues: [''],
    description: null,
  };
}

/** A1 for workbooks, `line:column` for everything else. */
export function cellAddress(layout: Layout, column: number, row: number): string {
  return layout.format === 'xlsx' ? a1(column, row) : `${row}:${column + 1}`;
}

/** What people call a column: its title, or its name. */
export function labelOf(field: Field): string {
  return field.title ?? field.name;
}
