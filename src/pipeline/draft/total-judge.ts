import type { RawRow } from '../../readers/reader.ts';
import { filled } from './find-table.ts';
import { wordsOf } from './row-start.ts';
import { RunningSums, type SumsFit } from './running-sums.ts';

/** Tells totals from rows of data, row by row: by a row's first text, its numbers, and the rows above and below it. */
export class TotalJudge {
  readonly #width: number;
  readonly #sums = new RunningSums();
  /** The last text of each column. */
  readonly #groups: string[] = [];
  #counted = 0;

  /** @param width Columns of the table. */
  constructor(width: number) {
    this.#width = width;
  }

  /** A row of data that later totals may add up. */
  count(row: RawRow): void {
    this.#counted++;
    this.#sums.add(row);
    for (const [column, { text }] of row.cells.entries()) {
      if (text !== '') this.#groups[column] = text;
    }
  }

  /** No row of data has been counted yet. */
  get isEmpty(): boolean {
    return this.#counted === 0;
  }

  /** A row above all others, which may be data or their total. */
  hold(row: RawRow): void {
    this.#sums.hold(row);
  }

  /** A total ends the group. */
  close(): void {
    this.#sums.close();
  }

  /** How many of the row's numbers are sums of the rows counted so far. */
  fits(row: RawRow): SumsFit {
    return this.#counted === 0 ? 'none' : this.#sums.fits(row);
  }

  isFull(row: RawRow): boolean {
    return filled(row).length >= this.#width;
  }

  /** A row of data may begin with such a word too: `Total Energies`. */
  isTotal(row: RawRow, next: RawRow | undefined): boolean {
    const words = wordsOf(row);
    if (words === null) return false;
    if (words.of !== '' && this.#names(words.of, row, next)) return true;
    const fits = this.fits(row);
    if (fits === 'all') return true;
    if (words.of === '' && !this.isEmpty) {
      const isError = filled(row).some(({ kind }) => kind === 'e');
      return !this.isFull(row) || fits === 'some' || isError;
    }
    if (this.isFull(row) || words.place === 'behind') return false;
    return fits !== 'none' || filled(row).length * 2 <= this.#width;
  }

  /** `North Total` follows rows of `North`, or is above them. */
  #names(group: string, row: RawRow, next: RawRow | undefined): boolean {
    const column = row.cells.findIndex(({ text }) => text.trim() !== '');
    const same = (text = '') => text.trim().toLowerCase() === group.toLowerCase();
    return this.#groups.some(same) || same(next?.cells[column]?.text);
  }
}
