import { html, type Markup } from './markup.ts';
import { checked } from './report-checked.ts';
import { toConfirm, toCorrect } from './report-problems.ts';
import { profile } from './report-profile.ts';
import { problemRows } from './report-rows.ts';
import { sinceLast } from './report-since.ts';
import { structure } from './report-structure.ts';
import { STYLE } from './report-style.ts';
import { summary } from './report-summary.ts';
import { facts, verdict, whatToDo } from './report-verdict.ts';
import { baseName, titleOf } from './report-words.ts';
import type { ValidationReport } from './validation-report.ts';

/** A part of the page with its heading, by which the list of parts links to it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/**
 * `report.html`: one file for the analyst who delivered, without scripts or network. The verdict and one thing to do first,
 * then what is wrong with the file as a whole, then every problem with its cell.
 */
export function renderReportHtml(report: ValidationReport): string {
  const title = titleOf(report);
  const sections = [
    whatToDo(report),
    structure(report),
    summary(report),
    sinceLast(report),
    toCorrect(report),
    toConfirm(report),
    problemRows(report),
    profile(report),
    ...checked(report),
  ].flatMap((one) => one ?? []);
  const passed = report.verdict === 'passed' ? 'accepted' : 'cannot be used yet';
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${passed}</title><style>${STYLE}</style></head><body>
<header><h1>${title}</h1>
<p class="soft small">File ${baseName(report.file)}${report.sheet === null ? '' : `, sheet ${report.sheet}`} · delivery ${report.fileId}${report.owner === null ? '' : ` · ${report.owner}`}</p></header>
<main>
${verdict(report)}
${facts(report)}
${contents(sections)}
${sections.map(
  ({ id, title: name, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>
${body}</section>
`,
)}</main>
<footer><p class="soft small">Written by Tidemark ${report.version}. The delivered file was only read, never changed. Its fingerprint: <code>${report.sha256.slice(0, 16)}</code></p></footer>
</body></html>
`;
  return page.text;
}

/** On a long page people search for a part of it; a short page needs no list. */
function contents(sections: readonly Section[]): Markup {
  if (sections.length < 5) return html``;
  return html`<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}
