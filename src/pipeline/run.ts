import { type Dataset, isRecordsDataset, type RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period, periodDue } from '../domain/period.ts';
import { inReferenceOrder } from '../domain/reference-order.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { ingest } from '../steps/ingest.ts';
import { publish } from '../steps/publish.ts';
import { recordsPromote } from '../steps/records-promote.ts';
import { transform } from '../steps/transform.ts';
import { attempt, type Surroundings } from './attempt.ts';
import { dueDeliveries } from './due-deliveries.ts';
import { loadPeriod } from './load-period.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { inOrder, takeDue } from './take-due.ts';
import { toldBefore } from './told-before.ts';

const STEPS = ['ingest', 'validate', 'load-stage', 'transform', 'publish'] as const;
export type StepName = (typeof STEPS)[number];

export interface RunInput {
  readonly periods: readonly Period[];
  /** One dataset, with the lists without a period that it refers to; null: all. */
  readonly dataset: Dataset | null;
  readonly slice: SliceFilter | null;
  readonly through: StepName;
  /** Validate deliveries again that are promoted already, where the rules have changed since. */
  readonly revalidate: boolean;
}

export interface RunOutcome {
  readonly result: StepResult;
  readonly reconciliation: readonly Reconciliation[];
  /** The step at which a dry run had to stop, because an earlier step would have written its input. */
  readonly stoppedAt: string | null;
}

/**
 * Takes everything new of each period through the steps, and promotes the records that wait, datasets in the order in
 * which they refer to each other. Called
 * again by the same run, it goes on with what is left, and reports what it did before.
 */
export async function run(around: Surroundings, input: RunInput): Promise<RunOutcome> {
  const results: StepResult[] = [];
  const reconciliation: Reconciliation[] = [];
  let stoppedAt: string | null = null;
  for (const period of input.periods) {
    const one = await runPeriod(around, input, period);
    results.push(...one.results);
    reconciliation.push(...one.reconciliation);
    stoppedAt ??= one.stoppedAt;
    if (one.stoppedAt !== null) break;
  }
  const period = input.periods.length === 1 ? (input.periods[0]?.text ?? null) : null;
  const combined = combineResults('run', results, { period, emptyMessage: 'There is no dataset to run.' });
  const dataset = input.dataset?.name ?? combined.dataset;
  const result = {
    ...combined,
    step: 'run',
    dataset,
    rows: { ...combined.rows, ...totals(reconciliation, results) },
    results,
  };
  return { result, reconciliation, stoppedAt };
}

/**
 * The counts of the whole run come from its reconciliation, because every step counts the same rows again. Where the
 * newest delivery of a dataset was refused, they are the counts of that delivery, even if an older one is still
 * current.
 */
function totals(
  reconciliation: readonly Reconciliation[],
  results: readonly StepResult[],
): Partial<StepResult['rows']> {
  const refused = results.filter((result) => result.step === 'validate' && result.status === 'refused');
  const target = (of: { dataset: string | null; period: string | null; slice: string | null }) =>
    JSON.stringify([of.dataset, of.period, of.slice ?? '']);
  const gone = new Set(refused.map(target));
  const counted = reconciliation.filter((one) => !gone.has(target(one)));
  const sum = (name: 'read' | 'accepted' | 'rejected' | 'corrected') => {
    const known = [...counted.map((one) => one[name]), ...refused.map((result) => result.rows[name])].filter(
      (value) => value !== null,
    );
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    read: sum('read'),
    accepted: sum('accepted'),
    rejected: sum('rejected'),
    corrected: sum('corrected'),
  };
}

interface PeriodRun {
  readonly results: readonly StepResult[];
  readonly reconciliation: readonly Reconciliation[];
  readonly stoppedAt: string | null;
}

async function runPeriod(around: Surroundings, input: RunInput, period: Period): Promise<PeriodRun> {
  const { ctx } = around;
  const reached = (step: StepName) => STEPS.indexOf(step) <= STEPS.indexOf(input.through);
  const datasets = datasetsOf(around, input);
  const results: StepResult[] = [];

  const gate = await gateAll(around, input, period, datasets);
  results.push(...gate);
  if (ctx.dryRun && gate.some((result) => result.status === 'done')) {
    return { results: unfold(results), reconciliation: [], stoppedAt: 'validate' };
  }
  if (reached('validate')) {
    for (const dataset of datasets) {
      if (isRecordsDataset(dataset)) {
        if (reached('transform')) results.push(...(await promoteWaiting(around, input, period, dataset)));
        continue;
      }
      const taken = await takeDataset(around, input, period, dataset, reached);
      results.push(...taken.results);
      if (taken.stoppedAt !== null)
        return { results: unfold(results), reconciliation: [], stoppedAt: taken.stoppedAt };
    }
  }
  if (reached('publish')) {
    ctx.signal.throwIfAborted();
    ctx.log.progress(`publish ${period.text}`);
    results.push(
      await attempt(around, { step: 'publish', dataset: null, period: period.text }, () =>
        publish(ctx, { period, scheduled: true }),
      ),
    );
  }
  const reconciliation = await ctx.warehouse.read((session) => reconcile(session, datasets, period));
  return { results: unfold(results), reconciliation, stoppedAt: null };
}

/** The datasets of the call, lists without a period first, each after what it refers to. */
function datasetsOf(around: Surroundings, input: RunInput): Dataset[] {
  const all = [...around.ctx.config.datasets.values()];
  const wanted = input.dataset === null ? all : [...referencedLists(around, input.dataset), input.dataset];
  return inReferenceOrder(
    [...wanted].sort((a, b) => Number(a.periodKind !== 'none') - Number(b.periodKind !== 'none')),
  );
}

