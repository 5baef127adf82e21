import { cellRanges } from '../domain/cell-ranges.ts';
import { grouped } from '../domain/count.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { heading, isAboutCells, ofSeverity } from './report-words.ts';
import type { FindingGroup, ReportedTotal, ValidationReport } from './validation-report.ts';

/** Bytes for everything that is to be corrected, and for what is to be confirmed. */
const BYTES = { error: 1_400_000, warning: 500_000 } as const;
/** Bytes for one rule, so that the first rule does not take all the room. */
const RULE_BYTES = 150_000;
/** Ranges of cells per line. */
const RANGES = 30;

/** What has to be corrected, rule by rule: findings that say the same are on one line with their cells. */
export function toCorrect(report: ValidationReport): Section | null {
  if (report.structure !== undefined) return null;
  const rules = ofSeverity(report, 'error').filter(isAboutCells);
  return rules.length === 0
    ? null
    : { id: 'correct', title: 'To correct', body: rulesOf(report, rules, BYTES.error, 'To correct') };
}

/** Warnings: they refuse nothing, and somebody who knows the data should confirm them. */
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
${parts.length > 0 && html`<ul class="plain mind">${parts}</ul>`}${cells.length > 0 && rulesOf(report, cells, BYTES.warning / 2, 'Please confirm')}`;
  return { id: 'confirm', title: 'Please confirm', body };
}

function rulesOf(
  report: ValidationReport,
  rules: readonly ReportedTotal[],
  bytes: number,
  label: string,
): Markup {
  const room = Math.max(2000, Math.min(RULE_BYTES, Math.floor(bytes / rules.length)));
  const sorted = [...rules].sort((a, b) => b.count - a.count);
  const { parts, more } = new PageBudget(bytes).fit(sorted, (total) => ruleOf(report, total, room));
  return html`<div class="scroll cards" tabindex="0" role="region" aria-label="${label}"><table><thead><tr><th scope="col">Value</th><th scope="col" class="num">Count</th><th scope="col">${placesOf(report)}</th><th scope="col">How to fix it</th></tr></thead>
${parts}</table></div>${more > 0 && html`<p class="soft small">And ${grouped(more)} more kinds of problems.</p>`}`;
}

/** The problem as a heading, and below it each value that has it. */
function ruleOf(report: ValidationReport, total: ReportedTotal, bytes: number): Markup {
  const { parts } = new PageBudget(bytes).fit(total.groups, (group) => lineOf(report, total, group));
  const shown = total.groups.slice(0, parts.length).reduce((sum, { count }) => sum + count, 0);
  const left = total.count - shown;
  const all =
    report.rejectedCsv !== null && total.severity === 'error'
      ? `; all rows left out are in ${report.rejectedCsv}`
      : '';
  return html`<tbody><tr class="rule"><th scope="rowgroup" colspan="4">${heading(total.message)} <span class="soft">(${grouped(total.count)})</span></th></tr>${parts}${
    left > 0 &&
    html`<tr><td colspan="4" class="soft small">And ${grouped(left)} more of the same kind${all}.</td></tr>`
  }</tbody>
`;
}

function lineOf(report: ValidationReport, total: ReportedTotal, group: FindingGroup): Markup {
  const ranges = cellRanges(group.cells);
  const more = ranges.length > RANGES || group.cells.length < group.count ? ' …' : '';
  const others = group.suggestions.filter((one) => !(group.fix ?? '').startsWith(`Did you mean '${one}'?`));
  const first = group.hidden ? ' Fix the other problem of this cell first.' : '';
  return html`<tr><td class="value" data-l="Value">${valueCell(total, group.value)}</td><td class="num" data-l="Count">${grouped(group.count)}</td><td class="cells" data-l="${placesOf(report)}">${ranges.slice(0, RANGES).join(', ')}${more}</td><td class="words" data-l="To do">${group.fix}${suggested(others, group.lastValue)}${first}</td></tr>`;
}

function placesOf(report: ValidationReport): string {
  return report.sheet === null ? 'Line and column' : 'Cells';
}

/** A blank cell is shown in another way than a row that is wrong as a whole, where no single value is the cause. */
export function valueCell(
  of: { readonly code: string; readonly field: string | null },
  value: string | null,
): Markup {
  if (value !== null) return html`<code>${value}</code>`;
  const whole = of.code === 'row-constraint' || of.field === null;
  return html`<span class="soft">${whole ? 'the row' : 'blank'}</span>`;
}

/** What was probably meant. A value of the last period is only a hint, and the text says so. */
export function suggested(values: readonly string[], last: string | null): Markup {
  const others = values.filter((value) => value !== last);
  const list = others.map((value, i) => html`${i > 0 && ' or '}<code>${value}</code>`);
  return html`${others.length > 0 && html` Perhaps: ${list}.`}${last !== null && html` In the last period it was <code>${last}</code>.`}`;
}
