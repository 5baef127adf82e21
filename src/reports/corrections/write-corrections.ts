import { rmSync } from 'node:fs';
import type ExcelJS from 'exceljs';
import type { Limits } from '../../domain/limits.ts';
import { HEADINGS, PROBLEMS_SHEET, REPLY_PROPERTIES, SUMMARY_SHEET } from '../../domain/reply-marks.ts';
import { rowHeight } from '../package/row-height.ts';
import { excelText, shortened } from '../package/xml-text.ts';
import type { Problem, ProblemList } from '../problem-list.ts';
import type { ValidationReport } from '../validation-report.ts';
import { withCustomProperties } from './custom-properties.ts';
import { summaryLines } from './summary-lines.ts';

const LONGEST = 2000;
/** Columns of a file besides that of its row numbers; a worksheet has 16,384. */
const COLUMNS = 16_383;
/** Text format: the content of such a cell stays text, also after it was edited, and never runs as a formula. */
const TEXT = '@';
/** As wide as a page in landscape format, and as long as needed. */
const PRINTED = { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const;
const WINDOW = { x: 0, y: 0, width: 24_000, height: 12_000, firstSheet: 0, visibility: 'visible' } as const;
const BOLD = { name: 'Calibri', size: 11, bold: true } as const;
const LINK = { name: 'Calibri', size: 11, color: { argb: 'FF0563C1' }, underline: true } as const;
const TO_FILL = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE2F0D9' } } as const;
const FAULTY = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFC7CE' } } as const;
const WIDTHS: Record<keyof typeof HEADINGS, number> = {
  cell: 10,
  sheet: 14,
  row: 8,
  field: 20,
  value: 28,
  message: 48,
  fix: 44,
  suggestion: 20,
  corrected: 28,
  emptyCell: 12,
  deleteRow: 12,
};

/**
 * Writes corrections.xlsx: a summary, the problems with room for corrected values, and the rows concerned. It shows PII
 * in clear. The target must not exist yet.
 */
export async function writeCorrections(
  target: string,
  report: ValidationReport,
  list: ProblemList,
  limits: Limits,
): Promise<void> {
  // Loading the library takes longer than a small validation; most deliveries do not need it.
  const { default: excel } = await import('exceljs');
  const plain = `${target}.plain`;
  try {
    const book = new excel.stream.xlsx.WorkbookWriter({
      filename: plain,
      useStyles: true,
      useSharedStrings: false,
    });
    book.creator = 'Tidemark';
    // People fill in the second sheet; the first one explains how.
    book.views = [{ ...WINDOW, activeTab: 1 }];
    addSummary(book, report, list);
    addProblems(book, report.sheet, list);
    addRows(book, list);
    await book.commit();
    const marks = [
      [REPLY_PROPERTIES.fileId, String(report.fileId)],
      [REPLY_PROPERTIES.sha256, report.sha256],
    ] as const;
    await withCustomProperties(plain, target, marks, limits);
  } finally {
    rmSync(plain, { force: true });
  }
}

type Book = ExcelJS.stream.xlsx.WorkbookWriter;

function addSummary(book: Book, report: ValidationReport, list: ProblemList): void {
  const sheet = book.addWorksheet(SUMMARY_SHEET, { pageSetup: PRINTED });
  const widths = [16, 60, 22, 12, 12];
  sheet.columns = widths.map((width) => ({ width, style: { numFmt: TEXT } }));
  for (const { cells, bold } of summaryLines(report, list)) {
    const row = sheet.addRow(cells.map((cell) => (typeof cell === 'string' ? written(cell) : cell)));
    row.alignment = { vertical: 'top', wrapText: cells.length > 2 };
    if (bold) row.font = BOLD;
    if (cells.length > 2)
      row.height = rowHeight(
        cells.map((cell) => (cell === null ? null : String(cell))),
        widths,
      );
    row.eachCell((cell) => {
      if (typeof cell.value === 'number') cell.numFmt = '#,##0';
    });
    row.commit();
  }
  sheet.commit();
}

function addProblems(book: Book, sheetName: string | null, list: ProblemList): void {
  const sheet = book.addWorksheet(PROBLEMS_SHEET, {
    pageSetup: PRINTED,
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  const keys = Object.keys(HEADINGS) as (keyof typeof HEADINGS)[];
  sheet.columns = keys.map((key) => ({
    width: WIDTHS[key],
    style: { numFmt: TEXT, alignment: { vertical: 'top', wrapText: true } },
  }));
  const header = sheet.addRow(keys.map((key) => HEADINGS[key]));
  header.font = BOLD;
  header.commit();
  const places = new Map(list.rows.map(({ row }, i) => [row, i + 2]));
  for (const one of list.problems) {
    const row = sheet.addRow(cellsOf(one, sheetName).map((text) => (text === null ? null : written(text))));
    const place = one.row === null ? undefined : places.get(one.row);
    if (one.cell !== null && place !== undefined && one.column !== null && one.column < COLUMNS) {
      const link = row.getCell(1);
      link.value = { text: one.cell, hyperlink: `#Rows!${sheet.getColumn(one.column + 2).letter}${place}` };
      link.font = LINK;
    }
    const toFill = [...(one.cell === null ? [] : OF_CELLS), ...(one.row === null ? [] : OF_ROWS)];
    for (const key of toFill) row.getCell(keys.indexOf(key) + 1).fill = TO_FILL;
    row.height = rowHeight(
      cellsOf(one, sheetName),
      keys.map((key) => WIDTHS[key]),
    );
    row.commit();
  }
  sheet.autoFilter = {
    from: { row: 1, column: 1 },
    to: { row: list.problems.length + 1, column: keys.length },
  };
  sheet.commit();
}

/** What people can fill in for a problem with a cell, and for one with a row. */
const OF_CELLS = ['corrected', 'emptyCell'] as const;
const OF_ROWS = ['deleteRow'] as const;

function cellsOf(one: Problem, sheet: string | null): (string | null)[] {
  const row = one.row === null ? null : String(one.row);
  const { cell, field, label, value, message, fix, suggestion } = one;
  const about = row === null ? null : sheet;
  return [cell, about, row, label ?? field, value, message, fix, suggestion, null, null, null];
}

function addRows(book: Book, list: ProblemList): void {
  const sheet = book.addWorksheet('Rows', {
    pageSetup: PRINTED,
    views: [{ state: 'frozen', xSplit: 1, ySplit: 1 }],
  });
  const width = Math.min(
    COLUMNS,
    list.rows.reduce((most, { cells }) => Math.max(most, cells.length), list.headers.length),
  );
  sheet.columns = Array.from({ length: width + 1 }, (_, i) => ({
    width: i === 0 ? 8 : Math.min(40, Math.max(12, (list.headers[i - 1] ?? '').length + 2)),
    style: { numFmt: TEXT },
  }));
  const header = sheet.addRow(['Row', ...list.headers.slice(0, width).map(written)]);
  header.font = BOLD;
  header.commit();
  const faulty = new Map<number, Set<number>>();
  for (const { row, column, cell } of list.problems) {
    if (row === null || column === null || cell === null) continue;
    faulty.set(row, (faulty.get(row) ?? new Set()).add(column));
  }
  for (const { row: number, cells } of list.rows) {
    const row = sheet.addRow([
      String(number),
      ...cells.slice(0, width).map((text) => (text === null || text === '' ? null : written(text))),
    ]);
    for (const column of faulty.get(number) ?? []) if (column < width) row.getCell(column + 2).fill = FAULTY;
    row.commit();
  }
  sheet.commit();
}

function written(text: string): string {
  return excelText(shortened(text, LONGEST));
}
