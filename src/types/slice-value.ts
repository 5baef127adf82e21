import type { Field } from '../domain/dataset.ts';
import { fieldType, TYPES } from './registry.ts';
import type { SliceRules } from './slice-rules.ts';

/**
 * The value of a slice's text in a column, written as both engines read it: `03` in a whole number is 3. Null where the
 * text is not a value of the column, so that no row holds it. `column` is its type, in the words of `ColumnInfo.type`;
 * `field` gives the words for true and the decimal sign, and is null for a column without a field. A column of another
 * type than its field's is read by the first type with such columns.
 */
export function sliceValue(text: string, column: string, field: Field | null): string | null {
  const word = /^\w+/.exec(column)?.[0] ?? '';
  const reads = ({ slices }: { readonly slices: SliceRules }) => slices.columns.includes(word);
  const own = field === null ? null : fieldType(field);
  const type = own !== null && reads(own) ? own : TYPES.find(reads);
  return type === undefined ? text : type.slices.value(text, column, field);
}
