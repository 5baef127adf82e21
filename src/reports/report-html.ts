import { parseSlice } from '../domain/slice.ts';
import { html, type Markup } from './markup.ts';
import { details } from './report-details.ts';
import { profile } from './report-profile.ts';
import { STYLE } from './report-style.ts';
import { summary } from './report-summary.ts';
import type { ValidationReport } from './validation-report.ts';

/**
 * `report.html`: one file for the analyst who delivered, without scripts or network. The verdict first, then what to do,
 * then every problem with its cell.
 */
export function renderReportHtml(report: ValidationReport): string {
  const slice = parseSlice(report.slice).map(([name, value]) => `${name} ${value}`);
  const period = report.period === 'none' ? [] : [report.period];
  const title = [report.title, ...period, ...slice].join(' · ');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${report.verdict}</title><style>${STYLE}</style></head><body><main>
<header><h1>${title}</h1>
<p class="soft small">File ${baseName(report.file)}${report.sheet === null ? '' : `, sheet ${report.sheet}`} · delivery ${report.fileId}${report.owner === null ? '' : ` · ${report.owner}`}</p></header>
${verdict(report)}
${whatToDo(report)}
${facts(report)}
${summary(report)}
${toConfirm(report)}
${details(report)}
${profile(report)}
${checkedAndNotes(report)}
<footer><p class="soft small">Written by Tidemark ${report.version}. The delivered file was only read, never changed. Its fingerprint: <code>${report.sha256.slice(0, 16)}</code></p></footer>
</main></body></html>
`;
  return page.text;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function rows(count: number): string {
  return `${number(count)} ${count === 1 ? 'row' : 'rows'}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function verdict(report: ValidationReport): Markup {
  const { read, accepted, rejected } = report.rows;
  if (report.verdict === 'refused') {
    return html`<section class="verdict refused" role="status"><strong>This file cannot be used yet.</strong>
${report.refusals.map((reason) => html`<p>${reason}</p>`)}</section>`;
  }
  const all =
    rejected === 0
      ? `All ${rows(read)} are accepted.`
      : `${rows(accepted)} of ${number(read)} are accepted, ${number(rejected)} left out.`;
  const clear = report.counts.error + report.counts.warning === 0;
  return html`<section class="verdict passed" role="status"><strong>${clear ? 'All clear.' : 'This file is accepted.'}</strong>
<p>${read === 0 ? 'The file has no rows.' : all}</p></section>`;
}

function whatToDo(report: ValidationReport): Markup {
  const steps: string[] = [];
  if (report.verdict === 'refused') {
    steps.push('Correct the cells listed below in your own file.');
    if (report.rejectedCsv !== null)
      steps.push(`The rows left out are also in ${report.rejectedCsv}, each with its reasons.`);
    steps.push('Save the file and drop it into the same folder again; it is checked anew from the start.');
  } else if (report.rows.rejected > 0) {
    steps.push('Correct the rows left out, and deliver the file again, if they are needed.');
    if (report.rejectedCsv !== null)
      steps.push(`They are also in ${report.rejectedCsv}, each with its reasons.`);
  }
  steps.push(...besideReport(report));
  if (report.counts.warning > 0)
    steps.push('Look at what to confirm below; if it is right, nothing needs to be done.');
  if (steps.length === 0) return html`<h2>What to do</h2><p>Nothing.</p>`;
  return html`<h2>What to do</h2><ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`;
}

function besideReport({ verdict, rows, workbooks = [] }: ValidationReport): string[] {
  const annotated = workbooks.find((name) => name.startsWith('annotated.'));
  const corrections = workbooks.find((name) => name.startsWith('corrections.'));
  const out: string[] = [];
  if (annotated !== undefined)
    out.push(
      `In ${annotated}, beside this report, your own workbook has these cells coloured and commented.`,
    );
  if (corrections !== undefined && (verdict === 'refused' || rows.rejected > 0))
    out.push(`Or fill in ${corrections}, beside this report, and drop it into the landed folder instead.`);
  return out;
}

function facts(report: ValidationReport): Markup {
  const { read, accepted, rejected, blank } = report.rows;
  const fact = (count: number, what: string) => html`<div><b>${number(count)}</b>${what}</div>`;
  return html`<section class="facts" aria-label="Counts">${fact(read, read === 1 ? 'row in the file' : 'rows in the file')}${fact(accepted, 'accepted')}${fact(rejected, 'left out')}${
    blank > 0 && fact(blank, 'blank, not counted')
  }${report.footerRows > 0 && fact(report.footerRows, 'at the foot, not counted')}</section>
<p class="soft small">Rows that may be left out before the file is refused: ${report.threshold}.</p>`;
}

function toConfirm(report: ValidationReport): Markup {
  const warnings = report.totals.filter((total) => total.severity === 'warning');
  if (warnings.length === 0) return html``;
  return html`<h2>Please confirm</h2><section class="mind"><ul>${warnings.map(
    (total) =>
      html`<li>${total.message.replace(/\.$/, '')}${total.count > 1 ? ` (${number(total.count)} times)` : ''}.</li>`,
  )}</ul></section>`;
}

function checkedAndNotes(report: ValidationReport): Markup {
  const list = (items: readonly string[]) => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
  const cleaned = report.totals
    .filter((total) => total.severity === 'info')
    .map((total) => (total.count > 1 ? `${total.message}: ${number(total.count)} cells` : total.message));
  return html`<h2>What was checked</h2>${list(report.checked)}
${[...report.notes, ...cleaned].length > 0 && html`<h2>Notes</h2>${list([...report.notes, ...cleaned])}`}`;
}
