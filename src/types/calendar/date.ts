import type { FieldType } from '../field-type.ts';
import { dateSql } from './moment-sql.ts';

export const date: FieldType = { name: 'date', column: () => 'DATE', sql: dateSql };
