import type { MergedRange, RawRow, Source } from '../../readers/reader.ts';
import { type ColumnSample, ColumnSampler } from './column-sample.ts';
import { filled, type TablePlace } from './find-table.ts';
import { FooterFinder, type NotData } from './footer.ts';
import { MergedColumns, type MergedDraft, MergedRows } from './merged-rows.ts';

/** A file's table as far as a draft needs it. */
export interface TableSample {
  readonly columns: readonly ColumnSample[];
  readonly rows: number;
  /** The first rows as texts by column, for the search of a key. */
  readonly kept: readonly (readonly string[])[];
  readonly notData: NotData;
  readonly merged: MergedDraft;
  /** Rows that repeat the header. */
  readonly repeatedHeaders: number;
  /** Rows whose quotes make no sense, so that their cells are not sure. */
  readonly unsure: readonly number[];
  /** Rows of one cell directly above a repeated header. */
  readonly titles: readonly number[];
  /** Columns with values but no header, as 0-based positions. */
  readonly unnamed: readonly number[];
}

const KEPT_CELLS = 1_000_000;

/** Reads every row of the table, and reads it again where merged cells among the rows have to be filled. */
export async function readTable(source: Source, place: TablePlace): Promise<TableSample> {
  const width = place.header.cells.findLastIndex(({ label }) => label.trim() !== '') + 1;
  const ranges = (await source.merged?.(place.sheet, place.header.row, width)) ?? [];
  const plain = await readOnce(source, place, ranges, null);
  if (plain.merged.rule !== 'fill') return plain;
  return readOnce(source, place, ranges, new MergedColumns(ranges));
}

async function readOnce(
  source: Source,
  place: TablePlace,
  ranges: readonly MergedRange[],
  filling: MergedColumns | null,
): Promise<TableSample> {
  const labels = place.header.cells.map((cell) => cell.label.trim());
  const samplers = labels.flatMap((label, i) => (label === '' ? [] : [new ColumnSampler(label, i)]));
  const named = new Set(samplers.map((sampler) => sampler.index));
  const most = Math.max(1000, Math.floor(KEPT_CELLS / Math.max(1, samplers.length)));
  const unnamed = new Set<number>();
  const kept: string[][] = [];
  let rows = 0;
  let repeatedHeaders = 0;
  const unsure: number[] = [];
  const titles: number[] = [];
  let before: RawRow | null = null;
  const merged = new MergedRows(ranges);
  const take = (row: RawRow) => {
    rows++;
    merged.count(row);
    for (const sampler of samplers) sampler.add(row.cells[sampler.index]);
    if (kept.length < most) kept.push(samplers.map(({ index }) => row.cells[index]?.text.trim() ?? ''));
    for (const [i, cell] of row.cells.entries()) if (!named.has(i) && cell.text.trim() !== '') unnamed.add(i);
  };
  const finder = new FooterFinder(
    samplers.map(({ index }) => index),
    take,
  );
  for await (const written of source.rows(place.sheet)) {
    // A format whose rows are objects has no repeated headers: row 0 is before the first. In a row whose cells are not
    // sure, no cell shows what its column holds.
    if (written.row <= place.header.row || filled(written).length === 0) continue;
    if (written.unsure) {
      unsure.push(written.row);
      continue;
    }
    merged.see(written);
    const row = filling?.fill(written) ?? written;
    if (saysHeaderAgain(row, place)) {
      repeatedHeaders++;
      if (before?.row === row.row - 1 && filled(before).length === 1) titles.push(before.row);
    } else finder.add(row);
    before = row;
  }
  const notData = finder.end();
  return {
    columns: samplers,
    rows,
    kept,
    notData,
    merged: merged.draft((column) => labels[column] ?? ''),
    repeatedHeaders,
    unsure,
    titles,
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
