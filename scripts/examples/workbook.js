import ExcelJS from 'exceljs';
import { unzipSync, zipSync } from 'fflate';

const MADE = new Date('2025-07-01T08:00:00Z');

export function newWorkbook() {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Tidemark examples';
  workbook.lastModifiedBy = 'Tidemark examples';
  workbook.created = MADE;
  workbook.modified = MADE;
  return workbook;
}

/** The workbook's bytes, packed again so that no time of the day stands in the archive. */
export async function workbookBytes(workbook) {
  const parts = unzipSync(new Uint8Array(await workbook.xlsx.writeBuffer()));
  const names = Object.keys(parts).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  // A zip holds local time, so the moment is named in local time: the same digits in every time zone.
  const mtime = new Date(2025, 6, 1, 8, 0, 0);
  const packed = Object.fromEntries(names.map((name) => [name, [parts[name], { mtime, level: 9 }]]));
  return Buffer.from(zipSync(packed));
}

/** Readers expect the list of content types first. */
function rank(name) {
  return name === '[Content_Types].xml' ? 0 : 1;
}
