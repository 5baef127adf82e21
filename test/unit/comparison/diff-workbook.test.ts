import ExcelJS from 'exceljs';
import { expect, it } from 'vitest';
import { diffWorkbook } from '../../../src/comparison/diff-workbook.ts';
import { comparison } from './comparison-for-test.ts';

it('holds numbers as numbers and every text as a text that cannot run', async () => {
  const bytes = await diffWorkbook([comparison()], 'abc');
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes.buffer as ArrayBuffer);
  expect(book.worksheets.map((sheet) => sheet.name)).toEqual([
    'Summary',
    'Columns',
    'Patterns',
    'By',
    'Cells',
    'Rows',
  ]);
  const cells = book.getWorksheet('Cells');
  expect(cells?.getRow(2).getCell(7).value).toBe('=cmd()');
  expect(cells?.getRow(2).getCell(7).type).toBe(ExcelJS.ValueType.String);
  expect([cells?.getRow(3).getCell(6).value, cells?.getRow(3).getCell(7).value]).toEqual([0, '(empty)']);
  expect(book.getWorksheet('By')?.getRow(2).getCell(4).type).toBe(ExcelJS.ValueType.String);
  const rate = book.getWorksheet('Columns')?.getRow(2).getCell(5);
  expect([rate?.value, rate?.numFmt]).toEqual([0.4124, '0.00%']);
  book.eachSheet((sheet) =>
    sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).not.toBe(ExcelJS.ValueType.Formula))),
  );
});

it('keeps the digits of numbers that a spreadsheet would round', async () => {
  const cells = [
    { key: { id: 1 }, column: 'n', before: 9007199254740991, after: 12345678901234567890n, source_row: 1 },
  ];
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await diffWorkbook([comparison({ cells })], 'abc')).buffer as ArrayBuffer);
  const row = book.getWorksheet('Cells')?.getRow(2);
  expect([row?.getCell(6).value, row?.getCell(7).value]).toEqual([
    '9007199254740991',
    '12345678901234567890',
  ]);
});
