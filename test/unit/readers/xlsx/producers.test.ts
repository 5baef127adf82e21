import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { COLUMNS, EXCEPTIONS, FOLDER, facts, WORKBOOKS } from './producer-facts.ts';
import { allRows } from './tiny-workbook.ts';

/** What each file says in another way than the facts; see the README beside the workbooks. */
const SAID: Record<string, readonly (keyof typeof EXCEPTIONS)[]> = {
  'aspose_cells_foss-26.10.0.xlsx': ['noBlank', 'serial16', 'wholeSeconds', 'uncalculated', 'unescaped'],
  'atomictech_xlsx_write_stream-2.0.2.xlsx': ['noBlank', 'uncalculated', 'unescaped'],
  'better_xlsx-0.7.6.xlsx': ['noBlank', 'serial16', 'uncalculated', 'unescaped'],
  'duckdb_excel-1.4.4.xlsx': ['noBlank', 'serial16', 'unescaped'],
  'eec-0.5.19.xlsx': ['noBlank', 'serial16', 'wholeSeconds', 'unescaped'],
  'excel4node-1.8.2.xlsx': ['noBlank', 'uncalculated', 'unescaped'],
  'excel_builder_vanilla-5.2.5.xlsx': ['serial16', 'uncalculated', 'unescaped'],
  'excel_export-0.5.1.xlsx': ['noBlank', 'serial16', 'unescaped'],
  'excel_writer_xlsx_perl-1.10.xlsx': ['uncalculated'],
  'excelize-2.11.1.xlsx': ['uncalculated', 'unescaped'],
  'excelize_py-0.1.0.xlsx': ['year2036', 'wholeSeconds', 'uncalculated', 'unescaped'],
  'excelize_stream-2.11.1.xlsx': ['uncalculated'],
  'exceljs-4.4.0.xlsx': ['serial16', 'uncalculated', 'unescaped'],
  'exceljs_stream-4.4.0.xlsx': ['serial16', 'unescaped'],
  'fastexcel_dhatim-0.20.2.xlsx': ['uncalculated', 'unescaped'],
  'fastexcel_idev-1.3.0.xlsx': ['zeros', 'unescaped'],
  'fastexcel_idev_nomodel-1.3.0.xlsx': ['unescaped'],
  'fastpyxl-1.1.0.xlsx': ['uncalculated', 'unescaped'],
  'fastxlsx-0.2.0.xlsx': [],
  'gnumeric-1.12.55.xlsx': ['noBlank', 'hundredths', 'unescaped'],
  'gnumeric_2007-1.12.55.xlsx': ['noBlank', 'unescaped'],
  'holy_sheet-0.10.0.xlsx': [
    'numericIds',
    'serial16',
    'wholeSeconds',
    'uncalculated',
    'unescaped',
    'numericNotes',
  ],
  'hucre-1.0.0.xlsx': ['uncalculated', 'unescaped'],
  'hucre_inline-1.0.0.xlsx': ['noBlank', 'before1904', 'unescaped'],
  'ironcalc-0.9.1.xlsx': ['noBlank', 'noise', 'serial16'],
  'jetxl_arrow-0.3.1.xlsx': ['wholeSeconds', 'uncalculated', 'unescaped'],
  'jetxl_dict-0.3.1.xlsx': ['wholeSeconds', 'unescaped'],
  'json_as_xlsx-2.6.4.xlsx': ['unescaped'],
  'libreoffice-7.4.7.xlsx': ['serial16'],
  'libxlsxwriter-1.1.4.xlsx': ['uncalculated', 'unescaped'],
  'officegen-0.6.5.xlsx': ['noBlank', 'zoned', 'noTruth', 'unescaped'],
  'openpyxl-3.1.5.xlsx': ['uncalculated', 'unescaped'],
  'openpyxl_write_only-3.1.5.xlsx': ['uncalculated', 'unescaped'],
  'opensheet_core-0.3.0.xlsx': ['noBlank', 'uncalculated', 'unescaped'],
  'oxlsx-0.2.0.xlsx': ['noBlank', 'uncalculated', 'unescaped'],
  'pandas_openpyxl-2.3.3.xlsx': ['uncalculated', 'unescaped'],
  'pandas_xlsxwriter-2.3.3.xlsx': ['uncalculated'],
  'petl-1.7.30.xlsx': ['unescaped'],
  'poi_sxssf-5.5.1.xlsx': ['zeros', 'unescaped'],
  'poi_xssf-5.5.1.xlsx': ['uncalculated', 'unescaped'],
  'polars-2.1.0.xlsx': ['uncalculated'],
  'pyexcel-0.7.6.xlsx': ['uncalculated', 'unescaped'],
  'pyexcel_xlsxw-0.6.1.xlsx': ['uncalculated', 'unescaped'],
  'pyexcelerate-0.13.0.xlsx': ['uncalculated', 'unescaped'],
  'pyfastexcel-0.1.9.xlsx': ['microseconds', 'uncalculated'],
  'pylightxl-1.61.xlsx': ['twiceEscaped', 'milliseconds', 'uncalculated', 'unescaped'],
  'r_openxlsx-4.2.5.2.xlsx': ['uncalculated', 'unescaped'],
  'rapidxlsx-0.1.0.xlsx': ['milliseconds', 'unescaped'],
  'rust_xlsxwriter-0.102.0.xlsx': ['uncalculated'],
  'rustpy_xlsxwriter-0.8.0.xlsx': ['wholeSeconds'],
  'sheetjs-0.20.3.xlsx': ['uncalculated', 'unescaped'],
  'sheetjs_cellDates_bookSST-0.20.3.xlsx': ['uncalculated', 'unescaped'],
  'simple_excel_writer-0.2.0.xlsx': ['serial16', 'unescaped'],
  'styleframe-4.2.xlsx': ['uncalculated', 'unescaped'],
  'tablib-3.10.0.xlsx': ['uncalculated', 'unescaped'],
  'tealeg-1.0.5.xlsx': ['noBlank', 'serial16', 'wholeSeconds', 'uncalculated', 'unescaped'],
  'tealeg_v3-3.3.13.xlsx': ['serial16', 'uncalculated', 'unescaped'],
  'turbo_xlsx_rs-0.1.3.xlsx': ['serial16', 'unescaped'],
  'umya_spreadsheet-3.1.1.xlsx': ['uncalculated', 'unescaped'],
  'wolfxl-2.0.21.xlsx': ['wholeSeconds', 'uncalculated', 'unescaped'],
  'write_excel_file-4.1.1.xlsx': ['serial16', 'uncalculated', 'unescaped'],
  'xlsx_js_style-1.2.0.xlsx': ['serial16', 'uncalculated', 'unescaped'],
  'xlsx_populate-1.21.0.xlsx': ['uncalculated', 'unescaped'],
  'xlsx_stream_writer-0.2.6.xlsx': ['noBlank', 'sentences', 'smallTruths', 'unescaped'],
  'xlsxlite-1.1.1.xlsx': ['noBlank', 'serial16', 'unescaped'],
  'xlsxturbo-1.12.1.xlsx': ['formulaTexts'],
  'xlsxturbo_csv-1.12.1.xlsx': ['numericIds', 'numericNotes'],
  'xlsxwriter-3.3.1.xlsx': ['uncalculated'],
  'xlsxwriter_constant_memory-3.3.1.xlsx': ['uncalculated'],
  'zipcelx-1.6.2.xlsx': ['noBlank', 'zoned', 'smallTruths', 'unescaped'],
};

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
