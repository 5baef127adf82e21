import { parseSlice } from '../domain/slice.ts';
import type { ReportedTotal, ValidationReport } from './validation-report.ts';

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the report is about: the dataset's title, its period and slice. */
export function titleOf(report: ValidationReport): string {
  const slice = parseSlice(report.slice).map(([name, value]) => `${name} ${value}`);
  return [report.title, ...(report.period === 'none' ? [] : [report.period]), ...slice].join(' · ');
}

/** Without its full stop, for headings. */
export function heading(message: string): string {
  return message.replace(/\.$/, '');
}

/** A share of the rows, in at most three digits. */
export function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.01 ? '<0.01%' : `${value.toFixed(value < 10 ? 2 : 1)}%`;
}

/** Totals about cells and rows; the other totals are about the file as a whole. */
export function isAboutCells(total: ReportedTotal): boolean {
  return total.groups.some(({ cells }) => cells.length > 0);
}

export function ofSeverity(report: ValidationReport, severity: ReportedTotal['severity']): ReportedTotal[] {
  return report.totals.filter((total) => total.severity === severity);
}

/** The first cells in the order of the file's rows. */
export function topmost(totals: readonly ReportedTotal[], count: number): string[] {
  const rowOf = (cell: string) => Number(/^\d+|\d+$/.exec(cell)?.[0] ?? 0);
  const all = totals.flatMap(({ groups }) => groups.flatMap(({ cells }) => cells.slice(0, count)));
  return all.sort((a, b) => rowOf(a) - rowOf(b)).slice(0, count);
}
