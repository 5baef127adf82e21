import { counted, grouped } from '../domain/count.ts';
import { html, type Markup } from './markup.ts';
import type { Section } from './report-html.ts';
import { sinceSentence } from './report-since.ts';
import { baseName, isAboutCells, ofSeverity, topmost } from './report-words.ts';
import type { ValidationReport } from './validation-report.ts';

/** Can the file be used, why not, and what is to be done: all that somebody in a hurry reads. */
export function verdict(report: ValidationReport): Markup {
  const refused = report.verdict === 'refused';
  const clear = report.counts.error + report.counts.warning === 0;
  const title = refused ? 'This file cannot be used yet.' : clear ? 'All clear.' : 'This file is accepted.';
  const why = refused ? report.refusals : [acceptedRows(report)];
  const since = sinceSentence(report);
  return html`<section class="verdict ${refused ? 'refused' : 'passed'}" aria-label="Verdict"><strong>${title}</strong>
${why.slice(0, 20).map((reason) => html`<p>${reason}</p>`)}${since !== null && html`<p>${since}</p>`}
<p class="action"><b>${refused || !clear ? 'What to do now:' : 'Nothing to do.'}</b> ${refused || !clear ? action(report) : ''}</p></section>`;
}

function acceptedRows({ rows }: ValidationReport): string {
  if (rows.read === 0) return 'The file has no rows.';
  if (rows.rejected === 0)
    return `All ${counted(rows.read, 'row')} are accepted.`.replace('All 1 row are', 'The one row is');
  return `${counted(rows.accepted, 'row')} of ${grouped(rows.read)} are accepted, ${grouped(rows.rejected)} left out.`;
}

function action(report: ValidationReport): string {
  const file = baseName(report.file);
  const cells = ofSeverity(report, 'error').filter(isAboutCells);
  const problems = cells.reduce((sum, { count }) => sum + count, 0);
  const [first] = topmost(cells, 1);
  const again = 'save it and drop it into the same folder again';
  if (report.structure !== undefined)
    return `${report.structure.columns.length > 0 ? `fix the headers of ${file} as shown below` : `do as shown below with ${file}`}, ${again}.`;
  if (report.verdict === 'refused' && problems > 0)
    return `correct ${problems === 1 ? 'the problem' : `the ${grouped(problems)} problems`} in ${file}${first === undefined ? '' : `, beginning with cell ${first}`}, ${again}.`;
  if (report.verdict === 'refused') return `fix what is wrong with ${file} as a whole, ${again}.`;
  if (report.rows.rejected > 0)
    return `if the ${report.rows.rejected === 1 ? 'row left out is' : 'rows left out are'} needed, correct ${report.rows.rejected === 1 ? 'it' : 'them'} and deliver the file again.`;
  return 'look at what to confirm below; if it is right, nothing more is needed.';
}

/** The possible ways to fix it. */
export function whatToDo(report: ValidationReport): Section | null {
  const steps: string[] = [];
  const faulty = report.verdict === 'refused' || report.rows.rejected > 0;
  const workbook = (name: string) => (report.workbooks ?? []).find((one) => one.startsWith(`${name}.`));
  const [annotated, corrections] = [workbook('annotated'), workbook('corrections')];
  if (faulty)
    steps.push(
      `Correct ${report.structure === undefined ? 'the cells listed' : 'what is listed'} below in your own file, and deliver it again.`,
    );
  if (annotated !== undefined)
    steps.push(
      `In ${annotated}, beside this report, your own workbook has these cells coloured and commented.`,
    );
  if (faulty && corrections !== undefined)
    steps.push(`Or fill in ${corrections}, beside this report, and drop it into the landed folder instead.`);
  if (report.rejectedCsv !== null)
    steps.push(`The rows left out are also in ${report.rejectedCsv}, each with its reasons.`);
  if (report.counts.warning > 0)
    steps.push('Look at what to confirm below; if it is right, nothing needs to be done.');
  if (steps.length < 2) return null;
  const body = html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`;
  return { id: 'to-do', title: 'What to do', body };
}

export function facts(report: ValidationReport): Markup {
  if (report.structure !== undefined) return html``;
  const { read, accepted, rejected, blank } = report.rows;
  const fact = (count: number, what: string) => html`<div><dt>${what}</dt><dd>${grouped(count)}</dd></div>`;
  return html`<dl class="facts" aria-label="Counts">${fact(read, read === 1 ? 'row in the file' : 'rows in the file')}${fact(accepted, 'accepted')}${fact(rejected, 'left out')}${
    report.counts.error > 0 && fact(report.counts.error, 'problems')
  }${report.counts.warning > 0 && fact(report.counts.warning, 'to confirm')}${
    blank > 0 && fact(blank, 'blank rows, not counted')
  }${report.footerRows > 0 && fact(report.footerRows, 'rows at the foot, not counted')}</dl>`;
}
