import type { SwallowedRows } from '../reader.ts';

/** Lines in the canonical form of a cell. */
const LINE_END = /\x1br\x1bn|\x1bn|\x1br/;
/** This many whole lines in one cell, each like a row, are no chance. */
const FEWEST = 2;
const MOST_SHOWN = 3;

/**
 * Finds quoted cells that hold what looks like rows of the table: where a quote is missing or superfluous, the cell
 * goes on to the next quote and includes the rows between. The text may also be what was meant, so this is a warning
 * and no refusal.
 */
export class SwallowedRowsFinder {
  readonly #width: number;
  readonly #delimiter: string;
  readonly #first: string[] = [];
  #cells = 0;
  #rows = 0;

  constructor(width: number, delimiter: number) {
    this.#width = width;
    this.#delimiter = String.fromCharCode(delimiter);
  }

  /** A cell of several lines, in the canonical form, and the line on which it begins. */
  look(cell: Buffer, line: number): void {
    if (this.#width < 2) return;
    const lines = cell.toString('latin1').split(LINE_END);
    const whole = lines.slice(1, -1);
    if (whole.length < FEWEST) return;
    if (!whole.every((text) => text.split(this.#delimiter).length === this.#width)) return;
    this.#cells++;
    this.#rows += whole.length;
    if (this.#first.length < MOST_SHOWN) this.#first.push(`${line}–${line + lines.length - 1}`);
  }

  found(): { swallowed?: SwallowedRows } {
    return this.#cells === 0
      ? {}
      : { swallowed: { cells: this.#cells, rows: this.#rows, first: this.#first } };
  }
}
