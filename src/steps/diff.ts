import { extname, relative, sep } from 'node:path';
import { type CleanedDelivery, cleanedDelivery, compareFiles } from '../comparison/compare-files.ts';
import { comparePeriods } from '../comparison/compare-periods.ts';
import { compareStaged } from '../comparison/compare-staged.ts';
import { type Comparison, differs } from '../comparison/comparison.ts';
import { renderDiffHtml } from '../comparison/diff-page.ts';
import type { Wanted } from '../comparison/summarise.ts';
import { verdict } from '../comparison/wording.ts';
import type { Dataset, RecordsDataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { ROW_COUNTS, type RowCounts, type StepResult, stepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { writeFileAtomic } from '../lake/atomic-write.ts';
import { combinedFingerprint } from '../promotion/change/change-fingerprint.ts';
import { loadsToPromote } from '../promotion/promotable-loads.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { previewRecords } from './records-preview.ts';
import { NO_RECORDS, outcomes } from './records-told.ts';
import type { StepContext } from './step.ts';

/** What to compare: staged rows or waiting records with core, two deliveries, or the stage rows of two periods. */
export type DiffSubject =
  | { readonly kind: 'staged'; readonly dataset: Dataset; readonly period: Period }
  | { readonly kind: 'records'; readonly dataset: RecordsDataset; readonly run: string | null }
  | { readonly kind: 'files'; readonly dataset: Dataset | null; readonly from: number; readonly to: number }
  | { readonly kind: 'periods'; readonly dataset: Dataset; readonly from: Period; readonly to: Period };

export interface DiffInput extends Wanted {
  readonly subject: DiffSubject;
  readonly slice: SliceFilter;
  /** If there is a difference, the status is `blocked`. */
  readonly failOnDiff: boolean;
  /** Absolute paths of pages and workbooks to write; existing ones are replaced. */
  readonly html: string | null;
  readonly xlsx: string | null;
}

export interface DiffAnswer {
  readonly result: StepResult;
  /** One per slice. */
  readonly comparisons: readonly Comparison[];
  /** For all of them together; null where there was nothing to compare. */
  readonly fingerprint: string | null;
}

/**
 * Two states of a dataset become the differences between them: rows, columns, cells. Changes nothing. Refuses what was
 * not loaded, or did not pass validation.
 */
export async function diff(ctx: StepContext, input: DiffInput): Promise<DiffAnswer> {
  const { subject } = input;
  refuseTarget(ctx, input.html, ['.html', '.htm']);
  refuseTarget(ctx, input.xlsx, ['.xlsx']);
  if (subject.kind === 'staged' && periodDue(subject.dataset.periodKind, subject.period) === null)
    return notDue(subject.dataset, subject.period.text);

  if (subject.kind === 'records') return ofRecords(ctx, input, subject);
  const comparisons = await compare(ctx, input, subject);
  return answerOf(ctx, input, comparisons);
}

async function answerOf(
  ctx: StepContext,
  input: DiffInput,
  comparisons: readonly Comparison[],
): Promise<DiffAnswer> {
  const fingerprint = combinedFingerprint(comparisons.map((comparison) => comparison.fingerprint));
  const outputs = await write(ctx, input, { comparisons, fingerprint });
  return { result: resultOf(input, comparisons, outputs), comparisons, fingerprint };
}

async function ofRecords(
  ctx: StepContext,
  input: DiffInput,
  subject: Extract<DiffSubject, { kind: 'records' }>,
): Promise<DiffAnswer> {
  const { dataset } = subject;
  ctx.log.progress(`diff ${dataset.name}`);
  const preview = await previewRecords(ctx, subject, input);
  if (preview === null) {
    const about = { step: 'diff', dataset: dataset.name, period: 'none', records: NO_RECORDS };
    const result = stepResult({ ...about, status: 'skipped', message: 'No record waits.' });
    return { result, comparisons: [], fingerprint: null };
  }
  const answer = await answerOf(ctx, input, [preview.comparison]);
  const told = words`${answer.result.message} ${outcomes(preview.counts)}`;
  return { ...answer, result: { ...answer.result, message: told, records: preview.counts } };
}

function compare(
  ctx: StepContext,
  input: DiffInput,
  subject: Exclude<DiffSubject, { kind: 'records' }>,
): Promise<readonly Comparison[]> {
  if (subject.kind === 'files') return ofFiles(ctx, input, subject);
  ctx.log.progress(`diff ${subject.dataset.name}`);
  return rehearseTransaction(ctx.warehouse, async (session) => {
    if (subject.kind === 'staged') return ofStaged(ctx, session, input, subject);
    const { dataset, from, to } = subject;
    const periods = { dataset, from: periodOf(dataset, from), to: periodOf(dataset, to), slice: input.slice };
    return [await comparePeriods(session, periods, input)];
  });
}

async function ofStaged(
  ctx: StepContext,
  session: Session,
  input: DiffInput,
  { dataset, period: asked }: { readonly dataset: Dataset; readonly period: Period },
): Promise<Comparison[]> {
  const period = periodOf(dataset, asked);
  const loads = await loadsToPromote(session, { dataset: dataset.name, period }, input.slice);
  const env = { project: ctx.project, capabilities: ctx.warehouse.capabilities };
  const comparisons: Comparison[] = [];
  for (const load of loads) {
    ctx.signal.throwIfAborted();
    comparisons.push(await compareStaged(session, env, { dataset, load }, input));
  }
  return comparisons;
}

async function ofFiles(
  ctx: StepContext,
  input: DiffInput,
  subject: Extract<DiffSubject, { kind: 'files' }>,
): Promise<Comparison[]> {
  const [from, to] = await ctx.warehouse.read(async (session) => [
    await cleanedDelivery(session, ctx.project, subject.from),
    await cleanedDelivery(session, ctx.project, subject.to),
  ]);
  const dataset = datasetOf(ctx, subject, from as CleanedDelivery, to as CleanedDelivery);
  ctx.log.progress(`diff ${dataset.name}, deliveries ${subject.from} and ${subject.to}`);
  const pair = { dataset, from: from as CleanedDelivery, to: to as CleanedDelivery };
  return [await compareFiles(pair, input, ctx.signal)];
}

function datasetOf(
  ctx: StepContext,
  subject: Extract<DiffSubject, { kind: 'files' }>,
  from: CleanedDelivery,
  to: CleanedDelivery,
): Dataset {
  const names = new Set([
    from.delivery.dataset,
    to.delivery.dataset,
    ...(subject.dataset ? [subject.dataset.name] : []),
  ]);
  const dataset = ctx.config.datasets.get(from.delivery.dataset ?? '');
  if (names.size === 1 && dataset !== undefined) return dataset;
  throw new TidemarkError('usage', {
    message:
      names.size === 1
        ? `The configuration has no dataset ${from.delivery.dataset} any more.`
        : `Delivery ${subject.from} is one of ${from.delivery.dataset}, delivery ${subject.to} one of ${to.delivery.dataset}.`,
    hint: words`Compare two deliveries of one dataset; \`${command('history')}\` lists them.`,
  });
}

function periodOf(dataset: Dataset, asked: Period): string {
  return periodDue(dataset.periodKind, asked)?.text ?? asked.text;
}

function notDue(dataset: Dataset, period: string): DiffAnswer {
  const message = `${dataset.name} is delivered by the ${dataset.periodKind}; not due for this period.`;
  const result = stepResult({ step: 'diff', status: 'skipped', dataset: dataset.name, period, message });
  return { result, comparisons: [], fingerprint: null };
}

/** A page must never replace data. */
function refuseTarget(ctx: StepContext, path: string | null, endings: readonly string[]): void {
  if (path === null) return;
  const inside = (folder: string) => !relative(folder, path).startsWith('..');
  const ofData = [ctx.project.landed, ctx.project.cleaned, ctx.project.rejected].some(inside);
  if (!ofData && endings.includes(extname(path).toLowerCase())) return;
  throw new TidemarkError('usage', {
    message: ofData
      ? `${shownPath(ctx, path)} lies among the data; a page is not written there.`
      : `${shownPath(ctx, path)} does not end in ${endings[0]}.`,
    hint: `Write it somewhere else, such as diff${endings[0]}.`,
  });
}

async function write(
  ctx: StepContext,
  input: DiffInput,
  what: { readonly comparisons: readonly Comparison[]; readonly fingerprint: string },
): Promise<string[]> {
  const outputs: string[] = [];
  if (ctx.dryRun) return outputs;
  if (input.html !== null) {
    writeFileAtomic(input.html, renderDiffHtml(what.comparisons, { ...what, version: ctx.version }));
    outputs.push(shownPath(ctx, input.html));
  }
  if (input.xlsx !== null) {
    const { diffWorkbook } = await import('../comparison/diff-workbook.ts');
    writeFileAtomic(input.xlsx, await diffWorkbook(what.comparisons, what.fingerprint));
    outputs.push(shownPath(ctx, input.xlsx));
  }
  return outputs;
}

function shownPath(ctx: StepContext, path: string): string {
  const inside = relative(ctx.project.root, path);
  return inside.startsWith('..') ? path : inside.split(sep).join('/');
}

function resultOf(
  input: DiffInput,
  comparisons: readonly Comparison[],
  outputs: readonly string[],
): StepResult {
  const differ = comparisons.some(differs);
  const first = comparisons[0] as Comparison;
  const shown = comparisons.some((comparison) => comparison.personal === 'shown');
  const blocked = input.failOnDiff && differ;
  const told = verdict(comparisons);
  return stepResult({
    step: 'diff',
    status: blocked ? 'blocked' : 'done',
    dataset: first.dataset,
    period: first.period,
    slice: comparisons.length === 1 ? first.slice || null : null,
    fileId: comparisons.length === 1 ? first.file_id : null,
    rows: rowCounts(comparisons),
    outputs,
    message: shown ? words`${told} Personal data was shown (${option('showPii')}).` : told,
    hint: blocked
      ? words`Look at what differs; if it is right, go on without ${option('failOnDiff')}.`
      : null,
  });
}

function rowCounts(comparisons: readonly Comparison[]): Partial<RowCounts> {
  const sum = (pick: (counts: Comparison['counts']) => number) =>
    comparisons.reduce((total, { counts }) => total + pick(counts), 0);
  const own = ROW_COUNTS.filter((name) =>
    ['added', 'modified', 'removed', 'closed', 'shadowed', 'unchanged', 'cells'].includes(name),
  ).map((name) => [name, sum((counts) => counts[name as 'added'])] as const);
  return { read: sum((counts) => counts.after), ...Object.fromEntries(own) };
}
