import { setImmediate as turn } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import { counted } from '../domain/count.ts';
import { options, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { ExportCell, ExportColumn, ParquetScan } from './parquet-scan.ts';

/** Rows and characters a workbook can hold; Excel's own bounds. */
const MAX_ROWS = 1_048_576;
const MAX_TEXT = 32_767;
const SECONDS_OF_DAY = 86_400;

/** Writes a workbook of one sheet, row by row: numbers as numbers where a double holds them exactly, else as text. */
export async function writeXlsx(
  scan: Pick<ParquetScan, 'columns' | 'chunks'>,
  path: string,
  sheetName: string,
): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    filename: path,
    useStyles: true,
    useSharedStrings: false,
  });
  const sheet = book.addWorksheet(sheetName.replace(/[*?:\\/[\]]/g, '_').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  sheet.columns = scan.columns.map(({ name, type }) => ({
    width: Math.min(40, Math.max(10, name.length + 2)),
    style: numberFormat(type),
  }));
  const header = sheet.addRow(scan.columns.map(({ name }) => printable(name)));
  header.font = { bold: true };
  header.commit();
  const readers = scan.columns.map(cellReader);
  let rows = 1;
  for await (const chunk of scan.chunks()) {
    rows += chunk.length;
    if (rows > MAX_ROWS) {
      throw new TidemarkError('limit-exceeded', {
        message: `A worksheet holds ${MAX_ROWS} rows at most; there are more to export.`,
        hint: words`Export one period, or use ${options({ format: 'csv' })} or parquet.`,
      });
    }
    for (const row of chunk)
      sheet.addRow(row.map((cell, i) => (cell === null ? null : readers[i]?.(cell)))).commit();
    // Waits until the bytes of this chunk are on the disk before the next chunk is made.
    await turn();
  }
  sheet.commit();
  await book.commit();
}

function numberFormat(type: string): { numFmt?: string } {
  if (type === 'DATE') return { numFmt: 'yyyy-mm-dd' };
  if (type.startsWith('TIMESTAMP')) return { numFmt: 'yyyy-mm-dd hh:mm:ss' };
  if (type === 'TIME') return { numFmt: 'hh:mm:ss' };
  const scale = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(type)?.[1];
  return scale === undefined || scale === '0' ? {} : { numFmt: `0.${'0'.repeat(Number(scale))}` };
}

function cellReader({ type }: ExportColumn): (cell: ExportCell) => ExportCell | Date {
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) return (cell) => dateOf(String(cell));
  if (type === 'TIME') return (cell) => dayFraction(String(cell));
  if (/^(BIGINT|HUGEINT|UBIGINT|UINTEGER|DECIMAL)/.test(type)) return (cell) => exactNumber(String(cell));
  if (type === 'DOUBLE' || type === 'FLOAT') return (cell) => (Number.isFinite(cell) ? cell : String(cell));
  return (cell) => (typeof cell === 'string' ? printable(cell) : cell);
}

/** Excel knows no dates before 1900; such a date stays text. */
function dateOf(text: string): Date | string {
  const at = new Date(`${text.slice(0, 10)}T${text.slice(11, 23) || '00:00:00'}Z`);
  return Number.isNaN(at.getTime()) || at.getTime() < Date.UTC(1900, 2, 1) ? text : at;
}

function dayFraction(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return (hours * 3600 + minutes * 60 + seconds) / SECONDS_OF_DAY;
}

/** A spreadsheet keeps fifteen digits of a number. */
function exactNumber(text: string): number | string {
  return text.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text;
}

/** XML cannot hold most control characters; Excel writes them as _xHHHH_. */
function printable(text: string): string {
  if (text.length > MAX_TEXT) {
    throw new TidemarkError('limit-exceeded', {
      message: `A text of ${counted(text.length, 'character')} does not fit a cell (${MAX_TEXT} at most).`,
      hint: words`Use ${options({ format: 'csv' })} or parquet.`,
    });
  }
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g,
    (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}
