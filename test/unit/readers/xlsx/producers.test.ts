import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { COLUMNS, EXCEPTIONS, FOLDER, facts, WORKBOOKS } from './producer-facts.ts';
import { SAID } from './producers-said.ts';
import { allRows } from './tiny-workbook.ts';

/** Workbooks with rows of their own. A totals row is read like any other; that it is one, the gate has to know. */
const OWN: Record<string, readonly (readonly string[])[]> = {
  'duckdb_decimal-1.4.4.xlsx': [
    ['id', 'amount', 'serial'],
    ['00417', '1234567890123456.78', '1234567890123456789'],
    ['00418', '0.1', '9007199254740993'],
  ],
  'exceljs_totals_row-4.4.0.xlsx': [
    ['id', 'units', 'price'],
    ['00417', '3', '1.5'],
    ['00418', '4', '2.5'],
    ['Totals:', '7', '2'],
  ],
  'fastexcel_idev_iso_format-1.3.0.xlsx': [
    ['id', 'iso', 'ms'],
    ['00411', '2025-06-29T18:00:00', '2025-06-29T18:00:00'],
    ['00412', '2025-06-30T18:00:00', '2025-06-30T18:00:00'],
  ],
  'libreoffice_quarter_format-7.4.7.xlsx': [
    ['id', 'quarter'],
    ['00417', '2025-06-30'],
    ['00418', '2025-02-01'],
  ],
  'openpyxl_negative_duration-3.1.5.xlsx': [
    ['id', 'late_by'],
    ['00417', '01:05:00'],
    ['00418', '-00:05:00'],
  ],
  'pandas_two_header_rows-2.3.3.xlsx': [
    ['', 'A', 'B'],
    ['', 'units', 'units'],
    ['id'],
    ['00417', '1', '4'],
    ['00418', '2', '5'],
  ],
  'polars_totals_row-2.1.0.xlsx': [
    ['id', 'units', 'price'],
    ['00417', '3', '19.99'],
    ['00418', '12', '0.1'],
    ['', '#FORMULA', '#FORMULA'],
  ],
  'xlsxwriter_subtotals-3.3.1.xlsx': [
    ['region', 'units'],
    ['North', '1'],
    ['North', '2'],
    ['North Total', '3'],
    ['South', '3'],
    ['South Total', '3'],
    ['Grand Total', '6'],
  ],
};

async function rowsOf(name: string): Promise<string[][]> {
  const source = await openXlsx(resolve(FOLDER, name), DEFAULT_LIMITS);
  try {
    const rows = await allRows(source, (await source.sheets())[0]);
    return rows.map(({ cells }) => cells.map(({ text }) => text));
  } finally {
    await source.close();
  }
}

describe('the same facts by many producers', () => {
  test('every workbook is known', () => {
    expect([...Object.keys(SAID), ...Object.keys(OWN)].sort()).toEqual([...WORKBOOKS].sort());
  });

  test.each(Object.entries(SAID))('%s says them, but for %j', async (name, exceptions) => {
    const wanted = facts().map((row) => {
      const said = exceptions.reduce((one, exception) => ({ ...one, ...EXCEPTIONS[exception](one) }), row);
      return COLUMNS.map((column) => said[column]);
    });
    const rows = await rowsOf(name);
    const header = rows.findIndex(([first]) => first === 'id');
    expect(rows[header]).toEqual([...COLUMNS]);
    const read = rows.slice(header + 1).map((row) => COLUMNS.map((_, i) => row[i] ?? ''));
    expect(read).toEqual(wanted);
  });

  test.each(Object.entries(OWN))('%s has rows of its own', async (name, wanted) => {
    expect(await rowsOf(name)).toEqual(wanted);
  });
});
