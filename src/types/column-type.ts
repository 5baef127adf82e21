import type { Field } from '../domain/dataset.ts';
import { fieldType } from './registry.ts';

/**
 * The column type of a field, in the words that both engines share (`ColumnInfo.type`); JSON means JSON or JSONB. A
 * slice column (no field) is VARCHAR.
 */
export function columnType(field: Field | null): string {
  return field === null ? 'VARCHAR' : fieldType(field).column(field);
}
