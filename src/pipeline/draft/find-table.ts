import { type HeaderBlock, headerBlock } from '../../gate/header-block.ts';
import { isUnit } from '../../gate/unit.ts';
import type { RawCell, RawRow, SheetInfo, Source } from '../../readers/reader.ts';
import { arePeriods } from './period-headers.ts';

/** Where a file's table seems to be. */
export interface TablePlace {
  readonly sheet: SheetInfo;
  /** The other visible sheets. */
  readonly otherSheets: readonly string[];
  /** Other visible sheets with the same headers. */
  readonly sheetsLikeIt: readonly string[];
  readonly header: HeaderBlock;
  /** Number of rows below the header that were read and have text. */
  readonly rowsSeen: number;
}

/** The same number of rows in which the gate searches. */
const HEADER_ROWS = 20;
const SAMPLE_ROWS = 30;

/** The place of the table as the caller gave it; null where it has to be found. */
export interface AskedPlace {
  readonly sheet: SheetInfo | null;
  /** 1-based, the first row of the header. */
  readonly headerRow: number | null;
}

/** The visible sheet with the widest table, the first of several; null where no sheet has headers above data. */
export async function findTable(
  source: Source,
  { sheet: asked, headerRow }: AskedPlace = { sheet: null, headerRow: null },
): Promise<TablePlace | null> {
  const visible = (await source.sheets()).filter((sheet) => sheet.visible && !sheet.missing);
  const places: TablePlace[] = [];
  for (const sheet of asked === null ? visible : [asked]) {
    const rows = await source.head(sheet, Math.max(HEADER_ROWS, headerRow ?? 0) + SAMPLE_ROWS);
    const header = source.format === 'jsonl' ? firstRow(rows) : headerOf(rows, headerRow);
    if (header === null) continue;
    const below = rows.filter((row) => row.row > header.row).length;
    const others = visible.filter((other) => other.index !== sheet.index).map(({ name }) => name ?? '');
    places.push({ sheet, otherSheets: others, sheetsLikeIt: [], header, rowsSeen: below });
  }
  const best = places.reduce<TablePlace | null>(
    (one, two) => (one === null || score(two) > score(one) ? two : one),
    null,
  );
  if (best === null) return null;
  const same = places.filter((place) => place !== best && labels(place) === labels(best));
  return { ...best, sheetsLikeIt: same.map(({ sheet }) => sheet.name ?? '') };
}

function headerOf(rows: readonly RawRow[], headerRow: number | null): HeaderBlock | null {
  if (headerRow === null) return findHeader(rows);
  const at = rows.findIndex(({ row }) => row === headerRow);
  return at < 0 || rows[at + 1] === undefined ? null : headerBlock(withItsRows(rows.slice(at), 0));
}

function firstRow(rows: readonly RawRow[]): HeaderBlock | null {
  return rows[0] ? headerBlock([rows[0]]) : null;
}

function labels({ header }: TablePlace): string {
  return JSON.stringify(header.cells.map(({ label }) => label.trim().toLowerCase()));
}

function score(place: TablePlace): number {
  const named = place.header.cells.filter(({ label }) => label.trim() !== '').length;
  return named * Math.min(place.rowsSeen, SAMPLE_ROWS);
}

/**
 * The first row that is mostly text, as wide as the rows after it and of different names, with the rows that belong to
 * it.
 */
function findHeader(rows: readonly RawRow[]): HeaderBlock | null {
  for (const [i, row] of rows.slice(0, HEADER_ROWS).entries()) {
    const below = rows.slice(i + 1, i + 1 + SAMPLE_ROWS);
    if (below.length === 0) continue;
    const width = middle(below.map((other) => filled(other).length));
    const cells = filled(row);
    const labels = cells.filter(isLabel);
    const texts = labels.length > 0 && arePeriods(row.cells.map(otherText)) ? cells : labels;
    const wideEnough = cells.length >= Math.min(2, width) && cells.length >= width * 0.6;
    const named = () => different(texts) || isHeaded(rows, i);
    if (wideEnough && texts.length >= cells.length * 0.6 && named()) {
      return headerBlock(withItsRows(rows, i));
    }
  }
  return null;
}

function withItsRows(rows: readonly RawRow[], at: number): readonly RawRow[] {
  return withIndexNames(rows, withNextRow(rows, at));
}

/** The row below that continues it, or the row above whose texts head groups of its columns. */
function withNextRow(rows: readonly RawRow[], at: number): readonly RawRow[] {
  const [above, row, below] = [rows[at - 1], rows[at] as RawRow, rows[at + 1]];
  const data = rows.slice(at + 2);
  if (below && data.length > 0 && (hasUnits(row, below) || goesOn(row, below, data))) return [row, below];
  if (above && isHeaded(rows, at)) return [above, row];
  return [row];
}

