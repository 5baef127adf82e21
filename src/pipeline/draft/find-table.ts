import type { RawCell, RawRow, SheetInfo, Source } from '../../readers/reader.ts';

/** Where a file's table seems to stand. */
export interface TablePlace {
  readonly sheet: SheetInfo;
  /** How many sheets are visible; with one there is nothing to choose. */
  readonly visibleSheets: number;
  readonly header: RawRow;
  /** Rows under the header that were looked at and have text. */
  readonly rowsSeen: number;
}

/** As far down as the gate looks. */
const HEADER_ROWS = 20;
const SAMPLE_ROWS = 30;

/** The visible sheet with the widest table, the first of equals; null where no sheet has headers over data. */
export async function findTable(source: Source): Promise<TablePlace | null> {
  const visible = (await source.sheets()).filter((sheet) => sheet.visible);
  let best: TablePlace | null = null;
  for (const sheet of visible) {
    const rows = await source.head(sheet, HEADER_ROWS + SAMPLE_ROWS);
    const header = source.format === 'jsonl' ? (rows[0] ?? null) : findHeader(rows);
    if (header === null) continue;
    const below = rows.filter((row) => row.row > header.row).length;
    const place = { sheet, visibleSheets: visible.length, header, rowsSeen: below };
    if (best === null || score(place) > score(best)) best = place;
  }
  return best;
}

function score(place: TablePlace): number {
  return filled(place.header).length * Math.min(place.rowsSeen, SAMPLE_ROWS);
}

/** The first row that is mostly text and as wide as what follows it. */
export function findHeader(rows: readonly RawRow[]): RawRow | null {
  for (const [i, row] of rows.slice(0, HEADER_ROWS).entries()) {
    const below = rows.slice(i + 1, i + 1 + SAMPLE_ROWS);
    if (below.length === 0) continue;
    const width = middle(below.map((other) => filled(other).length));
    const cells = filled(row);
    const texts = cells.filter(isLabel);
    const wideEnough = cells.length >= Math.min(2, width) && cells.length >= width * 0.6;
    if (wideEnough && texts.length >= cells.length * 0.6 && different(texts)) return row;
  }
  return null;
}

export function filled(row: RawRow): readonly RawCell[] {
  return row.cells.filter((cell) => cell.text.trim() !== '');
}

function isLabel(cell: RawCell): boolean {
  return cell.kind === 's' && /\p{L}/u.test(cell.text) && !/^\d{1,4}[-/.]\d/.test(cell.text);
}

/** Headers name different things; a row of data may well repeat one. A doubled header is left for the gate to name. */
function different(cells: readonly RawCell[]): boolean {
  return new Set(cells.map((cell) => cell.text.trim().toLowerCase())).size > cells.length * 0.6;
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
