import type { FieldType } from '../field-type.ts';
import { datetimeSql } from './moment-sql.ts';

export const datetime: FieldType = { name: 'datetime', column: () => 'TIMESTAMP', sql: datetimeSql };
