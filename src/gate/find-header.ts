import { type Dataset, fileSource } from '../domain/dataset.ts';
import type { RawRow, Source } from '../readers/reader.ts';
import type { HeaderFit } from '../readers/text/detect-delimiter.ts';
import { headerBlock } from './header-block.ts';
import { type HeaderMatch, matchHeader } from './match-header.ts';

/** The header is searched for in this many rows. */
export const HEADER_ROWS = 20;
/** Rows that are tried together as one header where the configuration does not give their number. */
const MOST_TOGETHER = 3;
/** In wider tables the header is taken for one row, unless the configuration says otherwise. */
const WIDEST_TOGETHER = 1000;

/** How many rows with text must be read to find a dataset's header. */
export function searchDepth(dataset: Dataset): number {
  const { headerRow, headerRows } = fileSource(dataset);
  if (headerRow === 'auto') return HEADER_ROWS;
  return Math.max(HEADER_ROWS, headerRow + (headerRows === 'auto' ? MOST_TOGETHER : headerRows) - 1);
}

/**
 * The header among a sheet's first rows: the first row that holds the headers by which the table is known. Where a row
 * lacks columns that it names together with the next one or two rows, these rows are the header. Without such a row,
 * the likeliest one.
 */
export function findHeader(
  dataset: Dataset,
  rows: readonly RawRow[],
  format: Source['format'],
): HeaderMatch | null {
  const { headerRow, headerRows } = fileSource(dataset);
  if (format === 'jsonl') return rows[0] ? matchHeader(dataset, headerBlock([rows[0]])) : null;
  const starts = rows.flatMap(({ row }, i) =>
    (headerRow === 'auto' ? i < HEADER_ROWS : row === headerRow) ? [i] : [],
  );
  const end = headerRow === 'auto' ? Math.min(rows.length, HEADER_ROWS) : rows.length;
  const depths =
    headerRows === 'auto' ? Array.from({ length: MOST_TOGETHER }, (_, i) => i + 1) : [headerRows];
  let best: HeaderMatch | null = null;
  for (const depth of depths) {
    const blocks = starts.filter((at) => at + depth <= end).map((at) => rows.slice(at, at + depth));
    const narrow = blocks.filter(
      (block) => depth === depths[0] || block.every((row) => row.cells.length <= WIDEST_TOGETHER),
    );
    const found = depth === 1 ? firstOf(dataset, narrow) : fullestOf(matchesOf(dataset, narrow));
    if (found !== null && (best === null || isBetter(found, best))) best = found;
    if (best?.isTable && best.missing.length === 0) break;
  }
  return best;
}

function matchesOf(dataset: Dataset, blocks: readonly RawRow[][]): HeaderMatch[] {
  return blocks.map((block) => matchHeader(dataset, headerBlock(block)));
}

/** Rows below the first table are not tried: no header is likely there, and to find that out costs most. */
function firstOf(dataset: Dataset, blocks: readonly RawRow[][]): HeaderMatch | null {
  const matches: HeaderMatch[] = [];
  for (const block of blocks) {
    const match = matchHeader(dataset, headerBlock(block));
    if (match.isTable) return match;
    matches.push(match);
  }
  return likeliest(matches);
}

function fullestOf(matches: readonly HeaderMatch[]): HeaderMatch | null {
  const tables = matches.filter((match) => match.isTable);
  return likeliest(tables.length > 0 ? tables : matches);
}

function likeliest(matches: readonly HeaderMatch[]): HeaderMatch | null {
  return matches.reduce<HeaderMatch | null>(
    (best, match) => (best === null || match.likelihood > best.likelihood ? match : best),
    null,
  );
}

/**
 * More rows form a header only where they name more columns, and most cells of the last row are part of it: that row
 * may be data.
 */
function isBetter(found: HeaderMatch, best: HeaderMatch): boolean {
  const last = found.labels.filter((_, i) => (found.block.texts.at(-1)?.[i] ?? '').trim() !== '');
  const named = last.filter(({ column }) => column !== null).length;
  return found.matched > best.matched && (found.isTable || !best.isTable) && named * 2 >= last.length;
}

/**
 * How well rows, read with some delimiter, fit a dataset: first by the headers found in them, then by the number of
 * rows that are as long as the header.
 */
export function headerFit(dataset: Dataset): HeaderFit {
  return (rows) => {
    const match = findHeader(dataset, rows, 'text');
    if (match === null || match.matched === 0) return 0;
    const below = rows.filter(({ row }) => row > match.block.row);
    const even = below.filter(({ cells }) => cells.length === match.block.cells.length).length;
    const evenShare = below.length === 0 ? 0 : even / below.length;
    return (match.isTable ? 1_000_000 : 0) + match.matched + evenShare / 2;
  };
}
