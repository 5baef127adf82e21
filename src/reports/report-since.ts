import { counted, grouped } from '../domain/count.ts';
import type { ToldFinding } from '../domain/finding.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { valueCell } from './report-problems.ts';
import { heading } from './report-words.ts';
import type { SinceLastDelivery, ValidationReport } from './validation-report.ts';

const BYTES = 250_000;
const FIXED = 50;

/** What happened to the problems of the delivery before: people who fixed a file want to know that first. */
export function sinceLast(report: ValidationReport): Section | null {
  const since = report.sinceLast;
  if (since === null || since.fixed + since.stillOpen + since.new === 0) return null;
  const budget = new PageBudget(BYTES);
  const changed = since.rules
    .filter((rule) => rule.fixed + rule.new > 0)
    .sort((a, b) => b.new - a.new || b.fixed - a.fixed);
  const { parts } = budget.fit(changed, (rule) => line(nameOf(report, rule), rule));
  const fixed = budget.fit(since.fixedFindings.slice(0, FIXED), fixedLine);
  const told = fixed.parts.length;
  const body = html`<p>Compared with delivery ${since.fileId}: <b>${grouped(since.fixed)} fixed</b>, <b>${grouped(since.stillOpen)} still open</b>, <b>${grouped(since.new)} new</b>.</p>
${parts.length > 0 && html`<div class="scroll cards" tabindex="0" role="region" aria-label="Since the last delivery"><table><thead><tr><th scope="col">What</th><th scope="col" class="num">Fixed</th><th scope="col" class="num">Still open</th><th scope="col" class="num">New</th></tr></thead><tbody>${parts}</tbody></table></div>`}
${told > 0 && html`<details><summary><h3>Fixed</h3> <span class="soft">(${since.fixed > told ? `the first ${grouped(told)} of ${grouped(since.fixed)}` : grouped(since.fixed)})</span></summary><ul>${fixed.parts}</ul></details>`}`;
  return { id: 'since', title: 'Since the last delivery', body };
}

type RuleCounts = SinceLastDelivery['rules'][number];

function line(name: string, rule: RuleCounts): Markup {
  return html`<tr><th scope="row" class="words">${name}</th><td class="num" data-l="Fixed">${grouped(rule.fixed)}</td><td class="num" data-l="Still open">${grouped(rule.stillOpen)}</td><td class="num" data-l="New">${grouped(rule.new)}</td></tr>`;
}

/** The rule in the words of this report, or, where it has no such problem any more, in those of the report before. */
function nameOf(report: ValidationReport, { code, rule, field }: RuleCounts): string {
  const same = (one: { code: string; rule: string; field: string | null }) =>
    one.code === code && one.rule === rule && one.field === field;
  const total = report.totals.find(same);
  if (total !== undefined) return heading(total.message);
  const fixed = report.sinceLast?.fixedFindings.find(
    (one) => one.code === code && one.rule === rule && (one.field ?? field) === field,
  );
  if (fixed !== undefined) return heading(fixed.message);
  return field === null ? 'Another rule' : `Another rule of ${field}`;
}

function fixedLine(finding: ToldFinding): Markup {
  const { cell, value, message, key } = finding;
  const of = key === null || key === undefined ? '' : ` (${key.map(([, text]) => text ?? '').join(', ')})`;
  return html`<li>${cell === null ? '' : `${cell}${of}: `}${value !== null && html`${valueCell(finding, value)}. `}${message}</li>`;
}

/** For the verdict: one sentence, or nothing where there was no delivery before. */
export function sinceSentence({ sinceLast: since }: ValidationReport): string | null {
  if (since === null || since.fixed + since.stillOpen + since.new === 0) return null;
  return `Since delivery ${since.fileId}: ${counted(since.fixed, 'problem')} fixed, ${grouped(since.stillOpen)} still open, ${grouped(since.new)} new.`;
}
