import { hasDigit, textLength } from '../cell-rules.ts';
import { castConstant } from '../constant.ts';
import { RANK } from '../drafting.ts';
import type { FieldType } from '../field-type.ts';
import { DECIMAL_COLUMNS, sliceNumber, WHOLE_COLUMNS } from '../number/slice-number.ts';
import { isKind, type TypeRule } from '../type-sql.ts';

const sql: TypeRule = (_, names) => ({
  cast: `TRY_CAST(${names.raw} AS SMALLINT)`,
  quick: `${names.cast} BETWEEN 1000 AND 9999 AND ${names.cast}::VARCHAR = ${names.raw}`,
  sound: null,
  quickValue: names.cast,
  parse: `CASE WHEN ${isKind(names, 'd', 't', 'b', 'l')} THEN NULL
    WHEN regexp_full_match(${names.text}, '[0-9]{4}') AND ${names.text} <> '0000' THEN TRY_CAST(${names.text} AS SMALLINT) END`,
});

export const year: FieldType = {
  name: 'year',
  column: () => 'SMALLINT',
  sql,
  config: {
    keys: [],
    whole: false,
    bound: { pattern: /^\d{4}$/, example: '2025' },
    constant: (_, text) => castConstant(text, 'SMALLINT'),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: () => [],
  },
  words: {
    holds: 'year',
    expected: () => 'a year such as 2025',
    cure: () => null,
    outOfRange: () => null,
    asWritten: (_, text) => text,
    meant: () => null,
    choices: () => null,
    otherForm: () => null,
  },
  slices: {
    columns: [...WHOLE_COLUMNS, ...DECIMAL_COLUMNS],
    value: (text, column, field) =>
      /^[1-9]\d{3}$/.test(text) ? sliceNumber(text, column, field?.decimalChar ?? '.') : null,
  },
  compare: {
    scale: 'measured',
    axis: (value) => `${value}::DOUBLE`,
    measures: ['avg', 'min', 'max'],
    sameValue: () => false,
    calendar: 'year',
    within: (value, { from, until }) =>
      `make_date(${value}::INTEGER, 12, 31) >= DATE '${from}' AND make_date(${value}::INTEGER, 1, 1) < DATE '${until}'`,
  },
  drafting: {
    rules: [
      {
        rank: RANK.namedYear,
        guess: ({ header, texts }) =>
          namesYear(header) && texts.every((text) => /^(18|19|20|21)\d{2}$/.test(text))
            ? { typed: { type: 'year' } }
            : null,
      },
    ],
    keyRank: () => 3,
  },
};

export function namesYear(header: string): boolean {
  return /\b(year|jahr|ann[ée]e|año|ano|rok)\b/i.test(header.replace(/_/g, ' '));
}
