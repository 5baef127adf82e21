import { counted } from '../domain/count.ts';
import { literal } from '../sql/sql.ts';
import { textLength } from './cell-rules.ts';
import { beginsWithin } from './comparisons.ts';
import { type DraftSample, type Guess, RANK } from './drafting.ts';
import type { FieldType } from './field-type.ts';
import { inferNumber } from './number/infer-number.ts';
import { trimmed } from './trimmed.ts';
import { isKind, type TypeRule } from './type-sql.ts';

/**
 * Text, unchanged. Quick: plain ASCII without blanks at its ends; comparing and counting bytes costs a tenth of a
 * regular expression.
 */
const sql: TypeRule = (_, names) => {
  const x = names.raw;
  const notKind = names.kind === null ? '' : ` AND NOT ${isKind(names, 'e', 'n', 'w', 'l', 'o')}`;
  return {
    cast: null,
    quick: `${x} >= '!' AND strlen(${x}) = length(${x}) AND NOT suffix(${x}, ' ') AND NOT suffix(${x}, chr(9))
      AND NOT contains(${x}, chr(0))${notKind}`,
    // Text with other letters, for which the tests on bytes do not work.
    sound: `${trimmed(x)} = ${x} AND NOT contains(${x}, chr(0)) AND NOT contains(${x}, chr(65533))${notKind}`,
    quickValue: `nullif(${x}, '')`,
    // true or false in JSON is not a text, nor is an object; a workbook's TRUE is what its cell shows.
    parse: `CASE WHEN ${isKind(names, 'l', 'o')} THEN NULL ELSE ${names.text} END`,
  };
};

export const text: FieldType = {
  name: 'string',
  column: () => 'VARCHAR',
  sql,
  config: { keys: [], whole: false, bound: 'any text', constant: (_, value) => literal(value) },
  cells: {
    anyText: true,
    mayBeQuick: () => true,
    badCharacter: null,
    length: textLength,
    notes: (_, { text: cleaned, kind }) =>
      kind === null
        ? []
        : [{ note: 'numberInText', when: `${kind} IN ('n', 'w') AND ${cleaned} IS NOT NULL` }],
  },
  words: {
    holds: 'text',
    expected: () => 'text',
    cure: () => null,
    outOfRange: () => null,
    asWritten: (_, value) => value,
    meant: () => null,
    choices: () => null,
    otherForm: () => null,
  },
  slices: { columns: ['VARCHAR'], value: (value) => value },
  compare: {
    scale: 'named',
    axis: null,
    measures: [],
    sameValue: () => false,
    calendar: null,
    within: beginsWithin,
  },
  drafting: {
    rules: [
      { rank: RANK.nothingToRead, guess: nothingToRead },
      {
        rank: RANK.anyText,
        guess: ({ texts }) => ({ typed: { type: 'string' }, note: nearlyNumbers(texts) }),
      },
    ],
    keyRank: ({ isNamed, isProse }) => (isNamed ? 0 : isProse ? 4 : 1),
  },
};

/** Without any value nothing shows a type, and zeros that a workbook only shows (kind z) are those of codes. */
function nothingToRead({ texts, kinds }: DraftSample): Guess | null {
  if (texts.length === 0) return { typed: { type: 'string' }, note: 'no value in this file: check the type' };
  return kinds.has('z') ? { typed: { type: 'string' } } : null;
}

/** A note for a column that would be a number, were it not for a few texts. */
function nearlyNumbers(texts: readonly string[]): string | null {
  if (texts.length < 10) return null;
  const odd = texts.filter((one) => inferNumber([one]) === null);
  if (odd.length === 0 || odd.length > Math.max(3, texts.length * 0.02)) return null;
  return `nearly a number: ${odd.length} of ${counted(texts.length, 'different value')} ${odd.length === 1 ? 'is none' : 'are none'}`;
}
