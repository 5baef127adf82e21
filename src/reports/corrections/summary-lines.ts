import { grouped } from '../../domain/count.ts';
import { HEADINGS, SUMMARY_MARKS, YES } from '../../domain/reply-marks.ts';
import { type ProblemList, ruleKey } from '../problem-list.ts';
import type { ValidationReport } from '../validation-report.ts';

export interface SummaryLine {
  readonly cells: readonly (string | number | null)[];
  readonly bold: boolean;
}

const SEVERITY = { error: 'Correct', warning: 'Confirm', info: 'Note' } as const;

/** The first sheet of corrections.xlsx: the result of the file, how to reply, and every rule with its exact count. */
export function summaryLines(report: ValidationReport, list: ProblemList): SummaryLine[] {
  const line = (...cells: (string | number | null)[]): SummaryLine => ({ cells, bold: false });
  const title = (...cells: (string | number | null)[]): SummaryLine => ({ cells, bold: true });
  const { read, accepted, rejected } = report.rows;
  const slice = report.slice === '' ? [] : [line('Slice', report.slice)];
  const sheet = report.sheet === null ? [] : [line('Sheet', report.sheet)];
  const told = report.totals.filter(({ severity }) => severity !== 'info');
  return [
    title(report.title),
    title(
      report.verdict === 'refused'
        ? 'This file cannot be used yet.'
        : 'This file is accepted, with what is listed here.',
    ),
    ...report.refusals.map((reason) => line(reason)),
    line(''),
    line('Dataset', report.dataset),
    ...(report.period === 'none' ? [] : [line('Period', report.period)]),
    ...slice,
    line('File', report.file),
    ...sheet,
    line(SUMMARY_MARKS.fileId, String(report.fileId)),
    line(SUMMARY_MARKS.sha256, report.sha256),
    line(
      'Rows',
      `${grouped(read)} in the file, ${grouped(accepted)} accepted, ${grouped(rejected)} left out`,
    ),
    line(''),
    title('What to do'),
    line(`1. On the sheet Problems, write the right value into '${HEADINGS.corrected}'.`),
    line(
      `2. Or write ${YES} into '${HEADINGS.emptyCell}' to empty the cell, or into '${HEADINGS.deleteRow}' to take out the whole row.`,
    ),
    line('3. Leave all three empty where nothing is to change.'),
    line('4. Save this file and drop it into data/landed, under any name that ends with .xlsx.'),
    line('Or correct your own file and deliver it again: both count the same.'),
    line(''),
    title('', 'What', 'Field', 'Count', 'Listed'),
    ...told.map((total) =>
      line(
        SEVERITY[total.severity],
        total.message,
        total.field,
        total.count,
        list.listed.get(ruleKey(total)) ?? 0,
      ),
    ),
    line(''),
    line(shownOf('problem', list.problems.length, list.total, 'listed on the sheet Problems')),
    line(shownOf('row', list.rows.length, list.rowsInAll, 'given on the sheet Rows')),
  ];
}

/** `12,000 of 345,678 problems are …`, or that all are. */
export function shownOf(what: string, shown: number, all: number, where: string): string {
  const many = all === 1 ? `${what} is` : `${what}s are`;
  return shown >= all
    ? `${all === 1 ? 'The one' : `All ${grouped(all)}`} ${many} ${where}.`
    : `${grouped(shown)} of ${grouped(all)} ${many} ${where}.`;
}
