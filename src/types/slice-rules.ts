import type { Field } from '../domain/dataset.ts';

/** How the text of a slice becomes a value of a column. */
export interface SliceRules {
  /** Words of column types, without size (`DECIMAL`), whose values the type can read. */
  readonly columns: readonly string[];
  /**
   * The value as both engines read it; null where the text is none. `column` is the column's type, in the words of
   * `ColumnInfo.type`; `field` is null for a column without a field.
   */
  readonly value: (text: string, column: string, field: Field | null) => string | null;
}
