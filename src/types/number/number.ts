import type { FieldType } from '../field-type.ts';
import { numberSql } from './number-sql.ts';

export const number: FieldType = {
  name: 'number',
  column: ({ precision, scale }) => (precision === null ? 'DOUBLE' : `DECIMAL(${precision},${scale ?? 0})`),
  sql: numberSql,
};
