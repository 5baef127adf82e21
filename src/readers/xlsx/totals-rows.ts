import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { TotalsRow } from '../reader.ts';
import { readRange } from './cell-range.ts';
import { readRelationships } from './relationships.ts';
import { scanElements } from './xml-elements.ts';
import { unescapeExcel } from './xml-text.ts';
import type { ZipReader } from './zip-reader.ts';

export interface TotalsRows {
  readonly rows: readonly TotalsRow[];
  /** Tables of the sheet whose parts are damaged, so that nothing is known about their rows. */
  readonly unread: number;
}

/**
 * The rows that are totals according to the tables of a sheet. No cell depends on the part of a table, so a damaged
 * part does not refuse the workbook; exceeding a limit does.
 */
export async function readTotalsRows(zip: ZipReader, sheetPart: string): Promise<TotalsRows> {
  const rows: TotalsRow[] = [];
  let unread = 0;
  const related = await unlessDamaged(() => readRelationships(zip, sheetPart));
  if (related === null) return { rows, unread: 1 };
  for (const { type, target } of related) {
    if (type !== 'table' || !zip.has(target)) continue;
    const found = await unlessDamaged(() => totalsOf(zip, target));
    if (found === null) unread++;
    else rows.push(...found);
  }
  return { rows, unread };
}

async function totalsOf(zip: ZipReader, part: string): Promise<readonly TotalsRow[]> {
  let rows: readonly TotalsRow[] = [];
  await scanElements(zip, part, 'table', (xml) => {
    if (xml.depth - (xml.empty ? 0 : 1) !== 0) return;
    const attributes = new Map(xml.attributes());
    const count = Number(attributes.get('totalsRowCount') ?? 0);
    const range = readRange(attributes.get('ref') ?? '');
    if (!Number.isInteger(count) || count < 1 || range === null) return;
    const { firstRow, lastRow, firstColumn, lastColumn } = range;
    const table = unescapeExcel(attributes.get('displayName') ?? attributes.get('name') ?? '');
    const length = Math.min(count, lastRow - firstRow);
    rows = Array.from({ length }, (_, i) => ({ row: lastRow - i, table, firstColumn, lastColumn }));
  });
  return rows;
}

async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'file-unreadable') return null;
    throw error;
  }
}
