import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { datasetOf, type SheetCell, temporaryFolder, validateCells } from '../validate-text.ts';

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
