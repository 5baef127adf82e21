import { cellRanges } from '../domain/cell-ranges.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { heading, isAboutCells, many, number, ofSeverity } from './report-words.ts';
import type { FindingGroup, ReportedTotal, ValidationReport } from './validation-report.ts';

/** Of all that is to be corrected, and of what is to be confirmed. */
const BYTES = { error: 1_400_000, warning: 500_000 } as const;
/** Of one rule, so that the first one does not take all the room. */
const RULE_BYTES = 150_000;
/** Ranges of cells a line. */
const RANGES = 30;

/** What has to be corrected, a rule at a time: findings that say the same stand in one line with their cells. */
export function toCorrect(report: ValidationReport): Section | null {
  if (report.structure !== undefined) return null;
  const rules = ofSeverity(report, 'error').filter(isAboutCells);
  return rules.length === 0
    ? null
    : { id: 'correct', title: 'To correct', body: rulesOf(report, rules, BYTES.error) };
}

/** Warnings: they refuse nothing, and somebody who knows the data should look at them. */
export function toConfirm(report: ValidationReport): Section | null {
  const rules = ofSeverity(report, 'warning');
  if (rules.length === 0) return null;
  const whole = rules.filter((total) => !isAboutCells(total)).flatMap(({ groups }) => groups);
  const cells = rules.filter(isAboutCells);
  const budget = new PageBudget(BYTES.warning / 2);
  const { parts } = budget.fit(
    whole,
    ({ message, fix }) => html`<li><b>${message}</b>${fix !== null && html`<br>${fix}`}</li>`,
  );
  const body = html`<p>These refuse nothing. If they are right as they are, nothing needs to be done.</p>
${parts.length > 0 && html`<ul class="plain mind">${parts}</ul>`}${cells.length > 0 && rulesOf(report, cells, BYTES.warning / 2)}`;
  return { id: 'confirm', title: 'Please confirm', body };
}

function rulesOf(report: ValidationReport, rules: readonly ReportedTotal[], bytes: number): Markup {
  const room = Math.max(2000, Math.min(RULE_BYTES, Math.floor(bytes / rules.length)));
  const { parts, more } = new PageBudget(bytes).fit(rules, (total) => ruleOf(report, total, room));
  return html`${parts}${more > 0 && html`<p class="soft small">And ${number(more)} more kinds of problems.</p>`}`;
}

function ruleOf(report: ValidationReport, total: ReportedTotal, bytes: number): Markup {
  const { parts } = new PageBudget(bytes).fit(total.groups, (group) => lineOf(report, group));
  const shown = total.groups.slice(0, parts.length).reduce((sum, { count }) => sum + count, 0);
  const left = total.count - shown;
  const all =
    report.rejectedCsv !== null && total.severity === 'error'
      ? `; all rows left out are in ${report.rejectedCsv}`
      : '';
  const rest = left > 0 && html`<p class="soft small">And ${number(left)} more of the same kind${all}.</p>`;
  return html`<details open><summary><h3>${heading(total.message)}</h3> <span class="soft">(${number(total.count)})</span></summary>
<div class="scroll cards" tabindex="0" role="region" aria-label="${heading(total.message)}"><table><thead><tr><th scope="col">Value</th><th scope="col" class="num">Count</th><th scope="col">Cells</th><th scope="col">What is wrong</th><th scope="col">How to mend it</th></tr></thead><tbody>${parts}</tbody></table></div>${rest}</details>
`;
}

function lineOf(report: ValidationReport, group: FindingGroup): Markup {
  const ranges = cellRanges(group.cells);
  const more = ranges.length > RANGES || group.cells.length < group.count ? ' …' : '';
  const others = group.suggestions.filter((one) => !(group.fix ?? '').includes(`'${one}'`));
  return html`<tr><td data-l="Value">${valueCell(group.value)}</td><td class="num" data-l="Count">${number(group.count)}</td><td class="cells" data-l="${report.sheet === null ? 'Lines' : 'Cells'}">${ranges.slice(0, RANGES).join(', ')}${more}</td><td class="words">${group.message}</td><td class="words" data-l="To do">${group.fix}${suggested(others)}${
    group.hidden &&
    html` <span class="soft">Mend first what is said of ${many(group.count, 'this cell', 'these cells').replace(/^[\d,]+ /, '')} above.</span>`
  }</td></tr>`;
}

export function valueCell(value: string | null): Markup {
  return value === null ? html`<span class="soft">blank</span>` : html`<code>${value}</code>`;
}

export function suggested(values: readonly string[]): Markup {
  if (values.length === 0) return html``;
  return html` Perhaps: ${values.map((value, i) => html`${i > 0 && ' or '}<code>${value}</code>`)}.`;
}
