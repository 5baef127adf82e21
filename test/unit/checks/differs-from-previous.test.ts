import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { COLUMNS, FOLDER } from '../readers/xlsx/producer-facts.ts';
import { resavedByExceljs } from '../readers/xlsx/resaved-by-exceljs.ts';
import {
  datasetOf,
  type SheetCell,
  temporaryFolder,
  validateCells,
  validateFile,
} from '../validation/validate-text.ts';

const DATASET = datasetOf([{ name: 'id' }, { name: 'ratio', type: 'number' }, { name: 'note' }], {
  checks: [{ name: 'again', differs_from_previous: true, severity: 'warning' }],
});

type Row = readonly [id: string, ratio: string, note: string];
const cells = (rows: readonly Row[]): SheetCell[][] =>
  rows.map(([id, ratio, note]) => [
    ['s', id],
    ['n', ratio],
    [/^[-\d.e]+$/.test(note) ? 'n' : 's', note],
  ]);

/** Whether the second delivery is told to be the first one again. */
async function isTheSame(first: readonly Row[], second: readonly Row[]): Promise<boolean> {
  const may = await validateCells(DATASET, cells(first), { period: '2025-05' });
  const path = join(temporaryFolder(), 'may.parquet');
  writeFileSync(path, may.cleanedBytes as Buffer);
  const previous = { period: '2025-05', rows: may.accepted.length, path } as never;
  const june = await validateCells(DATASET, cells(second), { previous });
  return june.report.findings.some(({ code }) => code === 'same-as-previous');
}

const ROWS: Row[] = [
  ['a', '1.2', '0.3'],
  ['b', '0.1', 'text'],
  ['c', '1234567.891', '1.1e-7'],
];

test('the same rows in another order are last month again', async () => {
  expect(await isTheSame(ROWS, ROWS)).toBe(true);
  expect(await isTheSame(ROWS, [...ROWS].reverse())).toBe(true);
});

test('so are they after another program saved the workbook: digits past the fifteenth, in texts too', async () => {
  const saved: Row[] = [
    ['a', '1.2000000000000002', '0.30000000000000004'],
    ['b', '0.10000000000000001', 'text'],
    ['c', '1234567.8910000001', '1.1e-7'],
  ];
  expect(await isTheSame(ROWS, saved)).toBe(true);
  expect(await isTheSame(saved, ROWS)).toBe(true);
});

test.each<[string, Row]>([
  ['a number', ['a', '1.2000000000001', '0.3']],
  ['a number in a text', ['a', '1.2', '0.3000000000001']],
  ['a text', ['b', '0.1', 'Text']],
])('a row that differs in %s makes another month', async (_, row) => {
  const other = ROWS.map((one) => (one[0] === row[0] ? row : one));
  expect(await isTheSame(ROWS, other)).toBe(false);
});

const CHECKS = { checks: [{ name: 'again', differs_from_previous: true, severity: 'warning' }] };
const TYPES: Partial<Record<string, string>> = {
  units: 'integer',
  price: 'number',
  rate: 'number',
  seen_at: 'datetime',
};
const AS_TEXT = datasetOf(
  COLUMNS.map((name) => ({ name })),
  CHECKS,
);
const TYPED = datasetOf(
  COLUMNS.map((name) => ({ name, type: TYPES[name] ?? 'string' })),
  CHECKS,
);

/** Whether a workbook as June's file is told to be the rows of May, and how many rows that are. */
async function saidOfWorkbooks(
  dataset: typeof AS_TEXT,
  may: Buffer,
  june: Buffer,
): Promise<[boolean, number]> {
  const first = await validateFile(dataset, 'data_2025-05.xlsx', may, { period: '2025-05' });
  const path = join(temporaryFolder(), 'may.parquet');
  writeFileSync(path, first.cleanedBytes as Buffer);
  const previous = { period: '2025-05', rows: first.accepted.length, path } as never;
  const { report } = await validateFile(dataset, 'data_2025-06.xlsx', june, { previous });
  return [report.findings.some(({ code }) => code === 'same-as-previous'), first.accepted.length];
}

test.each(['officegen-0.6.5.xlsx', 'petl-1.7.30.xlsx', 'poi_sxssf-5.5.1.xlsx', 'eec-0.5.19.xlsx'])(
  "last month's %s saved again by exceljs is last month again, in columns of text and typed ones",
  async (name) => {
    const may = readFileSync(join(FOLDER, name));
    const june = await resavedByExceljs(may);
    expect(june.equals(may)).toBe(false);
    for (const dataset of [AS_TEXT, TYPED])
      expect(await saidOfWorkbooks(dataset, may, june)).toEqual([true, 12]);
  },
);

test('with one cell changed before it is saved again, it is another month', async () => {
  const may = readFileSync(join(FOLDER, 'petl-1.7.30.xlsx'));
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(may as never);
  const price = book.worksheets[0]?.getCell('D3');
  if (price === undefined) throw new Error('no sheet');
  price.value = Number(price.value) + 0.01;
  const june = Buffer.from(await book.xlsx.writeBuffer());
  for (const dataset of [AS_TEXT, TYPED])
    expect(await saidOfWorkbooks(dataset, may, june)).toEqual([false, 12]);
});
