import { hasDigit, textLength } from '../cell-rules.ts';
import { castConstant } from '../constant.ts';
import type { FieldType } from '../field-type.ts';
import { isKind, type TypeRule } from '../type-sql.ts';
import { numberRule } from './draft-number.ts';
import { meantNumber } from './meant-number.ts';
import { MEASURED } from './measured.ts';
import { numberCure } from './number-cure.ts';
import { bareNumber } from './number-text.ts';
import { otherNumberForm } from './other-number-form.ts';
import { percentNote } from './percent-note.ts';
import { sliceNumber, WHOLE_COLUMNS } from './slice-number.ts';
import { outOfRange } from './whole-number-range.ts';

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

const EXPECTED = 'a whole number';

export const integer: FieldType = {
  name: 'integer',
  column: () => 'BIGINT',
  sql,
  config: {
    keys: ['locale', 'groupChar', 'decimalChar', 'bareNumber', 'percent', 'accounting'],
    whole: true,
    bound: { pattern: /^[+-]?\d+$/, example: '12' },
    constant: (_, text) => (/^[+-]?\d+$/.test(text) ? text : castConstant(text, 'BIGINT')),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: percentNote,
  },
  words: {
    holds: 'whole number',
    expected: () => EXPECTED,
    cure: (field, text) => numberCure(field, text, { isWhole: true, expected: EXPECTED }),
    outOfRange,
    asWritten: (_, text) => text,
    meant: (field, text) => meantNumber(field, text, true),
    choices: () => null,
    otherForm: otherNumberForm,
  },
  slices: {
    columns: WHOLE_COLUMNS,
    value: (text, column, field) => sliceNumber(text, column, field?.decimalChar ?? '.'),
  },
  compare: MEASURED,
  drafting: {
    rules: [numberRule('integer')],
    keyRank: ({ isNamed, counts }) => (isNamed ? 0 : counts() ? 2 : null),
  },
};
