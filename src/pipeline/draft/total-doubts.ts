import { counted } from '../../domain/count.ts';
import type { RawRow } from '../../readers/reader.ts';
import { firstText } from './row-start.ts';

/** Rows that are or may be totals, for the sentences about them. */
export interface TotalsSeen {
  /** Left out. */
  readonly totals: readonly RawRow[];
  /** Those among these that are above the rows that they add up. */
  readonly above: readonly RawRow[];
  /** Rows of data that begin with only the word. */
  readonly unlike: readonly RawRow[];
  /** Texts with which both rows of data and totals begin. */
  readonly left: readonly string[];
  /** A last row without such a word whose numbers are sums nevertheless. */
  readonly silent: RawRow | null;
}

/** What to check before relying on which rows are data. */
export function totalDoubts({ totals, above, unlike, left, silent }: TotalsSeen): readonly string[] {
  const [first] = totals;
  const more = totals.length - 1;
  return [
    ...(first === undefined
      ? []
      : [
          more === 0
            ? `${named(first)} is taken for a total and left out.`
            : `${named(first)} and ${counted(more, 'more row is', 'more rows are')} taken for totals and left out.`,
        ]),
    ...above.map(
      (row) =>
        `${named(row)} is above the rows that it adds up: check that source.skip leaves out no rows of data.`,
    ),
    ...unlike.map(
      (row) =>
        `${named(row)} is loaded as data: its numbers are not the sums of the rows above it. If it is a total, leave it out by source.skip.`,
    ),
    ...left.map(
      (text) => `'${text}' begins a total or a note and rows of data too: all of them are loaded as data.`,
    ),
    ...(silent === null
      ? []
      : [
          `${named(silent)} is loaded as data, but its numbers are the sums of all rows above: leave a total out by source.footer.`,
        ]),
  ];
}

function named(row: RawRow): string {
  const text = firstText(row);
  return `Row ${row.row} ('${text.length > 40 ? `${text.slice(0, 40)}…` : text}')`;
}
