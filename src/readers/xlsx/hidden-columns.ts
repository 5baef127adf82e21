import { columnLetters } from '../../domain/finding.ts';
import { isTrue } from './workbook.ts';
import type { XmlScanner } from './xml-scanner.ts';

/** Excel has no more columns than this, so a sheet cannot have more ranges of them. */
const MAX_RANGES = 16_384;

/** The hidden columns of one sheet, which are listed before its cells. */
export class HiddenColumns {
  readonly #ranges: (readonly [first: number, last: number])[] = [];

  /**
   * Takes a `col`, which describes the columns `min` to `max`, counted from 1. A `col` without these two says nothing.
   */
  add(xml: XmlScanner): void {
    const attributes = new Map(xml.attributes());
    const [first, last] = [Number(attributes.get('min')), Number(attributes.get('max'))];
    if (isTrue(attributes.get('hidden')) && first >= 1 && last >= first && this.#ranges.length < MAX_RANGES)
      this.#ranges.push([first, last]);
  }

  /** The letters of the hidden columns among the first `width`. */
  within(width: number): readonly string[] {
    const hidden = new Uint8Array(width);
    for (const [first, last] of this.#ranges) hidden.fill(1, first - 1, Math.min(last, width));
    return [...hidden.keys()].filter((column) => hidden[column] === 1).map(columnLetters);
  }
}
