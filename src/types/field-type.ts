import type { Field } from '../domain/dataset.ts';
import type { TypeRule } from './type-sql.ts';

/** Everything that is particular to one type of field. */
export interface FieldType {
  /** As the configuration writes it. */
  readonly name: string;
  /** The column of a field, in the words that both engines share (`ColumnInfo.type`); JSON means JSON or JSONB. */
  readonly column: (field: Field) => string;
  /** How raw text becomes a value of the type. */
  readonly sql: TypeRule;
}
