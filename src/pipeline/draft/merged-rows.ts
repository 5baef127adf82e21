import { columnLetters } from '../../domain/finding.ts';
import type { MergedRange, RawCell, RawRow } from '../../readers/reader.ts';
import { namesYear } from '../../types/calendar/year.ts';
import { namesIdentifier } from './identifier-name.ts';

/** What a draft says about merged cells among the rows of a workbook. */
export interface MergedDraft {
  readonly rule: 'fill' | 'keep' | 'refuse';
  readonly note: string;
  /** For the whole draft; null where there is nothing to note. */
  readonly doubt: string | null;
}

const NAMED_RANGES = 3;
const REFUSE =
  'a file with merged cells among its rows is refused: they do not say which rows a value is meant for';

/** Follows the rows, to find which merged ranges cover rows of data and what they hold. */
export class MergedRows {
  readonly #ranges: readonly MergedRange[];
  readonly #first = new Map<MergedRange, RawCell>();
  readonly #starts = new Map<number, MergedRange[]>();
  readonly #data: number[] = [];

  constructor(ranges: readonly MergedRange[]) {
    this.#ranges = ranges;
    for (const range of ranges)
      this.#starts.set(range.firstRow, [...(this.#starts.get(range.firstRow) ?? []), range]);
  }

  /** Any row below the header. */
  see(row: RawRow): void {
    for (const range of this.#starts.get(row.row) ?? []) {
      const cell = row.cells[range.firstColumn];
      if (cell !== undefined && cell.text.trim() !== '') this.#first.set(range, cell);
    }
  }

  /** A row of data. */
  count(row: RawRow): void {
    if (this.#ranges.length > 0) this.#data.push(row.row);
  }

  /**
   * `fill` where every range among the data holds a fact about the rows beside it, such as a region; `keep` where a
   * range covers several columns or holds a figure, which would be counted again; `refuse` where there is no range.
   * @param headerOf Header of a column, by its 0-based position.
   */
  draft(headerOf: (column: number) => string): MergedDraft {
    const data = this.#data.sort((a, b) => a - b);
    const last = data.at(-1) ?? 0;
    const above = this.#ranges.filter(({ firstRow }) => firstRow <= last);
    if (above.length === 0) return { rule: 'refuse', note: REFUSE, doubt: null };
    const among = above.filter(({ firstRow, lastRow }) => hasOne(data, firstRow, lastRow));
    const isText = (range: MergedRange) => {
      const { kind } = this.#first.get(range) ?? { kind: '_' };
      const header = headerOf(range.firstColumn);
      return kind !== 'n' || namesIdentifier(header) || namesYear(header);
    };
    const isFilled = among.every((range) => range.firstColumn === range.lastColumn && isText(range));
    const effect = isFilled
      ? 'each cell gets the value of its range'
      : 'only the first cell of each has a value';
    return {
      rule: isFilled ? 'fill' : 'keep',
      note: `check: ${placesOf(above)}: ${effect}; refuse is safer where the sender can unmerge them`,
      doubt: `Cells are merged among the rows (${placesOf(above)}): ${effect}.`,
    };
  }
}

/** Gives rows the value of the vertical range that covers them. */
export class MergedColumns {
  readonly #ranges: readonly MergedRange[];
  #next = 0;
  #open: { readonly range: MergedRange; readonly cell: RawCell }[] = [];

  /** @param ranges From top to bottom. */
  constructor(ranges: readonly MergedRange[]) {
    this.#ranges = ranges.filter(({ firstColumn, lastColumn }) => firstColumn === lastColumn);
  }

  fill(row: RawRow): RawRow {
    for (; this.#next < this.#ranges.length; this.#next++) {
      const range = this.#ranges[this.#next] as MergedRange;
      if (range.firstRow > row.row) break;
      const cell = range.firstRow === row.row ? row.cells[range.firstColumn] : undefined;
      if (cell !== undefined && cell.text !== '') this.#open.push({ range, cell });
    }
    this.#open = this.#open.filter(({ range }) => range.lastRow >= row.row);
    if (this.#open.length === 0) return row;
    const width = Math.max(row.cells.length, ...this.#open.map(({ range }) => range.firstColumn + 1));
    const cells = Array.from({ length: width }, (_, i) => row.cells[i] ?? { text: '', kind: '_' as const });
    for (const { range, cell } of this.#open)
      if (cells[range.firstColumn]?.text === '') cells[range.firstColumn] = cell;
    return { ...row, cells };
  }
}

function hasOne(sorted: readonly number[], from: number, to: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && (sorted[low] as number) <= to;
}

function placesOf(ranges: readonly MergedRange[]): string {
  const shown = ranges
    .slice(0, NAMED_RANGES)
    .map(
      ({ firstColumn, firstRow, lastColumn, lastRow }) =>
        `${columnLetters(firstColumn)}${firstRow}:${columnLetters(lastColumn)}${lastRow}`,
    )
    .join(', ');
  return ranges.length > NAMED_RANGES ? `${shown} and ${ranges.length - NAMED_RANGES} more` : shown;
}
