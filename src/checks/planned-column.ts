import type { Field } from '../domain/dataset.ts';

/** A column of the checked rows: its definition, and its source. */
export interface PlannedColumn {
  /** Its value is in `v<index>` of the rows. */
  readonly index: number;
  readonly name: string;
  readonly field: Field;
  /** As DuckDB writes it. */
  readonly sqlType: string;
  /** 0-based column of the source; null: not in it. */
  readonly source: number | null;
  /** For a slice name: the value that every row must have. */
  readonly slice: string | null;
}

/** What people call a column: its title, or its name. */
export function labelOf(field: Field): string {
  return field.title ?? field.name;
}

/** The column of that name; one that is not there is a defect of the program. */
export function columnNamed(
  { plan }: { readonly plan: readonly PlannedColumn[] },
  name: string,
): PlannedColumn {
  const column = plan.find((one) => one.name === name);
  if (column === undefined) throw new TypeError(`there is no column '${name}'`);
  return column;
}

export function hasPii(columns: readonly PlannedColumn[]): boolean {
  return columns.some((column) => column.field.pii);
}
