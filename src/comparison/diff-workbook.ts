import ExcelJS from 'exceljs';
import { sliceShown } from '../domain/slice.ts';
import type { Cell } from '../warehouse/warehouse.ts';
import type { Comparison } from './comparison.ts';
import { heading, keyProblemText, keyText, schemaText, sourceColumn, verdict } from './wording.ts';

type Value = string | number | boolean | null;

/** Characters that a cell of a workbook can hold, and digits that a spreadsheet keeps of a number. */
const MAX_TEXT = 32_767;
const DIGITS = 15;

/**
 * The same as on the page, one sheet per table: numbers as numbers, and every text as text, whatever it begins with.
 */
export async function diffWorkbook(
  comparisons: readonly Comparison[],
  fingerprint: string,
): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  summarySheet(book, comparisons, fingerprint);
  const each = <T>(rows: (comparison: Comparison) => readonly T[], cells: (row: T) => Value[]) =>
    comparisons.flatMap((one) => rows(one).map((row) => [...about(one), ...cells(row)]));
  sheet(book, 'Columns', ['Column', 'Changed', 'Of rows', 'Became empty', 'Were empty'], {
    rows: each(
      (one) => one.columns,
      (row) => [row.column, row.changed, row.rate, row.emptied, row.filled],
    ),
    percent: 'Of rows',
  });
  sheet(book, 'Patterns', ['Rows', 'Column', 'Before', 'After'], {
    rows: each(
      (one) => one.patterns,
      (row) => [row.rows, row.column, cell(row.before), cell(row.after)],
    ),
  });
  sheet(book, 'By', ['By', 'Value', 'Added', 'Modified', 'Removed', 'Closed', 'Unchanged'], {
    rows: each(
      (one) => one.by.flatMap(({ column, groups }) => groups.map((group) => ({ column, ...group }))),
      (row) => [row.column, cell(row.value), row.added, row.modified, row.removed, row.closed, row.unchanged],
    ),
  });
  const [source = 'In the file'] = comparisons.map(sourceColumn);
  sheet(book, 'Cells', ['Row', source, 'Column', 'Before', 'After'], {
    rows: each(
      (one) => one.cells,
      (row) => [keyText(row.key), row.source_row, row.column, cell(row.before), cell(row.after)],
    ),
  });
  sheet(book, 'Rows', ['Change', 'Row', source], {
    rows: each(
      (one) => one.rows,
      (row) => [row.change, keyText(row.key), row.source_row],
    ),
  });
  return new Uint8Array(await book.xlsx.writeBuffer());
}

function about(comparison: Comparison): Value[] {
  return [comparison.period, sliceShown(comparison.slice)];
}

function summarySheet(book: ExcelJS.Workbook, comparisons: readonly Comparison[], fingerprint: string): void {
  const target = book.addWorksheet('Summary');
  target.columns = [{ width: 24 }, { width: 90 }];
  const line = (name: string, value: Value) => {
    const row = target.addRow([safe(name), safe(value)]);
    row.getCell(1).font = { bold: true };
    row.alignment = { vertical: 'top', wrapText: true };
  };
  for (const comparison of comparisons) {
    const { counts } = comparison;
    line('What', heading(comparison));
    line('After', comparison.after);
    line('Before', comparison.before);
    line('Verdict', verdict([comparison]));
    for (const change of comparison.schema_changes) line('Column', schemaText(change));
    for (const problem of comparison.key_problems) line('Keys', keyProblemText(problem, comparison.key));
    for (const note of comparison.notes) line('Note', note);
    for (const [name, value] of Object.entries(counts)) line(name.replaceAll('_', ' '), value);
    if (comparison.tolerance !== null) line('Tolerance', comparison.tolerance);
    if (comparison.personal !== 'none') line('Personal data', comparison.personal);
    line('Fingerprint', comparison.fingerprint);
    target.addRow([]);
  }
  if (comparisons.length > 1) line('Fingerprint of all', fingerprint);
}

function sheet(
  book: ExcelJS.Workbook,
  name: string,
  header: readonly string[],
  of: { readonly rows: readonly (readonly Value[])[]; readonly percent?: string },
): void {
  if (of.rows.length === 0) return;
  const target = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  const all = ['Period', 'Slice', ...header];
  target.columns = all.map((title) => ({
    width: ['Before', 'After', 'Row', 'Value'].includes(title) ? 32 : 16,
    ...(title === of.percent ? { style: { numFmt: '0.00%' } } : {}),
  }));
  target.addRow(all).font = { bold: true };
  for (const row of of.rows) target.addRow(row.map(safe));
}

function cell(value: Cell): Value {
  if (value === null) return '(empty)';
  return typeof value === 'bigint' ? String(value) : value;
}

/** Digits that a spreadsheet would lose stay text; text that XML cannot hold is written as Excel writes it. */
function safe(value: Value): Value {
  if (typeof value === 'number' && Number.isSafeInteger(value) && String(Math.abs(value)).length > DIGITS)
    return String(value);
  if (typeof value !== 'string') return value;
  const text = value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT - 1)}…` : value;
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g,
    (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}
