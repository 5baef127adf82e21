// node make-xlsx.js CSV FILE: the payments as a workbook with shared strings, dates and numbers in their own cell types.
import { createReadStream, renameSync } from 'node:fs';
import { createInterface } from 'node:readline';
import exceljs from 'exceljs';

const [csv, file] = process.argv.slice(2);
const workbook = new exceljs.stream.xlsx.WorkbookWriter({ filename: `${file}.tmp`, useStyles: true, useSharedStrings: true });
const sheet = workbook.addWorksheet('Payments');
let isHeader = true;
for await (const line of createInterface({ input: createReadStream(csv) })) {
  const cells = line.split(',');
  sheet.addRow(isHeader ? cells : typed(cells)).commit();
  if (isHeader) {
    sheet.getColumn(5).numFmt = 'dd/mm/yyyy';
    sheet.getColumn(9).numFmt = 'yyyy-mm-dd hh:mm:ss';
  }
  isHeader = false;
}
await workbook.commit();
renameSync(`${file}.tmp`, file);

function typed([id, account, holder, region, birth, amount, share, active, updated, kind]) {
  const [day, month, year] = birth.split('/').map(Number);
  const born = new Date(Date.UTC(year, month - 1, day));
  const at = new Date(`${updated.replace(' ', 'T')}Z`);
  return [Number(id), account, holder, region, born, Number(amount), Number(share), active, at, kind];
}
