import { inferDates } from '../../domain/infer-date.ts';
import { hasDigit, textLength } from '../cell-rules.ts';
import { castConstant } from '../constant.ts';
import { RANK } from '../drafting.ts';
import type { FieldType } from '../field-type.ts';
import { asDate } from './as-date.ts';
import { suchAs } from './date-example.ts';
import { dateCure, dateTextNote } from './date-notes.ts';
import { dateCells, datesIn } from './draft-dates.ts';
import { meantDate } from './meant-date.ts';
import { dateSql } from './moment-sql.ts';
import { otherDateForm } from './other-date-form.ts';
import { isDay } from './slice-moment.ts';

export const date: FieldType = {
  name: 'date',
  column: () => 'DATE',
  sql: dateSql,
  config: {
    keys: ['format', 'locale'],
    whole: false,
    bound: { pattern: /^\d{4}-\d{2}-\d{2}$/, example: '2025-06-30' },
    constant: (_, text) => castConstant(text, 'DATE'),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: (_, cell) => dateTextNote(cell),
  },
  words: {
    holds: 'date',
    expected: (field) => `a date${suchAs(field, '2025-06-30')}`,
    cure: (_, text) => dateCure(text),
    outOfRange: () => null,
    asWritten: (field, text) => asDate(field.formats, text.slice(0, 10)),
    meant: meantDate,
    choices: () => null,
    otherForm: (field, texts, month) => otherDateForm(field, inferDates(texts, month)),
  },
  slices: { columns: ['DATE'], value: (text) => (isDay(text) ? text : null) },
  compare: {
    scale: 'ordered',
    axis: (value) => `(epoch(${value}::TIMESTAMP) / 86400)::DOUBLE`,
    measures: [],
    sameValue: () => false,
    calendar: 'day',
    within: (value, { from, until }) => `${value} >= DATE '${from}' AND ${value} < DATE '${until}'`,
  },
  drafting: {
    rules: [
      dateCells('date'),
      {
        rank: RANK.date,
        guess: ({ texts, kinds, month }) => datesIn('date', inferDates(texts, month), kinds),
      },
    ],
    keyRank: () => 3,
  },
};
