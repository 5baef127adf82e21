import { html, type Markup } from './markup.ts';
import { number } from './report-html.ts';
import type { ReportedColumn, ValidationReport } from './validation-report.ts';

const WORDS: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  date: 'date',
  datetime: 'date and time',
  time: 'time',
  year: 'year',
  yearmonth: 'year and month',
  object: 'JSON',
  array: 'JSON list',
};

/** What the accepted rows hold, column by column: a quick look for what no rule can know. */
export function profile(report: ValidationReport): Markup {
  if (report.profile.length === 0) return html``;
  const distinct = report.profile.some((column) => column.distinct !== null);
  return html`<h2>Columns of the accepted rows</h2><div class="scroll"><table><thead><tr><th>Column</th><th>Holds</th><th>Filled</th><th class="num">Blank</th>${distinct && html`<th class="num">Different</th>`}<th>Smallest</th><th>Largest</th></tr></thead>
<tbody>${report.profile.map((column) => line(column, distinct))}</tbody></table></div>`;
}

function line(column: ReportedColumn, distinct: boolean): Markup {
  return html`<tr><td>${column.title ?? column.name}</td><td>${WORDS[column.type] ?? column.type}</td><td>${bar(column)}</td><td class="num">${number(column.blank)}</td>${
    distinct && html`<td class="num">${column.distinct === null ? '' : number(column.distinct)}</td>`
  }<td>${column.min}</td><td>${column.max}</td></tr>`;
}

function bar({ filled, blank }: ReportedColumn): Markup {
  const share = filled + blank === 0 ? 0 : (100 * filled) / (filled + blank);
  const width = share.toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${width}% filled"><rect class="back" width="100" height="8" rx="2"/><rect class="full" width="${width}" height="8" rx="2"/></svg>`;
}
