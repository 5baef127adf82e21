import { counted } from '../domain/count.ts';
import type { ReportSummary } from '../steps/report.ts';
import { neutralise } from './log.ts';
import { renderTable } from './render-table.ts';

/** Limit on the lines of the summary; the report has all of them. */
const SHOWN = 20;

/** Why a delivery was refused: each problem with its count and its first cells. */
export function renderReportSummary(summary: ReportSummary | null, indent = ''): string {
  if (summary === null) return '';
  const reasons = summary.reasons.map((reason) => `${indent}${neutralise(reason)}\n`).join('');
  const totals = summary.totals.filter(({ severity }) => severity !== 'info');
  if (totals.length === 0) return reasons;
  const rows = totals
    .slice(0, SHOWN)
    .map((one) => [one.severity, one.count, one.message, one.cells.slice(0, 5).join(' ')]);
  const left = totals.length - SHOWN;
  const more = left > 0 ? `${indent}… and ${counted(left, 'more kind')}\n` : '';
  return `${reasons}${renderTable(['', 'times', 'what', 'cells'], rows, indent, 100)}${more}`;
}