/** How many more rows below a header belong to it, up to the one that names the columns that no row has named. */
const MOST_MORE = 2;

/**
 * Columns of several levels whose index is named in a row of its own, as data frames are written: ` | A | B` above ` |
 * sum | sum` above `id`. A row of data is different: it has values where the data has them, not only where headers are
 * missing.
 */
function withIndexNames(rows: readonly RawRow[], block: readonly RawRow[]): readonly RawRow[] {
  const start = rows.indexOf(block[0] as RawRow);
  for (let more = 1; more <= MOST_MORE; more++) {
    const end = start + block.length + more;
    const [longer, data] = [rows.slice(start, end), rows.slice(end)];
    const last = longer.at(-1) as RawRow;
    if (
      data.length === 0 ||
      longer.some((row, i) => row.row !== (longer[0]?.row ?? 0) + i || !filled(row).every(isLabel))
    )
      break;
    const named = headerBlock(longer.slice(0, -1)).cells.map(({ label }) => label !== '');
    const onlyMissing = last.cells.every((cell, i) => cell.text.trim() === '' || named[i] !== true);
    const leaves = named.some((name, i) => name && hasData(data, i));
    const fills = last.cells.some((cell, i) => cell.text.trim() !== '' && hasData(data, i));
    if (onlyMissing && leaves && fills && distinct(headerBlock(longer))) return longer;
  }
  return block;
}

function hasData(data: readonly RawRow[], column: number): boolean {
  return data.filter((row) => textAt(row, column) !== '').length * 2 >= data.length;
}

function isHeaded(rows: readonly RawRow[], at: number): boolean {
  const [above, row] = [rows[at - 1], rows[at] as RawRow];
  return above !== undefined && above.row === row.row - 1 && headsGroups(above, row, rows.slice(at + 1));
}

function textAt(row: RawRow, column: number): string {
  return row.cells[column]?.text.trim() ?? '';
}

function hasUnits(row: RawRow, below: RawRow): boolean {
  const cells = filled(below);
  return (
    cells.length > 0 && cells.every((cell) => cell.kind === 's' && isUnit(cell.text)) && isUnder(row, below)
  );
}

function isUnder(row: RawRow, below: RawRow): boolean {
  return below.cells.every((cell, i) => cell.text.trim() === '' || textAt(row, i) !== '');
}

/**
 * `Region | Income |` above ` | Men | Women`: only texts, in columns where the row above has none, and not where the
 * data has values.
 */
function goesOn(row: RawRow, below: RawRow, data: readonly RawRow[]): boolean {
  if (!filled(below).every(isLabel)) return false;
  const columns = Array.from({ length: Math.max(row.cells.length, below.cells.length) }, (_, i) => i);
  const fills = columns.some((i) => textAt(row, i) === '' && textAt(below, i) !== '');
  const leaves = columns.filter((i) => textAt(row, i) !== '' && textAt(below, i) === '');
  const leavesData = leaves.length > 0 && leaves.every((i) => hasData(data, i));
  return fills && leavesData && distinct(headerBlock([row, below]));
}

/** `2025 | | 2024` above `Q1 | Q2 | Q1`: without the row above, headers are duplicate or missing. */
function headsGroups(above: RawRow, row: RawRow, data: readonly RawRow[]): boolean {
  const alone = headerBlock([row]);
  const missing = row.cells.some(
    (_, i) =>
      textAt(row, i) === '' && textAt(above, i) !== '' && data.some((other) => textAt(other, i) !== ''),
  );
  return (missing || !distinct(alone)) && distinct(headerBlock([above, row]));
}

function distinct({ cells }: HeaderBlock): boolean {
  const named = cells.map(({ label }) => label.trim().toLowerCase()).filter((label) => label !== '');
  return new Set(named).size === named.length;
}

export function filled(row: RawRow): readonly RawCell[] {
  return row.cells.filter((cell) => cell.text.trim() !== '');
}

/** Empty where a cell is blank or a name. */
function otherText(cell: RawCell): string {
  return isLabel(cell) ? '' : cell.text.trim();
}

function isLabel(cell: RawCell): boolean {
  return cell.kind === 's' && /\p{L}/u.test(cell.text) && !/^\d{1,4}[-/.]\d/.test(cell.text);
}

/** Headers name different things; a row of data may repeat a text. The gate reports a duplicate header. */
function different(cells: readonly RawCell[]): boolean {
  return new Set(cells.map((cell) => cell.text.trim().toLowerCase())).size > cells.length * 0.6;
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
