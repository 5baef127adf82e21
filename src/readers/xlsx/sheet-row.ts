import { counted } from '../../domain/count.ts';
import { a1 } from '../../domain/finding.ts';
import type { Limits } from '../../domain/limits.ts';
import { misplacedCell } from './cell-tag.ts';
import { KIND } from './cell-value.ts';
import { overLimit } from './refusal.ts';

/**
 * The row that a scanner has reached: `texts` and `kinds` up to `width` columns. Both are reused for every row, so a
 * caller copies what it needs at once. `filled` counts columns up to the last one that is not blank, also past the
 * width.
 */
export class SheetRow {
  row = 0;
  hidden = false;
  filled = 0;
  readonly width: number;
  readonly texts: string[] = [];
  readonly kinds: Uint8Array;
  readonly #limits: Limits;

  constructor(width: number, limits: Limits) {
    this.width = Math.min(width, limits.columns);
    this.kinds = new Uint8Array(this.width).fill(KIND.blank);
    this.#limits = limits;
  }

  /** Keeps a cell that is not blank. Throws where the row has this cell already, and over a limit. */
  store(column: number, text: string, kind: number): void {
    if (column >= this.#limits.columns)
      throw overLimit('columns', this.#limits, `The cell ${a1(column, this.row)} is not blank`);
    if (text.length > this.#limits.cell_characters) {
      throw overLimit(
        'cell_characters',
        this.#limits,
        `The cell ${a1(column, this.row)} has ${counted(text.length, 'character')}`,
      );
    }
    if (column < this.width) {
      if (this.kinds[column] !== KIND.blank) throw misplacedCell(a1(column, this.row));
      for (let i = this.texts.length; i < column; i++) this.texts.push('');
      this.texts[column] = text;
      this.kinds[column] = kind;
    }
    if (column >= this.filled) this.filled = column + 1;
  }

  clear(): void {
    const used = Math.min(this.filled, this.width);
    for (let i = 0; i < used; i++) this.texts[i] = '';
    this.kinds.fill(KIND.blank, 0, used);
    this.filled = 0;
  }
}
