import type { Finding } from '../domain/finding.ts';
import { html, type Markup } from './markup.ts';
import { number } from './report-html.ts';
import { findingsOf } from './report-summary.ts';
import type { ReportedTotal, ValidationReport } from './validation-report.ts';

/** Cells listed a rule, and in all: enough to work from, and the page stays small enough to send. */
const LISTED = 200;
const LISTED_IN_ALL = 3000;

/** Every problem with its cell, value, what was expected and how to mend it; open for what has to be corrected. */
export function details(report: ValidationReport): Markup {
  const told = report.totals.filter((total) => total.severity !== 'info' && total.shown > 0);
  if (told.length === 0) return html``;
  let left = LISTED_IN_ALL;
  const groups = told.map((total) => {
    const listed = findingsOf(report, total).slice(0, Math.min(LISTED, left));
    left -= listed.length;
    return group(report, total, listed);
  });
  return html`<h2>Details</h2>${groups}`;
}

function group(report: ValidationReport, total: ReportedTotal, findings: readonly Finding[]): Markup {
  const more = total.count - findings.length;
  const where = report.sheet === null ? 'Line' : 'Row';
  const inCells = findings.some((finding) => finding.row !== null);
  const table = html`<div class="scroll cards"><table><thead><tr>${inCells && html`<th>Cell</th><th class="num">${where}</th><th>Value</th>`}<th>What is wrong</th><th>How to mend it</th></tr></thead><tbody>${findings.map(
    (finding) =>
      html`<tr>${inCells && html`<td data-l="Cell">${finding.cell}</td><td class="num" data-l="${where}">${finding.row}</td><td data-l="Value">${finding.value === null ? html`<span class="soft">blank</span>` : html`<code>${finding.value}</code>`}</td>`}<td class="words">${finding.message}</td><td class="words" data-l="To do">${finding.fix}</td></tr>`,
  )}</tbody></table></div>`;
  const rest =
    more > 0 &&
    html`<p class="soft small">And ${number(more)} more of the same${report.rejectedCsv === null ? '' : `; all rows left out are in ${report.rejectedCsv}`}.</p>`;
  return html`<details open><summary><b>${total.message.replace(/\.$/, '')}</b> <span class="soft">(${number(total.count)})</span></summary>${table}${rest}</details>`;
}
