import type { MergedRange } from '../reader.ts';
import { KIND } from './cell-value.ts';
import { rangeAddress } from './merged-ranges.ts';
import { unreadable } from './refusal.ts';
import type { SheetRow } from './sheet-row.ts';

interface OpenRange {
  readonly range: MergedRange;
  readonly text: string;
  readonly kind: number;
}

/**
 * Gives every cell of a merged range the value of its top left cell, as the sheet shows it, row after row. Rows that
 * are blank apart from the range stay blank: a range that reaches to the last row of the sheet adds no rows. A value
 * that begins at or above the header is a title and is not filled in. Cells under a range that have a value of their
 * own keep it.
 */
export class MergeFill {
  /** Cells filled. */
  filled = 0;
  /** The numbers among these: a sum counts them again. */
  numbers = 0;
  /** Cells under a range that had a value of their own. */
  kept = 0;
  readonly #ranges: readonly MergedRange[];
  readonly #headerRow: number;
  /** For every column, the last row of the merged range that covers it now. */
  readonly #until: Int32Array;
  #next = 0;
  #open: OpenRange[] = [];

  /** @param ranges From top to bottom. */
  constructor(ranges: readonly MergedRange[], headerRow: number, width: number) {
    this.#ranges = ranges;
    this.#headerRow = headerRow;
    this.#until = new Int32Array(width);
  }

  fill(row: SheetRow): void {
    for (; this.#next < this.#ranges.length; this.#next++) {
      const range = this.#ranges[this.#next]!;
      if (range.firstRow > row.row) break;
      if (range.lastRow >= row.row) this.#begin(range, row);
    }
    if (this.#open.length === 0) return;
    this.#open = this.#open.filter(({ range }) => range.lastRow >= row.row);
    for (const open of this.#open) this.#fillRange(open, row);
  }

  #begin(range: MergedRange, row: SheetRow): void {
    const last = Math.min(range.lastColumn, this.#until.length - 1);
    for (let column = range.firstColumn; column <= last; column++) {
      if (this.#until[column]! >= row.row)
        throw unreadable(
          `The workbook is damaged: the merged range ${rangeAddress(range)} overlaps another.`,
        );
      this.#until[column] = range.lastRow;
    }
    // The row of the value was blank or above the header, so there is no value to fill in.
    const seen = range.firstRow === row.row && range.firstRow > this.#headerRow;
    const kind = seen ? row.kinds[range.firstColumn]! : KIND.blank;
    this.#open.push({ range, kind, text: kind === KIND.blank ? '' : row.texts[range.firstColumn]! });
  }

  #fillRange({ range, text, kind }: OpenRange, row: SheetRow): void {
    const last = Math.min(range.lastColumn, this.#until.length - 1);
    for (let column = range.firstColumn; column <= last; column++) {
      if (column === range.firstColumn && row.row === range.firstRow) continue;
      if (row.kinds[column] !== KIND.blank) this.kept++;
      else if (kind !== KIND.blank) {
        row.store(column, text, kind);
        this.filled++;
        if (kind === KIND.n) this.numbers++;
      }
    }
  }
}
