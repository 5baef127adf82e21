import { grouped } from '../domain/count.ts';
import { html } from './markup.ts';
import { PageBudget } from './page-budget.ts';
import type { Section } from './report-html.ts';
import { isAboutCells, ofSeverity } from './report-words.ts';
import type { ReportedStructure, ValidationReport } from './validation-report.ts';

const BYTES = 400_000;

/** Problems of the file as a whole: they are fixed before any cell. */
export function structure(report: ValidationReport): Section | null {
  const whole =
    report.structure === undefined
      ? ofSeverity(report, 'error').filter((total) => !isAboutCells(total))
      : ofSeverity(report, 'error');
  const found = whole.flatMap(({ groups }) => groups);
  if (found.length === 0) return null;
  const budget = new PageBudget(BYTES);
  const { parts, more } = budget.fit(
    found,
    ({ cells, message, fix }) =>
      html`<li><b>${message}</b>${cells.length > 0 && html` <span class="cells">Cell ${cells.join(', ')}</span>`}${fix !== null && html`<br>${fix}`}</li>`,
  );
  const body = html`<ul class="plain">${parts}</ul>${more > 0 && html`<p class="soft small">And ${grouped(more)} more.</p>`}${
    report.structure !== undefined && columns(report.structure, budget)
  }`;
  return { id: 'file', title: 'The file as a whole', body };
}

/** Expected and found headers side by side: the quickest way to see what is wrong with a header row. */
function columns({ columns: all }: ReportedStructure, budget: PageBudget) {
  if (all.length === 0) return html``;
  const { parts, more } = budget.fit(
    all,
    ({ label, found, cell }) =>
      html`<tr><th scope="row">${label}</th><td data-l="In the file">${found === null ? html`<span class="tag error">Missing</span>` : html`<code>${found}</code>`}</td><td data-l="Cell">${cell}</td></tr>`,
  );
  return html`<h3>Expected columns</h3><div class="scroll cards" tabindex="0" role="region" aria-label="Expected columns"><table><thead><tr><th scope="col">Expected</th><th scope="col">In the file</th><th scope="col">Cell</th></tr></thead><tbody>${parts}</tbody></table></div>${more > 0 && html`<p class="soft small">And ${grouped(more)} more.</p>`}`;
}
