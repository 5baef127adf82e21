import type { Field } from '../domain/dataset.ts';
import { fieldType } from './registry.ts';

/**
 * The only value that a text of another type can have meant: a number with a unit or the other decimal sign, a date in
 * another order. Null where two readings are possible: `1,234` and `03/04/2025` must not be guessed.
 */
export function meantValue(field: Field, text: string): string | null {
  return fieldType(field).words.meant(field, text.trim());
}
