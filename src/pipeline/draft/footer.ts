import { noteWord } from '../../domain/total-words.ts';
import type { RawRow } from '../../readers/reader.ts';
import { filled } from './find-table.ts';
import { rowPattern } from './row-pattern.ts';
import { firstText, startOf, wordsOf } from './row-start.ts';
import { totalDoubts } from './total-doubts.ts';
import { TotalJudge } from './total-judge.ts';

/** A footer is searched for in the last rows. */
const WINDOW = 12;
/** Different first texts of data rows that are kept. */
const MOST_TEXTS = 50_000;
/** With this many rows, equal sums cannot be chance. */
const ENOUGH_ROWS = 3;

/** The rows of a table that are not data. */
export interface NotData {
  /** For `source.footer`; null where nothing is below the data. */
  readonly footer: string | null;
  /** For `source.skip`: totals among the data; null where there are none. */
  readonly skip: string | null;
  /** The rows taken for totals, and those that may be totals, as sentences. */
  readonly doubts: readonly string[];
}

/**
 * Separates rows of data, which are passed on in order, from the rows below the last of them and from totals among
 * them. It keeps back only the last rows, and totals above all rows of data.
 */
export class FooterFinder {
  readonly #columns: readonly number[];
  readonly #take: (row: RawRow) => void;
  readonly #judge: TotalJudge;
  readonly #window: RawRow[] = [];
  readonly #totals: RawRow[] = [];
  readonly #above: RawRow[] = [];
  readonly #unlike: RawRow[] = [];
  readonly #dataTexts = new Set<string>();
  #rows = 0;
  /** Whether a row of data begins as totals do: a last row with only that word may be data too. */
  #dataLikeTotals = false;
  #blankFirst = false;

  /** @param columns 0-based positions of the table's columns. */
  constructor(columns: readonly number[], take: (row: RawRow) => void) {
    this.#columns = columns;
    this.#take = take;
    this.#judge = new TotalJudge(columns.length);
  }

  add(row: RawRow): void {
    this.#window.push(row);
    if (this.#window.length <= WINDOW) return;
    const first = this.#window.shift() as RawRow;
    this.#pass(first, this.#kindOf(first, this.#window[0]));
  }

  end(): NotData {
    const last = this.#window.at(-1);
    const before = this.#window.slice(0, -1);
    const kinds = before.map((row, i) => this.#kindOf(row, this.#window[i + 1]));
    const lastFits = last === undefined ? 'none' : this.#judge.fits(last);
    if (last !== undefined) kinds.push(this.#lastKind(last, kinds));
    const cut = this.#footerStart(kinds);
    for (const [i, row] of this.#window.slice(0, cut).entries()) this.#pass(row, kinds[i] as Kind);
    this.#passAbove();
    const below = this.#window.slice(cut);
    const { pattern: skip, left: leftAmid } = rowPattern(this.#totals.map(startOf), this.#isData);
    const skipped = new RegExp(skip ?? '(?!)', 'u');
    // Rows that are skipped anywhere need no footer, and as a footer their pattern would cut the data short.
    const starts = below.filter((row, i) => (i === 0 || isFooterText(row)) && !skipped.test(firstText(row)));
    const { pattern: footer, left: leftBelow } = rowPattern(starts.map(startOf), this.#isData);
    const left = [...new Set([...leftAmid, ...leftBelow])];
    const isLeftOut = (row: RawRow) => !left.includes(firstText(row));
    const sums = below.filter((row, i) => kinds[cut + i] === 'total' || wordsOf(row) !== null);
    const isSilent = cut === this.#window.length && lastFits === 'all' && this.#rows > ENOUGH_ROWS;
    return {
      footer,
      skip,
      doubts: totalDoubts({
        totals: [...this.#totals, ...sums].filter(isLeftOut),
        above: this.#above.filter(isLeftOut),
        unlike: this.#unlike,
        left,
        silent: isSilent && last !== undefined ? last : null,
      }),
    };
  }

  readonly #isData = (pattern: RegExp): boolean => [...this.#dataTexts].some((text) => pattern.test(text));

  /** In order: rows of data count towards the totals below them. */
  #kindOf(row: RawRow, next: RawRow | undefined): Kind {
    if (this.#judge.isTotal(row, next)) {
      this.#judge.close();
      return 'total';
    }
    if (this.#judge.isEmpty && wordsOf(row) !== null) {
      this.#judge.hold(row);
      return 'held';
    }
    const isNote =
      noteWord(firstText(row)) !== null && (!this.#judge.isFull(row) || this.#columns.length === 1);
    if (!isNote) this.#judge.count(row);
    return isNote ? 'note' : 'data';
  }

  /**
   * A last row may be a total because of its place, if its first cell is blank (and in no other row) or says no more
   * than that.
   */
  #lastKind(last: RawRow, before: readonly Kind[]): Kind {
    const like = before.some((kind, i) => kind === 'data' && wordsOf(this.#window[i] as RawRow) !== null);
    if (!this.#dataLikeTotals && !like && wordsOf(last)?.of === '') return 'total';
    if (
      this.#isBlankFirst(last) &&
      !this.#blankFirst &&
      !before.some((kind, i) => kind === 'data' && this.#isBlankFirst(this.#window[i] as RawRow))
    ) {
      const errors = filled(last).every(({ kind }) => kind === 'e');
      if (errors || this.#judge.fits(last) === 'all') return 'total';
    }
    return this.#kindOf(last, undefined);
  }

  #isBlankFirst(row: RawRow): boolean {
    return (row.cells[this.#columns[0] ?? 0]?.text.trim() ?? '') === '';
  }

  #pass(row: RawRow, kind: Kind): void {
    if (kind === 'total') this.#totals.push(row);
    else if (kind === 'held') this.#above.push(row);
    else this.#keep(row);
  }

  #keep(row: RawRow): void {
    const words = wordsOf(row);
    this.#rows++;
    this.#dataLikeTotals ||= words?.place === 'before';
    this.#blankFirst ||= this.#isBlankFirst(row);
    if (words !== null || this.#dataTexts.size < MOST_TEXTS) this.#dataTexts.add(firstText(row));
    if (words?.of === '' && this.#unlike.length < 3) this.#unlike.push(row);
    this.#take(row);
  }

  /** Rows above all data can now be compared with the sums of the rows that followed. */
  #passAbove(): void {
    for (const row of this.#above.splice(0)) {
      if (this.#judge.isTotal(row, undefined)) {
        this.#above.push(row);
        this.#totals.push(row);
      } else this.#keep(row);
    }
  }

  /**
   * The first of the last rows that is a total, a source or a note; the window's length where all are data. If full
   * rows follow it, it is among the data.
   */
  #footerStart(kinds: readonly Kind[]): number {
    const width = this.#columns.length;
    const mostly = width === 2 ? 1 : Math.max(2, width * 0.6);
    const isFull = (row: RawRow, i: number) =>
      kinds[i] !== 'total' && kinds[i] !== 'note' && filled(row).length > mostly;
    const at = this.#window.findIndex((row, i) => {
      const isFooter = kinds[i] === 'total' || kinds[i] === 'note';
      const isLine = width >= 4 && filled(row).length === 1 && filled(row)[0]?.kind === 's';
      if (!isFooter && !(isLine && (i > 0 || this.#window.length < WINDOW))) return false;
      return !this.#window.some((below, j) => j > i && isFull(below, j));
    });
    return at < 0 ? kinds.length : at;
  }
}

type Kind = 'data' | 'total' | 'note' | 'held';

function isFooterText(row: RawRow): boolean {
  return wordsOf(row) !== null || noteWord(firstText(row)) !== null;
}
