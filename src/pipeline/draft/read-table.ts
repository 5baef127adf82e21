import type { RawRow, Source } from '../../readers/reader.ts';
import { type ColumnSample, ColumnSampler } from './column-sample.ts';
import { filled, type TablePlace } from './find-table.ts';
import { FooterFinder, type NotData } from './footer.ts';

/** A file's table as far as a draft needs it. */
export interface TableSample {
  readonly columns: readonly ColumnSample[];
  readonly rows: number;
  /** The first rows as texts by column, for the search of a key. */
  readonly kept: readonly (readonly string[])[];
  readonly notData: NotData;
  /** Rows that say the header again. */
  readonly repeatedHeaders: number;
  /** Columns with values but no header, as 0-based positions. */
  readonly unnamed: readonly number[];
}

const KEPT_CELLS = 1_000_000;

/** Reads every row of the table once. */
export async function readTable(source: Source, place: TablePlace): Promise<TableSample> {
  const labels = place.header.cells.map((cell) => cell.label.trim());
  const samplers = labels.flatMap((label, i) => (label === '' ? [] : [new ColumnSampler(label, i)]));
  const named = new Set(samplers.map((sampler) => sampler.index));
  const most = Math.max(1000, Math.floor(KEPT_CELLS / Math.max(1, samplers.length)));
  const unnamed = new Set<number>();
  const kept: string[][] = [];
  let rows = 0;
  let repeatedHeaders = 0;
  const take = (row: RawRow) => {
    rows++;
    for (const sampler of samplers) sampler.add(row.cells[sampler.index]);
    if (kept.length < most) kept.push(samplers.map(({ index }) => row.cells[index]?.text.trim() ?? ''));
    for (const [i, cell] of row.cells.entries()) if (!named.has(i) && cell.text.trim() !== '') unnamed.add(i);
  };
  const finder = new FooterFinder(
    samplers.map(({ index }) => index),
    take,
  );
  for await (const row of source.rows(place.sheet)) {
    // A format whose rows are objects repeats its header in none of them: row 0 is before the first.
    // Of a row whose cells are not sure, none tells what its column holds.
    if (row.row <= place.header.row || row.unsure || filled(row).length === 0) continue;
    if (saysHeaderAgain(row, place)) repeatedHeaders++;
    else finder.add(row);
  }
  const notData = finder.end();
  return {
    columns: samplers,
    rows,
    kept,
    notData,
    repeatedHeaders,
    unnamed: [...unnamed].sort((a, b) => a - b),
  };
}

function saysHeaderAgain(row: RawRow, { header }: TablePlace): boolean {
  return header.texts.some((texts) => {
    if (texts.filter((text) => text.trim() !== '').length < 2) return false;
    const width = Math.max(texts.length, row.cells.length);
    for (let i = 0; i < width; i++) {
      if ((texts[i] ?? '').trim() !== (row.cells[i]?.text ?? '').trim()) return false;
    }
    return true;
  });
}
