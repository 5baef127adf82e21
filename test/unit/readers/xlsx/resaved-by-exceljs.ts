import ExcelJS from 'exceljs';
import type { Doing } from './resaved.ts';

/** The workbook as exceljs loads it and saves it again. */
export async function resavedByExceljs(bytes: Buffer): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes as never);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** What exceljs itself changes in which of the producers' workbooks. */
export const CHANGED: Readonly<Record<string, readonly Doing[]>> = {
  'aspose_cells_foss-26.10.0.xlsx': ['keepsBlanks'],
  'atomictech_xlsx_write_stream-2.0.2.xlsx': ['keepsBlanks', 'yearAsSerial'],
  'better_xlsx-0.7.6.xlsx': ['keepsBlanks'],
  'duckdb_decimal-1.4.4.xlsx': ['binary'],
  'duckdb_excel-1.4.4.xlsx': ['keepsBlanks'],
  'eec-0.5.19.xlsx': ['keepsBlanks'],
  'excel4node-1.8.2.xlsx': ['keepsBlanks'],
  'excel_writer_xlsx_perl-1.10.xlsx': ['forgetsToCalculate', 'dropsEscape'],
  'fastxlsx-0.2.0.xlsx': ['dropsEscape'],
  'gnumeric-1.12.55.xlsx': ['keepsBlanks'],
  'gnumeric_2007-1.12.55.xlsx': ['keepsBlanks'],
  'hucre_inline-1.0.0.xlsx': ['keepsBlanks'],
  'ironcalc-0.9.1.xlsx': ['keepsBlanks', 'dropsEscape'],
  'libreoffice-7.4.7.xlsx': ['dropsEscape'],
  'libxlsxwriter-1.1.4.xlsx': ['forgetsToCalculate'],
  'officegen-0.6.5.xlsx': ['keepsBlanks'],
  'opensheet_core-0.3.0.xlsx': ['keepsBlanks'],
  'oxlsx-0.2.0.xlsx': ['keepsBlanks'],
  'pandas_xlsxwriter-2.3.3.xlsx': ['forgetsToCalculate', 'dropsEscape'],
  'polars-2.1.0.xlsx': ['forgetsToCalculate', 'dropsEscape'],
  'polars_totals_row-2.1.0.xlsx': ['forgetsToCalculate'],
  'pylightxl-1.61.xlsx': ['wordsAsNumbers'],
  'rust_xlsxwriter-0.102.0.xlsx': ['forgetsToCalculate', 'dropsEscape'],
  'sheetjs_cellDates_bookSST-0.20.3.xlsx': ['yearAsSerial'],
  'tealeg-1.0.5.xlsx': ['keepsBlanks'],
  'xlsx_stream_writer-0.2.6.xlsx': ['keepsBlanks'],
  'xlsxturbo-1.12.1.xlsx': ['dropsEscape'],
  'xlsxturbo_csv-1.12.1.xlsx': ['dropsEscape'],
  'xlsxwriter-3.3.1.xlsx': ['forgetsToCalculate', 'dropsEscape'],
  'xlsxwriter_constant_memory-3.3.1.xlsx': ['forgetsToCalculate'],
  'zipcelx-1.6.2.xlsx': ['keepsBlanks'],
};

/** Workbooks that exceljs cannot load, and what it says. */
export const NOT_LOADED: Readonly<Record<string, RegExp>> = {
  'excel_export-0.5.1.xlsx': /reading 'company'/,
  'excelize-2.11.1.xlsx': /Unexpected xml node.*lastModifiedBy/,
  'excelize_stream-2.11.1.xlsx': /Unexpected xml node.*lastModifiedBy/,
  'pyfastexcel-0.1.9.xlsx': /Unexpected xml node.*keywords/,
  'xlsxlite-1.1.1.xlsx': /Invalid row number/,
};