/** Lists without a period to which a dataset refers, and those to which these refer in turn. */
function referencedLists(around: Surroundings, dataset: Dataset): Dataset[] {
  const lists = new Set<Dataset>();
  const visit = (one: Dataset): void => {
    for (const key of one.foreignKeys) {
      const list = around.ctx.config.datasets.get(key.dataset);
      if (list === undefined || list === dataset || list.periodKind !== 'none' || lists.has(list)) continue;
      lists.add(list);
      visit(list);
    }
  };
  visit(dataset);
  return [...lists];
}

async function gateAll(
  around: Surroundings,
  input: RunInput,
  period: Period,
  datasets: readonly Dataset[],
): Promise<StepResult[]> {
  const { ctx } = around;
  ctx.signal.throwIfAborted();
  ctx.log.progress(`ingest ${period.text}`);
  const slice = input.slice ?? null;
  if (input.dataset === null) {
    return [
      await attempt(around, { step: 'ingest', dataset: null, period: period.text }, () =>
        ingest(ctx, { period, slice }),
      ),
    ];
  }
  const results: StepResult[] = [];
  for (const dataset of datasets) {
    if (isRecordsDataset(dataset)) continue;
    const about = { step: 'ingest', dataset: dataset.name, period: period.text };
    const own = sliceFor(dataset, input);
    const result = await attempt(around, about, () =>
      ingest(ctx, { period, dataset: dataset.name, slice: own }),
    );
    // The caller does not wait for a list that was not renewed.
    if (dataset === input.dataset || result.exitCode !== 5) results.push(result);
  }
  return results;
}

/** For a list to which the dataset of the call refers: the part of the slice that the list has too. */
function sliceFor(dataset: Dataset, { dataset: named, slice }: RunInput): SliceFilter | null {
  if (slice === null || named === null || dataset === named) return slice;
  return new Map([...slice].filter(([name]) => dataset.sliceNames.includes(name)));
}

/** Records have no slices: a call for slices means them only where a dataset that it names refers to them. */
async function promoteWaiting(
  around: Surroundings,
  input: RunInput,
  period: Period,
  dataset: RecordsDataset,
): Promise<StepResult[]> {
  const { ctx } = around;
  if ((sliceFor(dataset, input)?.size ?? 0) > 0) return [];
  ctx.signal.throwIfAborted();
  const about = { step: 'records promote', dataset: dataset.name, period: NO_PERIOD.text };
  const asked = {
    ...{ dataset, run: null, stagingIds: [], acceptGuards: [], failOnFailed: false, told: 0 },
    runPeriod: period.text,
  };
  return [await attempt(around, about, async () => (await recordsPromote(ctx, asked)).result)];
}

interface Taken {
  readonly results: readonly StepResult[];
  readonly stoppedAt: string | null;
}

async function takeDataset(
  around: Surroundings,
  input: RunInput,
  asked: Period,
  dataset: Dataset,
  reached: (step: StepName) => boolean,
): Promise<Taken> {
  const { ctx } = around;
  const period = periodDue(dataset.periodKind, asked);
  if (period === null) return { results: [], stoppedAt: null };
  const which = { ...input, slice: sliceFor(dataset, input) };
  const { due, earlier } = await ctx.warehouse.read(async (session) => {
    const due = await dueDeliveries(session, ctx, dataset, period, which);
    const of = { dataset, period, slice: which.slice };
    return { due, earlier: await toldBefore(session, ctx, of, due.toValidate) };
  });
  const results: StepResult[] = [];
  if (due.isWithdrawn && dataset === input.dataset)
    return { results: [waiting(dataset, period)], stoppedAt: null };
  const checked = await takeDue(around, dataset, period, due);
  results.push(...inOrder([...earlier, ...checked]));
  if (ctx.dryRun && checked.length > 0) return { results, stoppedAt: 'load-stage' };
  const about = { dataset: dataset.name, period: period.text };
  for (const slice of due.passingSlices(checked)) {
    ctx.signal.throwIfAborted();
    const only = { period, dataset: dataset.name, slice: new Map(slice) };
    if (!reached('load-stage')) break;
    const loaded = await attempt(around, { step: 'load-stage', ...about }, () =>
      loadPeriod(ctx, {
        ...only,
        parquetPath: null,
        fileId: null,
        allowEmpty: false,
        force: false,
        scheduled: true,
      }),
    );
    results.push(loaded);
    if (loaded.exitCode !== 0 || !reached('transform')) continue;
    if (ctx.dryRun && loaded.status === 'done') return { results, stoppedAt: 'transform' };
    const promoted = await attempt(around, { step: 'transform', ...about }, () =>
      transform(ctx, {
        period,
        datasets: [dataset],
        named: true,
        slice: only.slice,
        atomic: false,
        acceptGuards: [],
        scheduled: true,
      }),
    );
    results.push(promoted);
  }
  return { results, stoppedAt: null };
}

/** For a dataset that was named: no landed file of it counts any more, so the caller waits as if none had landed. */
function waiting(dataset: Dataset, period: Period): StepResult {
  return stepResult({
    step: 'validate',
    status: 'retry',
    dataset: dataset.name,
    period: period.text,
    message: `Every delivery of ${dataset.name} for ${period.text} was withdrawn; none counts.`,
    hint: 'Wait for a new file in data/landed; then run the same command again.',
  });
}

function unfold(results: readonly StepResult[]): StepResult[] {
  return results.flatMap((result) => (result.results.length > 0 ? unfold(result.results) : [result]));
}
