import type { FieldType } from './field-type.ts';
import { trimmed } from './trimmed.ts';
import { isKind, type TypeRule } from './type-sql.ts';

/**
 * Text, unchanged. Quick: plain ASCII without blanks at its ends; comparing and counting bytes costs a tenth of a
 * regular expression.
 */
const sql: TypeRule = (_, names) => {
  const x = names.raw;
  const notKind = names.kind === null ? '' : ` AND NOT ${isKind(names, 'e', 'n', 'w', 'l')}`;
  return {
    cast: null,
    quick: `${x} >= '!' AND strlen(${x}) = length(${x}) AND NOT suffix(${x}, ' ') AND NOT suffix(${x}, chr(9))
      AND NOT contains(${x}, chr(0))${notKind}`,
    // Text with other letters, for which the tests on bytes do not work.
    sound: `${trimmed(x)} = ${x} AND NOT contains(${x}, chr(0)) AND NOT contains(${x}, chr(65533))${notKind}`,
    quickValue: `nullif(${x}, '')`,
    // true or false in JSON is not a text; a workbook's TRUE is what its cell shows.
    parse: `CASE WHEN ${isKind(names, 'l')} THEN NULL ELSE ${names.text} END`,
  };
};

export const text: FieldType = { name: 'string', column: () => 'VARCHAR', sql };
