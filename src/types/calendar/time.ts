import { hasDigit, textLength } from '../cell-rules.ts';
import { castConstant } from '../constant.ts';
import { RANK } from '../drafting.ts';
import type { FieldType } from '../field-type.ts';
import { suchAs } from './date-example.ts';
import { timeSql } from './moment-sql.ts';
import { isTime } from './slice-moment.ts';

export const time: FieldType = {
  name: 'time',
  column: () => 'TIME',
  sql: timeSql,
  config: {
    keys: ['format', 'locale'],
    whole: false,
    bound: { pattern: /^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/, example: '14:05:00' },
    constant: (_, text) => castConstant(text, 'TIME'),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: () => [],
  },
  words: {
    holds: 'time',
    expected: (field) => `a time${suchAs(field, '14:05:00')}`,
    cure: () => null,
    outOfRange: () => null,
    asWritten: ({ formats }, text) => (formats.length === 0 ? text : null),
    meant: () => null,
    choices: () => null,
    otherForm: () => null,
  },
  slices: { columns: ['TIME'], value: (text) => (isTime(text) ? text : null) },
  compare: {
    scale: 'ordered',
    axis: null,
    measures: [],
    sameValue: () => false,
    calendar: null,
    within: null,
  },
  drafting: {
    rules: [
      {
        rank: RANK.time,
        guess: ({ texts }) =>
          texts.every((text) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text))
            ? { typed: { type: 'time' } }
            : null,
      },
    ],
    keyRank: () => null,
  },
};
