import type { RawRow, Source } from '../../readers/reader.ts';
import { type ColumnSample, ColumnSampler } from './column-sample.ts';
import { filled, type TablePlace } from './find-table.ts';

/** A file's table as far as a draft needs it. */
export interface TableSample {
  readonly columns: readonly ColumnSample[];
  readonly rows: number;
  /** The first rows as texts by column, for the search of a key. */
  readonly kept: readonly (readonly string[])[];
  /** For `source.footer`; null where nothing stands below the data. */
  readonly footer: string | null;
  /** Columns with values but no header, as 0-based positions. */
  readonly unnamed: readonly number[];
}

const KEPT_CELLS = 1_000_000;
/** A footer is looked for among the last rows. */
const WINDOW = 12;
const FOOTER =
  /^(grand total|sub-?total|totals?|sum|summe|gesamt|source|quelle|notes?|footnote|legend|total général)\b/i;

/** Reads every row of the table once. */
export async function readTable(source: Source, place: TablePlace): Promise<TableSample> {
  const labels = place.header.cells.map((cell) => cell.text.trim());
  const samplers = labels.flatMap((label, i) => (label === '' ? [] : [new ColumnSampler(label, i)]));
  const named = new Set(samplers.map((sampler) => sampler.index));
  const most = Math.max(1000, Math.floor(KEPT_CELLS / Math.max(1, samplers.length)));
  const unnamed = new Set<number>();
  const kept: string[][] = [];
  const window: RawRow[] = [];
  let rows = 0;
  const take = (row: RawRow) => {
    rows++;
    for (const sampler of samplers) sampler.add(row.cells[sampler.index]);
    if (kept.length < most) kept.push(samplers.map(({ index }) => row.cells[index]?.text.trim() ?? ''));
    for (const [i, cell] of row.cells.entries()) if (!named.has(i) && cell.text.trim() !== '') unnamed.add(i);
  };
  for await (const row of source.rows(place.sheet)) {
    // A format whose rows are objects repeats its header in none of them: row 0 is before the first.
    if (row.row <= place.header.row || filled(row).length === 0) continue;
    window.push(row);
    if (window.length > WINDOW) take(window.shift() as RawRow);
  }
  const cut = footerStart(window, samplers.length);
  for (const row of window.slice(0, cut)) take(row);
  return {
    columns: samplers,
    rows,
    kept,
    footer: footerPattern(window.slice(cut)),
    unnamed: [...unnamed].sort((a, b) => a - b),
  };
}

/** The first of the last rows that is a total, a source or a note; the window's length where all are data. */
export function footerStart(window: readonly RawRow[], width: number): number {
  const isFooter = (row: RawRow) => {
    const cells = filled(row);
    return FOOTER.test(cells[0]?.text.trim() ?? '') && (cells.length < width || width < 3);
  };
  const isNote = (row: RawRow) => width >= 4 && filled(row).length === 1 && filled(row)[0]?.kind === 's';
  const at = window.findIndex(
    (row, i) => (isFooter(row) || isNote(row)) && (i > 0 || window.length < WINDOW || isFooter(row)),
  );
  if (at < 0) return window.length;
  // Full rows below it mean that it stands amid the data, where nobody but its owner can say what it is.
  const fullBelow = window.slice(at + 1).filter((row) => filled(row).length > Math.max(2, width * 0.6));
  return fullBelow.some((row) => !isFooter(row)) ? window.length : at;
}

function footerPattern(rows: readonly RawRow[]): string | null {
  const first = filled(rows[0] ?? { row: 0, cells: [] })[0]?.text.trim();
  if (first === undefined) return null;
  const starts = rows.flatMap((row) => {
    const text = filled(row)[0]?.text.trim() ?? '';
    const word = FOOTER.exec(text)?.[0];
    return word === undefined && row !== rows[0] ? [] : [(word ?? text).slice(0, 24)];
  });
  const unique = [...new Set(starts)].map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return unique.length === 1 ? `^${unique[0]}` : `^(${unique.join('|')})`;
}
