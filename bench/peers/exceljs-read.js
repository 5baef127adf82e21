// node exceljs-read.js WORKBOOK: exceljs streams every row, and does nothing with it.
import exceljs from 'exceljs';

const reader = new exceljs.stream.xlsx.WorkbookReader(process.argv[2], {
  worksheets: 'emit',
  sharedStrings: 'cache',
  styles: 'cache',
  hyperlinks: 'ignore',
  entries: 'emit',
});
let rows = 0;
for await (const sheet of reader) for await (const row of sheet) rows += row.values.length > 0 ? 1 : 0;
process.stdout.write(`${rows}\n`);
