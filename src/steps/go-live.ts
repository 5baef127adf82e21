import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { filterOptions, type SliceFilter, sliceShown, slicesAsked, sliceText } from '../domain/slice.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import type { Words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, callOf } from '../ledger/answers.ts';
import { type Flipped, flipLive } from '../promotion/flip-live.ts';
import { coreLock, lockInOrder } from '../promotion/locks.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Now, refuseUnseen, type SeenInput, seenOf } from './seen.ts';
import type { StepContext } from './step.ts';

export interface GoLiveInput extends WhoAndWhy, SeenInput {
  readonly dataset: Dataset;
  /** Only rows that this period brought; null: rows of every period. */
  readonly period: Period | null;
  readonly slice: SliceFilter;
  /** A SQL condition over the columns of a row. */
  readonly where: string | null;
  /** The rows are no longer live, instead. */
  readonly off: boolean;
}

/**
 * Rows of a core table whose rollout is staged become live, or no longer live, all at once: a promotion with a number,
 * which can be rolled back. Refuses tables whose rollout is not staged, and rows of closed periods.
 */
export async function goLive(ctx: StepContext, input: GoLiveInput): Promise<StepResult> {
  const { dataset } = input;
  refuseImmediate(dataset);
  const period = input.period === null ? null : (periodDue(dataset.periodKind, input.period)?.text ?? null);
  const slice = onlySlice(input);
  const about = { step: 'go-live', dataset: dataset.name, period, slice: slice || null };
  if (input.period !== null && period === null) {
    const message = `${dataset.name} is delivered by the ${dataset.periodKind}; not due for this period.`;
    return stepResult({ ...about, period: input.period.text, status: 'skipped', message });
  }

  const flip = { dataset, live: !input.off, period, slice: input.slice, where: input.where };
  let seen = '';
  const work = async (session: Session): Promise<Flipped> => {
    const { from, rows, promotionId } = await flipLive(session, flip, {
      ...{ runId: ctx.runId, clock: ctx.clock, dryRun: ctx.dryRun, signal: ctx.signal },
      ...{ reason: input.reason, by: input.by, loggedSlice: slice },
    });
    seen = seenOf({ live: flip.live, table: dataset.core.table, from });
    const trial = { rows, promotionId: promotionId === null ? null : 0 };
    refuseUnseen(input.seen, seen, nowOf(input, resultOf(input, about, trial).message ?? ''));
    return { rows, promotionId };
  };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  const done = ctx.dryRun
    ? await rehearseTransaction(ctx.warehouse, work)
    : await ctx.warehouse.transaction(async (tx) => {
        await lockInOrder(tx, { exclusive: [coreLock(dataset.core.table)], shared: [] });
        const { seen: _, ...asked } = input;
        const call = callOf(ctx, 'go-live', { ...asked, dataset: dataset.name });
        return answerOnce(tx, call, { part: '', parts: [''], at: ctx.clock() }, () => work(tx));
      });

  if (done.promotionId !== null) ctx.touched?.wrote({ schema: 'core', table: dataset.core.table }, done.rows);
  const result = resultOf(input, about, done);
  return ctx.dryRun ? { ...result, seen } : result;
}

function nowOf(input: GoLiveInput, told: Words): Now {
  const { dataset, period, slice, where, off } = input;
  const rows = { dataset: dataset.name, period: period?.text, ...filterOptions(slice) };
  const options = { ...rows, where: where ?? undefined, ...(off ? { off: true as const } : {}) };
  return { told, step: 'go-live', options, decided: input, where: { dataset: dataset.name } };
}

function refuseImmediate({ name, core }: Dataset): void {
  if (core.rollout === 'staged') return;
  throw new TidemarkError('usage', {
    message: `All rows of core.${core.table} are live as soon as they are promoted: its rollout is not staged.`,
    hint: `Set datasets.${name}.core.rollout: staged in datasets_config.yml.`,
    where: { dataset: name },
  });
}

/** The one slice that a call gives in full; '' where it means none, several or only a part of one. */
function onlySlice({ dataset, slice }: GoLiveInput): string {
  const inOrder = dataset.sliceNames.flatMap((name) => {
    const wanted = slice.get(name);
    return wanted === undefined ? [] : [[name, wanted] as const];
  });
  const slices = slicesAsked(new Map(inOrder));
  return inOrder.length === dataset.sliceNames.length && slices.length === 1
    ? sliceText(slices[0] ?? [])
    : '';
}

function resultOf(
  { dataset, off }: GoLiveInput,
  about: {
    readonly step: string;
    readonly dataset: string;
    readonly period: string | null;
    readonly slice: string | null;
  },
  { rows, promotionId }: Flipped,
): StepResult {
  const state = off ? 'not live' : 'live';
  if (promotionId === null) {
    const message = `No row of core.${dataset.core.table} that is meant is ${off ? 'live' : 'waiting'}; nothing to do.`;
    return stepResult({ ...about, status: 'skipped', rows: { modified: 0 }, message });
  }
  const what = `${counted(rows, 'row')} of core.${dataset.core.table}`;
  const where = about.slice === null ? '' : ` (${sliceShown(about.slice)})`;
  const message =
    promotionId === 0
      ? `Would make ${what}${where} ${state}.`
      : `Promotion ${promotionId}: ${what}${where} ${rows === 1 ? 'is' : 'are'} ${state} now.`;
  return stepResult({ ...about, status: 'done', rows: { modified: rows }, message });
}
