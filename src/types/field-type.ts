import type { Field } from '../domain/dataset.ts';
import type { CellRules } from './cell-rules.ts';
import type { Comparisons } from './comparisons.ts';
import type { Configuration } from './configuration.ts';
import type { Drafting } from './drafting.ts';
import type { SliceRules } from './slice-rules.ts';
import type { TypeRule } from './type-sql.ts';
import type { Words } from './words.ts';

/**
 * Everything that is particular to one type of field, in one module. Every part is required, so that a type without
 * one does not compile; nothing outside of this folder asks for a type by its name.
 */
export interface FieldType {
  /** As the configuration writes it. */
  readonly name: string;
  /**
   * The column of a field, in the words that both engines share (`ColumnInfo.type`): a word that an engine writes in
   * another way is in `warehouse/migrate/column-types.ts` and in the engine's folder; any other is written as it is.
   */
  readonly column: (field: Field) => string;
  /** How raw text becomes a value of the type. */
  readonly sql: TypeRule;
  readonly config: Configuration;
  readonly cells: CellRules;
  readonly words: Words;
  readonly slices: SliceRules;
  readonly compare: Comparisons;
  readonly drafting: Drafting;
}
