import type { Field } from './dataset.ts';

/**
 * The column type of a field, in the words that both engines share (`ColumnInfo.type`); JSON means JSON or JSONB. A
 * slice column (no field) is VARCHAR.
 */
export function columnType(field: Field | null): string {
  switch (field?.type) {
    case undefined:
    case 'string':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'number':
      return field.precision === null ? 'DOUBLE' : `DECIMAL(${field.precision},${field.scale ?? 0})`;
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'datetime':
      return 'TIMESTAMP';
    case 'time':
      return 'TIME';
    case 'year':
      return 'SMALLINT';
    case 'yearmonth':
      return 'VARCHAR(7)';
    case 'object':
    case 'array':
      return 'JSON';
  }
}
