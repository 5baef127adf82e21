import { literal } from '../sql/sql.ts';
import type { FieldType } from './field-type.ts';
import { isKind, type TypeRule } from './type-sql.ts';

const sql: TypeRule = (field, names) => {
  const among = (text: string, values: readonly string[]) =>
    values.length === 0 ? 'false' : `${text} IN (${values.map(literal).join(', ')})`;
  return {
    cast: null,
    quick: `(${among(names.raw, field.trueValues)} OR ${among(names.raw, field.falseValues)})`,
    sound: null,
    quickValue: `CASE WHEN ${among(names.raw, field.trueValues)} THEN true WHEN ${among(names.raw, field.falseValues)} THEN false END`,
    parse: `CASE WHEN ${isKind(names, 'b', 'l')} THEN upper(${names.text}) = 'TRUE'
      WHEN ${isKind(names, 'd', 't')} THEN NULL
      WHEN ${among(names.text, field.trueValues)} THEN true
      WHEN ${among(names.text, field.falseValues)} THEN false END`,
  };
};

export const boolean: FieldType = { name: 'boolean', column: () => 'BOOLEAN', sql };
