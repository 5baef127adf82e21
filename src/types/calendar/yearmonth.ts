import { inferMonths } from '../../domain/infer-date.ts';
import { literal } from '../../sql/sql.ts';
import { hasDigit, textLength } from '../cell-rules.ts';
import { beginsWithin } from '../comparisons.ts';
import { type DraftSample, type Guess, RANK } from '../drafting.ts';
import type { FieldType } from '../field-type.ts';
import { isKind, type TypeRule } from '../type-sql.ts';
import { inDigits, inFormat } from './by-format.ts';
import { suchAs } from './date-example.ts';
import { otherDateForm } from './other-date-form.ts';
import { YEAR } from './strptime.ts';

const YEAR_MONTH = `'${YEAR}-(0[1-9]|1[0-2])'`;

const sql: TypeRule = (field, names) => {
  const formats = field.formats.map(
    (format) => `strftime(${inFormat(field, format, names.text, 'DATE')}, '%Y-%m')`,
  );
  const iso = `CASE WHEN regexp_full_match(${names.text}, ${YEAR_MONTH}) THEN ${names.text} END`;
  return {
    cast: null,
    quick: formats.length === 0 ? `regexp_full_match(${names.raw}, ${YEAR_MONTH})` : 'false',
    sound: null,
    quickValue: `nullif(${names.raw}, '')`,
    // Excel turns a typed 2025-06 into the first of June.
    parse: `CASE WHEN ${isKind(names, 'd')}
      THEN CASE WHEN regexp_full_match(${names.text}, '[0-9]{4}-[0-9]{2}-01([T ]00:00(:00(\\.0+)?)?)?') THEN left(${names.text}, 7) END
    WHEN ${isKind(names, 'n', 'w')} THEN strftime(${inDigits(field, names.text, 'DATE')}, '%Y-%m')
    WHEN ${isKind(names, 't', 'b', 'l')} THEN NULL
    ELSE ${formats.length === 0 ? iso : `coalesce(${formats.join(', ')})`} END`,
  };
};

const ISO = /^\d{4}-(0[1-9]|1[0-2])$/;

export const yearmonth: FieldType = {
  name: 'yearmonth',
  column: () => 'VARCHAR(7)',
  sql,
  config: {
    keys: ['format', 'locale'],
    whole: false,
    bound: { pattern: ISO, example: '2025-06' },
    constant: (_, text) => literal(text),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: () => [],
  },
  words: {
    holds: 'year and month',
    expected: (field) => `a year and month${suchAs(field, '2025-06')}`,
    cure: () => null,
    outOfRange: () => null,
    asWritten: ({ formats }, text) => (formats.length === 0 ? text : null),
    meant: () => null,
    choices: () => null,
    otherForm: (field, texts) => otherDateForm(field, inferMonths(texts)),
  },
  slices: { columns: ['VARCHAR'], value: (text) => (ISO.test(text) ? text : null) },
  compare: {
    scale: 'ordered',
    axis: null,
    measures: [],
    sameValue: () => false,
    calendar: 'month',
    within: beginsWithin,
  },
  drafting: {
    rules: [
      {
        rank: RANK.isoMonth,
        guess: ({ texts }) =>
          texts.every((text) => ISO.test(text)) ? { typed: { type: 'yearmonth' } } : null,
      },
      { rank: RANK.month, guess: months },
    ],
    keyRank: () => 3,
  },
};

/** 06/2025 is a month in any column; 202506 and 06.2025 are numbers, unless the header says otherwise. */
function months({ header, texts }: DraftSample): Guess | null {
  const named = /\b(month|period|monat|mois|mes|mese|m[ae]and|miesi[aą]c)\b/i.test(header.replace(/_/g, ' '));
  if (!named && texts.every((text) => /^[\d.,]+$/.test(text))) return null;
  const found = inferMonths(texts);
  if (!found) return null;
  const locale = found.locale === undefined ? {} : { locale: found.locale };
  return { typed: { type: 'yearmonth', format: found.formats[0] as string, ...locale } };
}
