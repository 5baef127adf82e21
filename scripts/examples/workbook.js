import ExcelJS from 'exceljs';

const MADE = new Date('2025-07-01T08:00:00Z');
/** 1 July 2025, 08:00, as zip entries write it: two seconds a unit, years since 1980. */
const DOS_TIME = 8 << 11;
const DOS_DATE = ((2025 - 1980) << 9) | (7 << 5) | 1;

export function newWorkbook() {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Tidemark examples';
  workbook.lastModifiedBy = 'Tidemark examples';
  workbook.created = MADE;
  workbook.modified = MADE;
  return workbook;
}

/** The workbook's bytes, with one fixed time on every entry of the archive in place of the present one. */
export async function workbookBytes(workbook) {
  const bytes = Buffer.from(await workbook.xlsx.writeBuffer({ zip: { compressionOptions: { level: 9 } } }));
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let entry = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    stamp(bytes, entry + 12);
    stamp(bytes, bytes.readUInt32LE(entry + 42) + 10);
    entry += 46 + bytes.readUInt16LE(entry + 28) + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return bytes;
}

function stamp(bytes, at) {
  bytes.writeUInt16LE(DOS_TIME, at);
  bytes.writeUInt16LE(DOS_DATE, at + 2);
}
