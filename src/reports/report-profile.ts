import { counted, grouped } from '../domain/count.ts';
import { typeOf } from '../types/registry.ts';
import { columnPlot } from './column-plot.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { percent } from './report-words.ts';
import type { ReportedColumn, ValidationReport } from './validation-report.ts';

const BYTES = 600_000;

/**
 * The values of the accepted rows, column by column, beside the last period: a quick look for problems that no rule can
 * know.
 */
export function profile(report: ValidationReport): Section | null {
  if (report.profile.length === 0) return null;
  const distinct = report.profile.some((column) => column.distinct !== null);
  const { parts, more } = new PageBudget(BYTES).fit(report.profile, (column) =>
    line(column, distinct, report.lastPeriod),
  );
  const compared = report.lastPeriod !== null && report.profile.some(({ last }) => last !== null);
  const body = html`<p class="soft small">${compared ? `Beside each column, in grey: ${report.lastPeriod}. In the plots, bars are this file and the line is ${report.lastPeriod}.` : 'There is no earlier period to compare with.'}</p>
<div class="scroll cards" tabindex="0" role="region" aria-label="Columns of the accepted rows"><table><thead><tr><th scope="col">Column</th><th scope="col">Holds</th><th scope="col">Values</th><th scope="col">Filled</th><th scope="col" class="num">Blank</th>${distinct && html`<th scope="col" class="num">Different</th>`}<th scope="col">Smallest</th><th scope="col">Largest</th></tr></thead>
<tbody>${parts}</tbody></table></div>${more > 0 && html`<p class="soft small">And ${counted(more, 'more column')}.</p>`}`;
  return { id: 'columns', title: 'Columns of the accepted rows', body };
}

function line(column: ReportedColumn, distinct: boolean, period: string | null): Markup {
  const { last } = column;
  const count = (value: number | null) => (value === null ? '' : grouped(value));
  const blank = was(share(column.blank, column), last === null ? null : share(last.blank, last));
  return html`<tr><th scope="row">${column.title ?? column.name}</th><td data-l="Holds">${typeOf(column.type).words.holds}</td><td>${columnPlot(column, last, period)}</td><td data-l="Filled">${bar(column)}</td><td class="num" data-l="Blank">${grouped(column.blank)}${blank}</td>${
    distinct &&
    html`<td class="num" data-l="Different">${count(column.distinct)}${was(count(column.distinct), last === null ? null : count(last.distinct))}</td>`
  }<td data-l="Smallest">${column.min}${was(column.min, last?.min ?? null)}</td><td data-l="Largest">${column.max}${was(column.max, last?.max ?? null)}</td></tr>`;
}

/** The last period's figure below, where it differs. */
function was(now: string | null, before: string | null): Markup {
  return before === null || before === '' || before === now
    ? html``
    : html`<br><span class="soft small"><span class="unseen">Last period: </span>${before}</span>`;
}

function share(part: number, { filled, blank }: { readonly filled: number; readonly blank: number }): string {
  return percent(filled + blank === 0 ? 0 : part / (filled + blank));
}

function bar(column: ReportedColumn): Markup {
  const { filled, blank, last } = column;
  const of = (one: { readonly filled: number; readonly blank: number }) =>
    one.filled + one.blank === 0 ? 0 : (100 * one.filled) / (one.filled + one.blank);
  const width = of({ filled, blank }).toFixed(1);
  const mark = last === null ? null : of(last).toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${width}% filled${mark === null ? '' : `, ${mark}% in the last period`}"><rect class="back" width="100" height="8" rx="2"/><rect class="full" width="${width}" height="8" rx="2"/>${mark !== null && html`<rect class="mark" x="${(Number(mark) - 1).toFixed(1)}" y="0" width="2" height="8"/>`}</svg>`;
}
