import type { RawCell, RawRow } from '../../readers/reader.ts';

/** Groups whose sums are kept: a total of totals adds up the last of them. */
const MOST_GROUPS = 50;
const NUMBER =
  /^[-+(\u2212]?\s*(?:\p{Sc}|[A-Z]{3})?\s*[-+\u2212]?\d[\d.,'\u2019 \u00a0\u202f]*\)?\s*(?:\p{Sc}|[A-Z]{3}|%)?$/u;

/** Sums by column: of the cells read with a decimal point, and of the same cells read with a decimal comma. */
interface Sums {
  readonly point: number[];
  readonly comma: number[];
}

/** How many numbers of a row are sums of the rows above it. */
export type SumsFit = 'all' | 'some' | 'none' | 'no numbers';

/** Adds up the columns of the rows of data, group by group: a group ends with a total. */
export class RunningSums {
  readonly #closed: Sums[] = [];
  readonly #all: Sums = { point: [], comma: [] };
  readonly #held: RawRow[] = [];
  #group: Sums = { point: [], comma: [] };

  /** A row of data. */
  add(row: RawRow): void {
    addRow(this.#all, row, this.#group);
  }

  /** A row above all others, which may be data or their total: sums are tried with it and without it. */
  hold(row: RawRow): void {
    this.#held.push(row);
  }

  /** A total ends the group. */
  close(): void {
    this.#closed.push(this.#group);
    if (this.#closed.length > MOST_GROUPS) this.#closed.shift();
    this.#group = { point: [], comma: [] };
  }

  /**
   * Compares a row with the sums of the group above it, of the groups above that, and of all rows. Its first text does
   * not count.
   */
  fits(row: RawRow): SumsFit {
    const numbers = row.cells.flatMap((cell, column) => {
      const read = readings(cell);
      return read === null ? [] : [{ column, read, text: cell.text }];
    });
    if (numbers.length === 0) return 'no numbers';
    let best: SumsFit = 'none';
    for (const sums of this.#levels()) {
      const same = numbers.filter(({ column, read, text }) => isSum(sums, column, read, text));
      if (!same.some(({ read }) => read.point !== 0 || read.comma !== 0)) continue;
      if (same.length === numbers.length) return 'all';
      best = 'some';
    }
    return best;
  }

  *#levels(): Generator<Sums> {
    const sums: Sums = { point: [...this.#group.point], comma: [...this.#group.comma] };
    yield sums;
    for (const closed of this.#closed.toReversed()) {
      for (const column of closed.point.keys()) {
        if (closed.point[column] !== undefined)
          put(sums, column, { point: closed.point[column], comma: closed.comma[column] ?? Number.NaN });
      }
      yield sums;
    }
    yield this.#all;
    if (this.#held.length === 0) return;
    const withHeld: Sums = { point: [...this.#all.point], comma: [...this.#all.comma] };
    for (const row of this.#held) addRow(withHeld, row);
    yield withHeld;
  }
}

interface Readings {
  readonly point: number;
  readonly comma: number;
}

function addRow(sums: Sums, row: RawRow, also?: Sums): void {
  for (const [column, cell] of row.cells.entries()) {
    const read = readings(cell);
    if (read === null) continue;
    put(sums, column, read);
    if (also) put(also, column, read);
  }
}

function put(sums: Sums, column: number, { point, comma }: Readings): void {
  sums.point[column] = (sums.point[column] ?? 0) + point;
  sums.comma[column] = (sums.comma[column] ?? 0) + comma;
}

/** How a text writes its numbers is not known yet. */
function readings({ kind, text }: RawCell): Readings | null {
  if (kind === 'n' || kind === 'z') {
    const value = Number(text);
    return { point: value, comma: value };
  }
  if (kind !== 's' || text.length > 40) return null;
  const written = text.trim();
  if (!NUMBER.test(written)) return null;
  const sign = /[-(\u2212]/.test(written) ? -1 : 1;
  const digits = written.replace(/[^\d.,]/g, '');
  return {
    point: sign * Number(digits.replaceAll(',', '')),
    comma: sign * Number(digits.replaceAll('.', '').replace(',', '.')),
  };
}

function isSum(sums: Sums, column: number, read: Readings, text: string): boolean {
  const decimals = /[.,](\d+)\D*$/.exec(text)?.[1]?.length ?? 0;
  // Totals are rounded to what is shown; a whole total of whole numbers needs no rounding.
  const near = (sum: number | undefined, value: number) =>
    sum !== undefined &&
    Math.abs(sum - value) <= Math.max(1e-9 * Math.abs(sum), decimals === 0 ? 0 : 0.5 * 10 ** -decimals);
  return near(sums.point[column], read.point) || near(sums.comma[column], read.comma);
}
