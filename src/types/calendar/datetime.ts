import { inferDatetimes } from '../../domain/infer-date.ts';
import { literal } from '../../sql/sql.ts';
import { hasDigit, textLength } from '../cell-rules.ts';
import { RANK } from '../drafting.ts';
import type { FieldType } from '../field-type.ts';
import { suchAs } from './date-example.ts';
import { dateCure, dateTextNote } from './date-notes.ts';
import { dateCells, datesIn } from './draft-dates.ts';
import { carriesOffset, datetimeSql } from './moment-sql.ts';
import { otherDateForm } from './other-date-form.ts';
import { sliceMoment } from './slice-moment.ts';

const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)? ?(Z|[+-]\d{2}(:?\d{2})?)?$/;

export const datetime: FieldType = {
  name: 'datetime',
  column: () => 'TIMESTAMP',
  sql: datetimeSql,
  config: {
    keys: ['format', 'locale', 'offset'],
    whole: false,
    bound: {
      pattern: /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/,
      example: '2025-06-30T14:05:00',
    },
    // A plain cast to a moment without zone ignores an offset.
    constant: (_, text) => `timezone('UTC', CAST(${literal(text)} AS TIMESTAMPTZ))`,
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: (field, cell) => [
      ...dateTextNote(cell),
      ...(field.offset === null
        ? [
            {
              note: 'offsetDropped' as const,
              when: `${cell.value} IS NOT NULL AND ${carriesOffset(cell.text)}`,
            },
          ]
        : []),
    ],
  },
  words: {
    holds: 'date and time',
    expected: (field) => `a date and time${suchAs(field, '2025-06-30T14:05:00')}`,
    cure: (_, text) => dateCure(text),
    outOfRange: () => null,
    asWritten: ({ formats }, text) => (formats.length === 0 ? text : null),
    meant: () => null,
    choices: () => null,
    otherForm: (field, texts, month) => otherDateForm(field, inferDatetimes(texts, month)),
  },
  slices: { columns: ['TIMESTAMP'], value: sliceMoment },
  compare: {
    scale: 'ordered',
    axis: (value) => `(epoch(${value}::TIMESTAMP) / 86400)::DOUBLE`,
    measures: [],
    sameValue: () => false,
    calendar: 'day',
    within: (value, { from, until }) => `${value} >= TIMESTAMP '${from}' AND ${value} < TIMESTAMP '${until}'`,
  },
  drafting: {
    rules: [
      dateCells('datetime'),
      {
        rank: RANK.isoDatetime,
        guess: ({ texts }) =>
          texts.every((text) => ISO.test(text)) ? { typed: { type: 'datetime' } } : null,
      },
      {
        rank: RANK.datetime,
        guess: ({ texts, kinds, month }) => datesIn('datetime', inferDatetimes(texts, month), kinds),
      },
    ],
    keyRank: () => 3,
  },
};
