import { counted } from '../domain/count.ts';
import type { ToldFinding } from '../domain/finding.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { suggested, valueCell } from './report-problems.ts';

import type { ValidationReport } from './validation-report.ts';

const BYTES = 1_000_000;
/** More rows are for the workbooks, not for a page. */
const ROWS = 1000;

/** The same problems row by row, for somebody who goes through the file: each row by its number and key. */
export function problemRows(report: ValidationReport): Section | null {
  const told = report.findings.filter(
    (one) => one.severity !== 'info' && one.row !== null && one.hiddenBy === null,
  );
  if (told.length === 0 || report.structure !== undefined) return null;
  const rows = byRow(told);
  const first = rows.slice(0, ROWS);
  const { parts, more } = new PageBudget(BYTES).fit(first, ([, findings]) => linesOf(report, findings));
  const left = more + rows.length - first.length;
  const key = told.find((one) => one.key !== null)?.key;
  const since = report.sinceLast !== null;
  const where = report.sheet === null ? 'Line' : 'Row';
  const body = html`${report.sheet !== null && html`<p class="soft small">Rows of sheet ${report.sheet}, numbered as the sheet shows them.</p>`}<div class="scroll cards" tabindex="0" role="region" aria-label="Problems row by row"><table><thead><tr><th scope="col" class="num">${where}</th>${key && html`<th scope="col">${keyName(report, key)}</th>`}<th scope="col">Cell</th><th scope="col">Value</th><th scope="col">What is wrong</th><th scope="col">Expected</th>${since && html`<th scope="col">Since last</th>`}</tr></thead>${parts}</table></div>${
    left > 0 &&
    html`<p class="soft small">And ${counted(left, 'more row')} with problems that are told one by one in findings.json${report.rejectedCsv === null ? '' : `; all rows left out are in ${report.rejectedCsv}`}.</p>`
  }`;
  return { id: 'rows', title: 'Row by row', body };
}

/** In the order of the file; within a row in the order of the rules. */
function byRow(findings: readonly ToldFinding[]): (readonly [number, readonly ToldFinding[]])[] {
  const rows = new Map<number, ToldFinding[]>();
  for (const finding of findings) {
    const own = rows.get(finding.row ?? 0) ?? [];
    own.push(finding);
    rows.set(finding.row ?? 0, own);
  }
  return [...rows].sort(([a], [b]) => a - b);
}

function keyName(report: ValidationReport, key: NonNullable<ToldFinding['key']>): string {
  const titles = new Map(report.profile.map(({ name, title }) => [name, title]));
  return key.map(([name]) => titles.get(name) ?? name).join(', ');
}

/** One row of the file: its number and key once, then each of its cells. */
function linesOf(report: ValidationReport, findings: readonly ToldFinding[]): Markup {
  const [one] = findings;
  const span = findings.length > 1 ? html` rowspan="${findings.length}"` : html``;
  const hasKey = report.findings.some(({ key }) => key !== null);
  const keyText = one?.key?.map(([, value]) => value ?? '').join(', ') ?? '';
  const head = html`<th scope="rowgroup" class="num" data-l="${report.sheet === null ? 'Line' : 'Row'}"${span}>${one?.row}</th>${hasKey && html`<td class="key" data-l="Key"${span}>${keyText}</td>`}`;
  return html`<tbody>${findings.map(
    (finding, i) =>
      html`<tr>${i === 0 && head}<td class="cells" data-l="Cell">${finding.cells.slice(0, 6).join(', ')}</td><td class="value" data-l="Value">${valueCell(finding, finding.value)}</td><td class="words">${finding.severity === 'warning' && html`<span class="tag warning">Confirm</span> `}${finding.message}</td><td class="expected" data-l="Expected">${finding.expected}${finding.suggestions.length > 0 && html`${finding.expected !== null && html`<br>`}${suggested(finding.suggestions, finding.lastValue)}`}</td>${
        report.sinceLast !== null && html`<td class="since" data-l="Since last">${finding.since}</td>`
      }</tr>`,
  )}</tbody>`;
}
