import { wordings } from '../checks/wording.ts';
import { CELL_MESSAGES } from './cell-messages.ts';

/** What is said about the form of a file, and about single cells. */
export const MESSAGES = wordings({
  ...CELL_MESSAGES,
  'extra-cell': {
    summary: 'The row has more than {width|cell}',
    message: 'The row has more than {width|cell}, so values may be in the wrong columns.',
    fix: 'Remove what is to the right of the last column, or put text with a delimiter in quotes.',
  },
  'extra-cell.beside': {
    summary: 'The row has a value to the right of the last header, which is not read',
    message: 'The row has a value to the right of the last header, which is not read.',
    fix: 'Give the column its header if it belongs to the table.',
  },
  'missing-cell': {
    summary: 'The row has fewer than {width|cell}',
    message: 'The row has fewer than {width|cell}; it may be cut off.',
    fix: 'Complete the row.',
  },
  'unsure-cells': {
    summary: 'A quote in this row is missing or too many, so where its cells end is not sure',
    message: 'A quote in this row is missing or too many, so where its cells end is not sure.',
    fix: 'Open the file in a text editor, and fix the quotes of this line.',
  },
  'looks-like-total': {
    summary: 'The row looks like a totals row',
    message: 'Row {row} looks like a totals row.',
    fix: 'Delete the row, unless it is data.',
  },
  'looks-like-note': {
    summary: 'The row looks like a note',
    message: 'Row {row} looks like a note.',
    fix: 'Delete the row, unless it is data.',
  },
  'totals-row': {
    summary: "The row is the totals row of the table '{table}', so it is not counted as data",
    message: "The row is the totals row of the table '{table}', so it is not counted as data.",
    fix: 'Nothing needs to be done.',
  },
  'second-table': {
    summary: 'A second table follows below the first',
    message: 'Row {row} looks like the title of a second table, for the headers are repeated below it.',
    fix: 'Deliver each table in a file of its own, or have such titles left out by the configuration.',
  },
  'second-table.several': {
    summary: 'Further tables follow below the first',
    message:
      '{count|row}, the first in row {row}, look like titles of further tables: the headers are repeated below them.',
    fix: 'Deliver each table in a file of its own, or have such titles left out by the configuration.',
  },
  'second-table.wider': {
    summary: 'A wider table follows below the first, and is not read',
    message: 'A wider table begins in row {row}, below the first; its rows are not read.',
    fix: 'Deliver each table in a file of its own.',
  },
  'rule-in-doubt': {
    summary: '{column}: {cells} break the same rule',
    message: '{column}: {cells} break the same rule.',
    fix: 'If they are right, ask {owner} to change the rule; else export the column again.',
  },
  'rule-in-doubt.date': {
    summary: '{column}: {cells} are written like {example}',
    message: '{column}: {cells} are written like {example}, which the rules do not take.',
    fix: 'If they are right, ask {owner} to add the format {format} to the rules.',
  },
  'rule-in-doubt.number': {
    summary: '{column}: {cells} write decimals with {marks}',
    message: '{column}: {cells} write decimals with {marks}, which the rules do not take.',
    fix: 'If they are right, ask {owner} to have numbers of this column read so.',
  },
  'rule-in-doubt.list': {
    summary: '{column}: {cells} are not among the values of the rules',
    message: '{column}: {cells} are not among the values of the rules, such as {values}.',
    fix: 'If they are right, ask {owner} to add them, or to take them as other spellings.',
  },
  'rule-in-doubt.list-masked': {
    summary: '{column}: {cells} are not among the values of the rules',
    message: '{column}: {cells} are not among the values of the rules.',
    fix: 'If they are right, ask {owner} to add them, or to take them as other spellings.',
  },
  'rule-in-doubt.blank': {
    summary: '{column}: {cells} are blank',
    message: '{column}: {cells} are blank, and every row needs it.',
    fix: 'Export again with this column; if it is no longer filled, ask {owner} to change the rule.',
  },
});

export type MessageId = keyof typeof MESSAGES;
