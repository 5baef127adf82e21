import { grouped } from '../../domain/count.ts';
import { a1 } from '../../domain/finding.ts';
import type { MergedRange } from '../reader.ts';
import { readRange } from './cell-range.ts';
import { unreadable } from './refusal.ts';

/** More than a sheet full of merged pairs has in practice; each is held in memory. */
const MAX_RANGES = 1 << 20;

/** The merged ranges of one sheet. Their cost grows with their number, never with the cells that they cover. */
export class MergedRanges {
  readonly #ranges: MergedRange[] = [];

  /**
   * Keeps a reference such as `A3:B7`; a single cell is not a merged range. Throws where the text is not a reference.
   */
  add(reference: string): void {
    const range = parseRange(reference);
    if (range.firstRow === range.lastRow && range.firstColumn === range.lastColumn) return;
    if (this.#ranges.length >= MAX_RANGES)
      throw unreadable(`A sheet has more than ${grouped(MAX_RANGES)} merged ranges.`);
    this.#ranges.push(range);
  }

  /** The ranges that touch rows after `headerRow` in the first `width` columns, from top to bottom. */
  inData(headerRow: number, width: number): readonly MergedRange[] {
    return this.#ranges
      .filter(({ lastRow, firstColumn }) => lastRow > headerRow && firstColumn < width)
      .sort((a, b) => a.firstRow - b.firstRow || a.firstColumn - b.firstColumn);
  }
}

export function rangeAddress(range: MergedRange): string {
  return `${a1(range.firstColumn, range.firstRow)}:${a1(range.lastColumn, range.lastRow)}`;
}

function parseRange(reference: string): MergedRange {
  const range = readRange(reference);
  if (range !== null) return range;
  const shown = JSON.stringify(reference.slice(0, 30));
  throw unreadable(`The workbook is damaged: ${shown} is no range of cells, though it is listed as merged.`);
}
