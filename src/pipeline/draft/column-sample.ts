import type { CellKind, RawCell } from '../../readers/reader.ts';

/** Texts that people write in cells without a value. */
const NO_VALUE = new Set(['NA', 'N/A', 'n/a', 'na', 'n.a.', '-', '--', '–', 'NULL', 'null', 'None', '#N/A']);
/**
 * Different values that are kept of a column; after that, one of each shape (`99.9`, `aa-9`), so that types stay right.
 */
const MOST_VALUES = 50_000;
const MOST_SHAPES = 5_000;

/** Everything that a draft needs to know about one column, collected cell by cell in bounded memory. */
export interface ColumnSample {
  readonly header: string;
  /** 0-based. */
  readonly index: number;
  readonly blanks: number;
  /** Cells that hold an error such as #REF!; they count as blank too. */
  readonly errors: number;
  /** The first of these; null where there is none. */
  readonly errorText: string | null;
  /** Number of cells for each 'no value' text that was seen. */
  readonly noValues: ReadonlyMap<string, number>;
  /** Different texts, with the kinds of their cells, without 'no value' texts and blanks. */
  readonly values: ReadonlyMap<string, CellKind>;
  /** Cells with a value. */
  readonly filled: number;
  /** There are more different values than are kept. */
  readonly overflowed: boolean;
}

export class ColumnSampler implements ColumnSample {
  readonly header: string;
  readonly index: number;
  readonly noValues = new Map<string, number>();
  readonly values = new Map<string, CellKind>();
  readonly #shapes = new Set<string>();
  blanks = 0;
  errors = 0;
  errorText: string | null = null;
  filled = 0;
  overflowed = false;

  constructor(header: string, index: number) {
    this.header = header;
    this.index = index;
  }

  add(cell: RawCell | undefined): void {
    const text = cell?.text.trim() ?? '';
    if (!cell || text === '') {
      this.blanks++;
    } else if (cell.kind === 'e') {
      // An error cell, even #N/A, says nothing about the column's type, and is never a missing value: validation
      // reports it.
      this.blanks++;
      this.errors++;
      this.errorText ??= text;
    } else if (NO_VALUE.has(text)) {
      this.noValues.set(text, (this.noValues.get(text) ?? 0) + 1);
    } else {
      this.filled++;
      this.#remember(text, cell.kind);
    }
  }

  #remember(text: string, kind: CellKind): void {
    if (this.values.size < MOST_VALUES) {
      this.values.set(text, kind);
      return;
    }
    if (this.values.has(text)) return;
    this.overflowed = true;
    const shape = `${kind}${text
      .slice(0, 60)
      .replace(/(?!^)0|[1-9]/g, '9')
      .replace(/\p{L}/gu, 'a')}`;
    if (this.#shapes.has(shape) || this.#shapes.size >= MOST_SHAPES) return;
    this.#shapes.add(shape);
    this.values.set(text, kind);
  }
}
