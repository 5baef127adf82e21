import type { Field } from '../domain/dataset.ts';
import { fieldType, TYPES } from './registry.ts';

/**
 * The column type of a field, in the words that both engines share (`ColumnInfo.type`); JSON means JSON or JSONB. A
 * slice column (no field) is VARCHAR.
 */
export function columnType(field: Field | null): string {
  return field === null ? 'VARCHAR' : fieldType(field).column(field);
}

/** The words of all columns that fields can have, without sizes. */
export const COLUMN_WORDS: ReadonlySet<string> = new Set(TYPES.flatMap((type) => type.slices.columns));
