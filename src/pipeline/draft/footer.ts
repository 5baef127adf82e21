import type { RawRow } from '../../readers/reader.ts';
import { filled } from './find-table.ts';

/** A footer is looked for among the last rows. */
const WINDOW = 12;
const TOTAL =
  /^(grand total|sub-?totals?|totals?|sum|summe|zwischensumme|gesamt|sous-total|total général|subtotaal|totaal)\b/i;
const FOOTER = new RegExp(`${TOTAL.source}|^(source|quelle|notes?|footnote|legend)\\b`, 'i');

/**
 * Tells rows of data, which are handed on in order, from what stands below the last of them and from totals amid them.
 * Only the last rows are kept back.
 */
export class FooterFinder {
  readonly #width: number;
  readonly #take: (row: RawRow) => void;
  readonly #window: RawRow[] = [];
  readonly #totals: string[] = [];
  /** Whether a row of data begins as totals do: a footer of that word would cut the data short there. */
  #dataLikeTotals = false;

  /** @param width Columns of the table. */
  constructor(width: number, take: (row: RawRow) => void) {
    this.#width = width;
    this.#take = take;
  }

  add(row: RawRow): void {
    this.#window.push(row);
    if (this.#window.length > WINDOW) this.#pass(this.#window.shift() as RawRow);
  }

  /** How the rows of the footer begin, and those of totals amid the data. */
  end(): { readonly footer: readonly string[]; readonly skipped: readonly string[] } {
    const before = this.#window.slice(0, -1);
    const mayBeTotal = !this.#dataLikeTotals && !before.some((row) => isLikeTotal(row, this.#width));
    const cut = footerStart(this.#window, this.#width, mayBeTotal);
    for (const row of this.#window.slice(0, cut)) this.#pass(row);
    const footer = beginnings(this.#window.slice(cut));
    const skipped = [...new Set(this.#totals)];
    // What is left out wherever it stands needs no footer, and as a footer it would cut the data short.
    return { footer: footer.filter((text) => !skipped.some((one) => text.startsWith(one))), skipped };
  }

  #pass(row: RawRow): void {
    this.#dataLikeTotals ||= isLikeTotal(row, this.#width);
    if (isTotal(row, this.#width)) this.#totals.push(wordOf(row));
    else this.#take(row);
  }
}

function firstText(row: RawRow | undefined): string {
  return row === undefined ? '' : (filled(row)[0]?.text.trim() ?? '');
}

/** Some of its cells are blank: a row of data that begins with such a word is filled like the others. */
function isTotal(row: RawRow, width: number): boolean {
  return TOTAL.test(firstText(row)) && filled(row).length < width;
}

/** Filled like any row of data, and beginning with such a word. */
function isLikeTotal(row: RawRow, width: number): boolean {
  return TOTAL.test(firstText(row)) && filled(row).length >= width;
}

function wordOf(row: RawRow): string {
  const text = firstText(row);
  return FOOTER.exec(text)?.[0] ?? text.slice(0, 24);
}

/**
 * The first of the last rows that is a total, a source or a note; the window's length where all are data.
 * @param mayBeTotal Whether the very last row may be a total though every cell is filled.
 */
function footerStart(window: readonly RawRow[], width: number, mayBeTotal: boolean): number {
  const last = window.at(-1);
  // With every cell filled it is told from a row of data only by its place and by a first cell that says no more.
  const isGrandTotal = (row: RawRow) =>
    mayBeTotal && row === last && firstText(row).replace(TOTAL, '').trim() === '';
  const isFooter = (row: RawRow) =>
    FOOTER.test(firstText(row)) && (filled(row).length < width || width < 3 || isGrandTotal(row));
  const isNote = (row: RawRow) => width >= 4 && filled(row).length === 1 && filled(row)[0]?.kind === 's';
  const mostly = width === 2 ? 1 : Math.max(2, width * 0.6);
  const fullRows = (from: number) =>
    window.slice(from).filter((row) => !isFooter(row) && filled(row).length > mostly).length;
  const at = window.findIndex(
    (row, i) =>
      (isFooter(row) || isNote(row)) &&
      (i > 0 || window.length < WINDOW || isFooter(row)) &&
      // Full rows below it mean that it stands amid the data.
      fullRows(i + 1) === 0,
  );
  return at < 0 ? window.length : at;
}

function beginnings(rows: readonly RawRow[]): readonly string[] {
  const starts = rows.flatMap((row, i) =>
    i > 0 && !FOOTER.test(firstText(row)) ? [] : [wordOf(row)].filter((text) => text !== ''),
  );
  return [...new Set(starts)];
}

/** A pattern for rows that begin with one of the texts; null where there is none. */
export function patternOf(texts: readonly string[]): string | null {
  const escaped = texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  if (escaped.length === 0) return null;
  return escaped.length === 1 ? `^${escaped[0]}` : `^(${escaped.join('|')})`;
}
