import type { FieldType } from '../field-type.ts';
import { isKind, type TypeRule } from '../type-sql.ts';

const sql: TypeRule = (_, names) => ({
  cast: `TRY_CAST(${names.raw} AS SMALLINT)`,
  quick: `${names.cast} BETWEEN 1000 AND 9999 AND ${names.cast}::VARCHAR = ${names.raw}`,
  sound: null,
  quickValue: names.cast,
  parse: `CASE WHEN ${isKind(names, 'd', 't', 'b', 'l')} THEN NULL
    WHEN regexp_full_match(${names.text}, '[0-9]{4}') AND ${names.text} <> '0000' THEN TRY_CAST(${names.text} AS SMALLINT) END`,
});

export const year: FieldType = { name: 'year', column: () => 'SMALLINT', sql };
