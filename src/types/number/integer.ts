import type { FieldType } from '../field-type.ts';
import { isKind, type TypeRule } from '../type-sql.ts';
import { bareNumber } from './number-text.ts';

const sql: TypeRule = (field, names) => {
  const text = bareNumber(field, names.text);
  return {
    cast: `TRY_CAST(${names.raw} AS BIGINT)`,
    quick: `${names.cast}::VARCHAR = ${names.raw}`,
    sound: null,
    quickValue: names.cast,
    parse: `CASE WHEN ${isKind(names, 'd', 't', 'b', 'l')} THEN NULL
      WHEN ${isKind(names, 'n', 'w')} AND regexp_full_match(${names.text}, '[+-]?[0-9]+') THEN TRY_CAST(${names.text} AS BIGINT)
      WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN TRY_CAST(${text} AS BIGINT) END`,
  };
};

export const integer: FieldType = { name: 'integer', column: () => 'BIGINT', sql };
