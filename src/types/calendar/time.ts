import type { FieldType } from '../field-type.ts';
import { timeSql } from './moment-sql.ts';

export const time: FieldType = { name: 'time', column: () => 'TIME', sql: timeSql };
