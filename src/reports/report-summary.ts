import { html, type Markup } from './markup.ts';
import { number } from './report-html.ts';
import type { ReportedTotal, ValidationReport } from './validation-report.ts';

const FIRST_CELLS = 5;
const SEVERITY = { error: 'Correct', warning: 'Confirm', info: 'Note' } as const;

/** One line a rule: how often, in how large a part of the rows, and where first. */
export function summary(report: ValidationReport): Markup {
  const told = report.totals.filter((total) => total.severity !== 'info');
  if (told.length === 0) return html``;
  const order = { error: 0, warning: 1, info: 2 };
  const sorted = [...told].sort((a, b) => order[a.severity] - order[b.severity] || b.count - a.count);
  return html`<h2>Summary</h2><div class="scroll cards"><table><thead><tr><th></th><th>What</th><th class="num">Count</th><th class="num">Of rows</th><th>First cells</th></tr></thead>
<tbody>${sorted.map((total) => line(report, total))}</tbody></table></div>`;
}

function line(report: ValidationReport, total: ReportedTotal): Markup {
  const cells = firstCells(report, total);
  const share =
    report.rows.read > 0 && total.shown > 0 && cells.length > 0
      ? percent(total.count / report.rows.read)
      : '';
  return html`<tr><td><span class="tag ${total.severity}">${SEVERITY[total.severity]}</span></td><td class="words">${total.message}</td>
<td class="num" data-l="Count">${number(total.count)}</td><td class="num" data-l="Of rows">${share}</td><td data-l="First cells">${cells.join(', ')}${total.count > cells.length && cells.length > 0 ? ' …' : ''}</td></tr>`;
}

function firstCells(report: ValidationReport, total: ReportedTotal): string[] {
  const out: string[] = [];
  for (const finding of findingsOf(report, total)) {
    if (finding.cell !== null) out.push(finding.cell);
    if (out.length === FIRST_CELLS) break;
  }
  return out;
}

/** Findings stand in the order of the totals, `shown` of each. */
export function findingsOf(report: ValidationReport, total: ReportedTotal): ValidationReport['findings'] {
  let from = 0;
  for (const other of report.totals) {
    if (other === total) return report.findings.slice(from, from + total.shown);
    from += other.shown;
  }
  return [];
}

function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.01 ? '<0.01%' : `${value.toFixed(value < 10 ? 2 : 1)}%`;
}
