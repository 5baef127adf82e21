import { counted, grouped } from '../domain/count.ts';
import type { StepResult } from '../domain/result.ts';
import { sliceShown } from '../domain/slice.ts';
import { targetShown } from '../domain/target.ts';
import type { AbsentDatasets } from '../pipeline/absent-datasets.ts';
import type { MartPreview } from '../pipeline/preview-marts.ts';
import type { Reconciliation } from '../pipeline/reconcile.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import type { ReportSummary } from '../steps/report.ts';
import { neutralise } from './log.ts';
import { renderReportSummary } from './render-report.ts';
import { renderTable } from './render-table.ts';
import { writeWords } from './write-words.ts';

/** What is shown of a run besides its results. */
export interface AboutRun {
  readonly absent: readonly AbsentDatasets[];
  /** Refused deliveries, by number. */
  readonly reports: ReadonlyMap<number, ReportSummary>;
  readonly marts: readonly MartPreview[];
}

/**
 * The request, what a run did and why it refused files, the reconciliation from file to core, the first rows of marts.
 */
export function renderRun(outcome: RunOutcome, { absent, reports, marts }: AboutRun): string {
  const { results } = outcome.result;
  const idle = results.filter((unit) => isIdle(unit)).length;
  const parts = [
    periodLines(absent),
    ...results.filter((unit) => !isIdle(unit)).map((unit) => unitLines(unit, reports)),
  ];
  if (idle > 0)
    parts.push(
      `${idle === results.length ? 'Nothing new: ' : ''}${idle} of ${results.length} steps had nothing to do.\n`,
    );
  if (outcome.stoppedAt !== null) {
    parts.push(
      `\nThe dry run stops before ${outcome.stoppedAt}: it reads what the step before would have written.\n`,
    );
  }
  parts.push(reconciliationText(outcome.reconciliation), ...marts.map(martText));
  return parts.join('');
}

/** Steps that had nothing to do are not shown; a refusal that a newer delivery replaced is shown. */
function isIdle(unit: StepResult): boolean {
  return unit.status === 'skipped' && (unit.findings.error ?? 0) === 0;
}

/** Several periods in a row that lack nothing share one line. */
const TOLD_ALONE = 2;

function periodLines(absent: readonly AbsentDatasets[]): string {
  const lines: string[] = [];
  let whole: AbsentDatasets[] = [];
  const flush = () => {
    const [first, last] = [whole[0], whole.at(-1)];
    if (first === undefined || last === undefined) return;
    if (whole.length > TOLD_ALONE) lines.push(`Periods ${first.period} to ${last.period}\n`);
    else lines.push(...whole.map(periodLine));
    whole = [];
  };
  for (const one of absent) {
    if (one.datasets.length === 0) whole.push(one);
    else {
      flush();
      lines.push(periodLine(one));
    }
  }
  flush();
  return lines.join('');
}

/** The requested period, and the datasets without a file of it. */
function periodLine({ period, datasets, all }: AbsentDatasets): string {
  if (datasets.length === 0) return `Period ${period}\n`;
  return `Period ${period}: no file of it was there${all ? '' : ` for ${datasets.join(', ')}`}.\n`;
}

function unitLines(unit: StepResult, reports: AboutRun['reports']): string {
  const what = targetShown(unit);
  const told = writeWords(unit.message ?? '').split('\n')[0] || unit.status;
  const lines = [`${unit.step.padEnd(10)} ${what.padEnd(18)} ${neutralise(told)}`];
  const report = unit.outputs.find((path) => path.endsWith('report.html'));
  const isWorthALook = (unit.findings.error ?? 0) + (unit.findings.warning ?? 0) > 0;
  if (report && isWorthALook) lines.push(`${' '.repeat(29)} report: ${neutralise(report)}`);
  const summary = unit.status === 'refused' ? reports.get(unit.fileId ?? -1) : undefined;
  // Text that is already in the line is not repeated.
  const own = summary && { ...summary, reasons: summary.reasons.filter((reason) => !told.includes(reason)) };
  return `${lines.join('\n')}\n${renderReportSummary(own ?? null, INDENT)}`;
}

const INDENT = ' '.repeat(29);

const HEADER = [
  'dataset',
  'period',
  'slice',
  'delivery',
  'in file',
  'accepted',
  'rejected',
  '± corrected',
  'loaded',
  'in stage',
  'core added',
  'modified',
  'removed',
  'closed',
  'shadowed',
  'unchanged',
];

function reconciliationText(all: readonly Reconciliation[]): string {
  const reconciliation = all.filter((one, i) => all.findLastIndex((other) => sameTarget(one, other)) === i);
  if (reconciliation.length === 0) return '';
  const broken = reconciliation.flatMap((one) =>
    one.broken.map((sentence) => `  DOES NOT ADD UP: ${one.dataset} ${one.period}: ${sentence}\n`),
  );
  const verdict =
    broken.length > 0
      ? broken.join('')
      : '  Every row is accounted for: in file = accepted + rejected; accepted = loaded = in stage.\n';
  return `\nReconciliation\n${tableWithoutEmptyColumns(reconciliation.map(line))}${verdict}`;
}

function sameTarget(one: Reconciliation, other: Reconciliation): boolean {
  return one.dataset === other.dataset && one.period === other.period && one.slice === other.slice;
}

type Shown = string | number | null;

/** Columns that are empty or hold only zeros, such as slice or closed, are left out. */
function tableWithoutEmptyColumns(rows: readonly (readonly Shown[])[]): string {
  const always = new Set(['in file', 'accepted', 'rejected', 'loaded', 'in stage', 'core added']);
  const kept = HEADER.map(
    (name, i) => always.has(name) || rows.some((row) => row[i] !== '' && row[i] !== '0' && row[i] !== null),
  );
  const only = <T>(cells: readonly T[]) => cells.filter((_, i) => kept[i]);
  return renderTable(only(HEADER), rows.map(only));
}

function line(one: Reconciliation): Shown[] {
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? null : grouped(value);
  const { core } = one;
  return [
    one.dataset,
    one.period,
    sliceShown(one.slice ?? ''),
    one.fileId,
    count(one.read),
    count(one.accepted),
    count(one.rejected),
    count(one.corrected),
    count(one.loaded),
    count(one.staged),
    count(core?.added),
    count(core?.modified),
    count(core?.removed),
    count(core?.closed),
    count(core?.shadowed),
    count(core?.unchanged),
  ];
}

function martText(mart: MartPreview): string {
  const title = `\nmart.${mart.name}${mart.period === null ? '' : ` ${mart.period}`}: ${counted(mart.total, 'row')}`;
  const more =
    mart.total > mart.rows.length ? `  … and ${counted(mart.total - mart.rows.length, 'more row')}\n` : '';
  return `${title}\n${renderTable(mart.columns, mart.rows)}${more}`;
}
