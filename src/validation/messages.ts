import { CELL_MESSAGES } from './cell-messages.ts';

/**
 * What analysts read about a finding, in their words: at most 25 of them, no code names. `{column}` is the column's
 * name for people, `{value}` the cell's text in quotes, or 'the value' where it is not shown; other places say
 * themselves what they are. The summary is for lists and totals, and has no value of a single row.
 */
export interface Wording {
  readonly summary: string;
  readonly message: string;
  /** Null: there is nothing to do. */
  readonly fix: string | null;
}

/** By finding code; the part after a dot tells messages of one code apart. docs/checks.md is made from it too. */
export const MESSAGES = {
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
  'unique-error': {
    summary: '{column}: the value is in several rows',
    message: '{column}: {value} is in more than one row.',
    fix: 'Keep one of the rows that share it, or correct the others.',
  },
  'unique-across': {
    summary: '{column}: the value was delivered before, in {places}',
    message: '{column}: {value} was delivered before, in {places}.',
    fix: 'Take the row out if it was delivered before, or correct the value.',
  },
  'primary-key': {
    summary: '{column}: the key is in several rows',
    message: '{column}: {value} is in more than one row.',
    fix: 'Keep one of the rows that share it, or correct the others.',
  },
  'primary-key.missing': {
    summary: '{column} is missing; it is part of the key',
    message: '{column} is missing; it is part of the key.',
    fix: 'Fill in the cell.',
  },
  'foreign-key': {
    summary: '{column}: not in {list}',
    message: '{column}: {value} is not in {list}.',
    fix: 'Correct the value, or have it added to {list} first.',
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
  'row-constraint': {
    summary: "The rule '{rule}' does not hold",
    message: "The rule '{rule}' does not hold in this row.",
    fix: 'Check {columns} in this row. Expected: {expected}',
  },
  'required-when': {
    summary: '{column} is missing; this row needs it, as {because} says',
    message: '{column} is missing; this row needs it, as {because} says.',
    fix: 'Fill in the cell, or check {because} in this row.',
  },
  'required-when.always': {
    summary: '{column} is missing; every row needs it',
    message: '{column} is missing; every row needs it.',
    fix: 'Fill in the cell.',
  },
  'hierarchy-parent': {
    summary: '{column}: there is no such row above',
    message: '{column}: {value} is no {key} of this file.',
    fix: 'Add the row above, or correct which one it is.',
  },
  'hierarchy-loop': {
    summary: '{column}: rows are above each other in a circle',
    message: '{column}: {value} leads back to this row: {path}.',
    fix: 'Correct the parent of one of the rows in the circle.',
  },
  'hierarchy-loop.below': {
    summary: '{column}: the rows above go round in a circle',
    message: '{column}: the rows above go round in a circle.',
    fix: 'Fix the circle above first.',
  },
  'hierarchy-depth.deep': {
    summary: '{column}: is deeper than the {limit|level} a tree may have',
    message: '{column}: {value} is deeper than the {limit|level} a tree may have.',
    fix: 'Check whether it is below the right row.',
  },
  'hierarchy-depth.flat': {
    summary: '{column}: the tree has fewer than {limit|level}',
    message: '{column}: the tree below {value} has fewer than {limit|level}, counting this row.',
    fix: 'Check whether rows below it are missing.',
  },
  'hierarchy-level': {
    summary: '{column}: not one more than the row above has',
    message: '{column}: {value} is not one more than the row above has.',
    fix: 'Correct {column}, or which row is above.',
  },
  'out-of-period': {
    summary: '{column}: not in {period}',
    message: '{column}: {value} is not in {period}, the period of this file.',
    fix: 'Correct the value, or deliver the row with the period it belongs to.',
  },
  'row-count.few': {
    summary: 'There are fewer rows than expected',
    message: 'The file has {count|good row}; at least {limit} are expected.',
    fix: 'Check that the whole list was exported.',
  },
  'row-count.many': {
    summary: 'There are more rows than expected',
    message: 'The file has {count|good row}; at most {limit} are expected.',
    fix: 'Check that nothing was exported twice, or for more than this period.',
  },
  'control-total': {
    summary: '{measure} is not what {place} says',
    message: '{measure} is {found}; {place} says {wanted}.',
    fix: 'Look for rows that are missing, doubled or changed, and export again.',
  },
  'control-total.masked': {
    summary: '{measure} is not what {place} says',
    message: '{measure} is not what {place} says.',
    fix: 'Look for rows that are missing, doubled or changed, and export again.',
  },
  'control-total.no-number': {
    summary: '{measure}: {place} holds no number',
    message: '{measure}: {place} holds no number.',
    fix: 'Write the total as the column writes its numbers.',
  },
  'control-total.no-footer': {
    summary: '{measure}: there is no totals row with a value under {column}',
    message: '{measure}: there is no totals row with a value under {column}.',
    fix: 'Export with the totals row.',
  },
  'control-total.no-file': {
    summary: '{measure}: {place} {why}',
    message: '{measure}: {place} {why}.',
    fix: 'Deliver the control file beside the file, then check again.',
  },
  'versus-previous': {
    summary: '{measure} {moved} too much',
    message: '{measure} {moved} from {before} ({period}) to {now}{share}; at most {limit} is expected.',
    fix: 'Check that the export is complete and of the right period.',
  },
  'versus-last-year': {
    summary: '{measure} {moved} too much',
    message: '{measure} {moved} from {before} ({period}) to {now}{share}; at most {limit} is expected.',
    fix: 'Check that the export is complete and of the right period.',
  },
  'versus-previous.masked': {
    summary: '{measure} {moved} too much',
    message: '{measure} {moved}{share}; at most {limit} is expected.',
    fix: 'Check that the export is complete and of the right period.',
  },
  'versus-last-year.masked': {
    summary: '{measure} {moved} too much',
    message: '{measure} {moved}{share}; at most {limit} is expected.',
    fix: 'Check that the export is complete and of the right period.',
  },
  'same-as-previous': {
    summary: 'All rows are the same as those of {period}',
    message: 'All rows are the same as those of {period} ({count|row}).',
    fix: 'Check that the export is of this period, not the one before.',
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
  'no-rows': {
    summary: 'The file has headers and no rows',
    message: 'The file has headers and no rows.',
    fix: 'If there is nothing to report for this period, no more is needed; otherwise export again.',
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
  'check-skipped': {
    summary: "The check '{check}' was not made: {why}",
    message: "The check '{check}' was not made: {why}.",
    fix: null,
  },
} as const satisfies Record<string, Wording>;

export type MessageId = keyof typeof MESSAGES;

/** The finding code of a message. */
export function codeOf(id: MessageId): string {
  return id.split('.', 1)[0] as string;
}
