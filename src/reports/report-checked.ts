import { counted, grouped } from '../domain/count.ts';
import { html, type Markup } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { ofSeverity } from './report-words.ts';
import type { ValidationReport } from './validation-report.ts';

const BYTES = 150_000;

/** What was checked without a finding, and how the file was read. */
export function checked(report: ValidationReport): Section[] {
  const cleaned = ofSeverity(report, 'info').map(({ message, count }) =>
    count > 1 ? `${message.replace(/\.$/, '')}: ${counted(count, 'cell')}.` : message,
  );
  const notes = [...report.notes, ...cleaned];
  const made =
    report.structure === undefined
      ? html`${report.counts.error > 0 && html`<p>Each of these was looked at, in every row. Where one does not hold, it is told above.</p>`}${list(report.checked)}`
      : html`<p>Name, format and headers of the file. Its cells are checked once these are as they should be.</p>`;
  return [
    { id: 'checked', title: 'What was checked', body: made },
    ...(notes.length === 0 ? [] : [{ id: 'notes', title: 'How the file was read', body: list(notes) }]),
  ];
}

function list(items: readonly string[]): Markup {
  const { parts, more } = new PageBudget(BYTES).fit(items, (item) => html`<li>${item}</li>`);
  return html`<ul>${parts}</ul>${more > 0 && html`<p class="soft small">And ${grouped(more)} more.</p>`}`;
}
