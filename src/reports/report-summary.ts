import { cellRanges } from '../domain/cell-ranges.ts';
import { grouped } from '../domain/count.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { isAboutCells, percent, topmost } from './report-words.ts';
import type { ReportedTotal, ValidationReport } from './validation-report.ts';

const BYTES = 300_000;
const FIRST_CELLS = 5;
const SEVERITY = { error: 'Correct', warning: 'Confirm', info: 'Note' } as const;
const ORDER = { error: 0, warning: 1, info: 2 };

/** One line per rule: how often, in which share of the rows, and where first. */
export function summary(report: ValidationReport): Section | null {
  if (report.structure !== undefined) return null;
  const told = report.totals.filter((total) => total.severity !== 'info' && isAboutCells(total));
  if (told.length === 0) return null;
  const sorted = [...told].sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || b.count - a.count);
  const { parts, more } = new PageBudget(BYTES).fit(sorted, (total) => line(report, total));
  const body = html`<div class="scroll cards" tabindex="0" role="region" aria-label="Summary by rule"><table><thead><tr><th scope="col">What is wrong</th><th scope="col"><span class="unseen">Kind</span></th><th scope="col" class="num">Count</th><th scope="col" class="num">Of rows</th><th scope="col">First cells</th></tr></thead>
<tbody>${parts}</tbody></table></div>${more > 0 && html`<p class="soft small">And ${grouped(more)} more kinds of problems.</p>`}
<p class="soft small">Rows that may be left out before the file is refused: ${report.threshold}.</p>`;
  return { id: 'summary', title: 'Summary', body };
}

function line(report: ValidationReport, total: ReportedTotal): Markup {
  const cells = firstCells(total);
  const share = report.rows.read > 0 ? percent(total.count / report.rows.read) : '';
  return html`<tr><th scope="row" class="words">${total.message}</th><td class="tagged"><span class="tag ${total.severity}">${SEVERITY[total.severity]}</span></td>
<td class="num" data-l="Count">${grouped(total.count)}</td><td class="num" data-l="Of rows">${share}</td><td data-l="First cells" class="cells">${cells.join(', ')}${total.count > FIRST_CELLS ? ' …' : ''}</td></tr>`;
}

function firstCells(total: ReportedTotal): string[] {
  return cellRanges(topmost([total], FIRST_CELLS));
}
