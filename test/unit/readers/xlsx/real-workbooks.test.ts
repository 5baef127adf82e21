import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { allRows } from './tiny-workbook.ts';

const folder = resolve(import.meta.dirname, '../../../fixtures/nics');

test('real monthly workbooks have the expected rows and totals', async () => {
  const expected = JSON.parse(readFileSync(resolve(folder, 'expected.json'), 'utf8'));
  const names = readdirSync(resolve(folder, 'landed')).filter((name) => name.endsWith('.xlsx'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const source = await openXlsx(resolve(folder, 'landed', name), DEFAULT_LIMITS);
    const checks = (await source.sheets()).find((sheet) => sheet.name === 'Checks');
    const [header, ...rows] = await allRows(source, checks);
    const column = header!.cells.findIndex(({ text }) => text === 'totals');
    const total = rows.reduce((sum, row) => sum + Number(row.cells[column]!.text), 0);
    expect({ rows: rows.length, total }, name).toEqual({
      rows: expected[name].rows,
      total: expected[name].totals,
    });
    await source.close();
  }
});
