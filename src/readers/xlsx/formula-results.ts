import { columnLetters } from '../../domain/finding.ts';

/**
 * The results that formulas left in the cells of a sheet, by column: programs that calculate nothing leave 0 in all of
 * them.
 */
export class FormulaResults {
  readonly #zeros = new Map<number, number>();
  readonly #others = new Set<number>();

  add(column: number, isZero: boolean): void {
    if (!isZero) this.#others.add(column);
    else if (!this.#others.has(column)) this.#zeros.set(column, (this.#zeros.get(column) ?? 0) + 1);
  }

  /** Letters of the columns, among the first `width`, that have two formulas or more, all of which left 0. */
  allZero(width: number): readonly string[] {
    return [...this.#zeros]
      .filter(([column, cells]) => column < width && cells > 1 && !this.#others.has(column))
      .map(([column]) => column)
      .sort((a, b) => a - b)
      .map(columnLetters);
  }
}
