import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { inReferenceOrder } from '../domain/reference-order.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { parseSlice, type SliceFilter, sliceMatches } from '../domain/slice.ts';
import { targetShown } from '../domain/target.ts';
import { joinWords } from '../errors/advice.ts';
import type { TidemarkError } from '../errors/tidemark-error.ts';
import { voidApproval } from '../ledger/approvals.ts';
import { type Deed, keepDone, lastDone } from '../ledger/done-by-run.ts';
import type { Load } from '../ledger/loads.ts';
import { loggedTargets } from '../ledger/targets.ts';
import type { Review } from '../promotion/approvals.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import { refuseOrphans } from '../promotion/foreign-keys.ts';
import type { AcceptedGuard } from '../promotion/guards.ts';
import { lockPromotions, periodsRead } from '../promotion/locks.ts';
import { promotableLoads, whyNotLoaded } from '../promotion/promotable-loads.ts';
import { type Promotion, promote } from '../promotion/promote.ts';
import { contractFingerprint } from '../validation/contract-fingerprint.ts';
import { transactionUnlessDry } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { refuseUnseen, type SeenInput, seenOf, seenParts, seenTogether, withSeen } from './seen.ts';
import type { StepContext } from './step.ts';
import { basisOf, transformNow } from './transform-seen.ts';
import { resultOf } from './transform-told.ts';
import { unitOfError } from './unit-of-error.ts';

export interface TransformInput extends SeenInput {
  readonly period: Period;
  readonly datasets: readonly Dataset[];
  /** The call named the datasets: then one without a load is an outcome of its own, not just listed. */
  readonly named: boolean;
  readonly slice?: SliceFilter;
  /** All datasets and slices in one transaction, or none. */
  readonly atomic: boolean;
  readonly acceptGuards: readonly AcceptedGuard[];
  /** The call comes from a schedule: a closed period without anything to do is not mentioned. */
  readonly scheduled?: boolean;
}

/** A dataset, period and slice that the call means, and its load or why there is none; `period` null: none is due. */
interface Unit {
  readonly dataset: Dataset;
  readonly period: string | null;
  readonly slice: string;
  readonly load: Load | null;
  /** Periods whose stage rows it reads. */
  readonly reads: readonly string[];
  readonly why: TidemarkError | null;
}

/**
 * Stage rows of a period become core rows: added, modified, closed or removed as the dataset's strategy says, with a
 * before-image of each. Refuses a target without a committed load, duplicate or missing keys, guards that fail, and
 * orphans.
 */
export async function transform(ctx: StepContext, input: TransformInput): Promise<StepResult> {
  const units = await ctx.warehouse.read((session) => unitsOf(session, input));
  const due = units.filter((unit) => unit.load !== null);
  const idle = units.filter((unit) => unit.load === null).map((unit) => idleResult(unit, input.named));
  const stopsAll = input.atomic ? idle.find((result) => result.exitCode !== 0) : undefined;
  if (stopsAll !== undefined) return stopsAll;

  const results: StepResult[] = [];
  const expected = input.atomic ? null : await seenUnits(ctx, input, due);
  if (input.atomic) results.push(...(await promoteUnits(ctx, input, due, input.seen ?? null)));
  else {
    for (const unit of due) {
      ctx.signal.throwIfAborted();
      ctx.log.progress(`transform ${targetShown({ ...unit, dataset: unit.dataset.name })}`);
      try {
        results.push(...(await promoteUnits(ctx, input, [unit], expected?.get(nameOf(unit)) ?? null)));
      } catch (error) {
        results.push(unitOfError('transform', error, aboutOf(unit)));
      }
    }
  }
  const combined = combineResults('transform', [...results, ...idle], {
    period: input.period.text,
    emptyMessage: 'There is no dataset to promote.',
  });
  return withSeen(combined, ctx.dryRun && due.length > 0 ? results : null);
}

/** The fingerprint that each unit must still have, where the call is bound to a preview. */
async function seenUnits(ctx: StepContext, input: TransformInput, due: readonly Unit[]) {
  const { touched: _, ...untold } = ctx;
  const parts = due.map((unit) => ({
    name: nameOf(unit),
    preview: async () => {
      const [only] = await promoteUnits({ ...untold, dryRun: true }, input, [unit], null).catch((error) => [
        unitOfError('transform', error, aboutOf(unit)),
      ]);
      return { seen: only?.seen ?? seenOf({ stopped: only?.exitCode }), told: only?.message ?? '' };
    },
  }));
  const before = await ctx.warehouse.read(async (session) => {
    const answers = new Map<string, string | null>();
    for (const unit of due)
      answers.set(nameOf(unit), (await lastDone(session, deedOf(ctx, unit)))?.seen ?? null);
    return answers;
  });
  const asked = parts.map((part) => ({ ...part, before: before.get(part.name) ?? null }));
  return seenParts(input.seen, asked, transformNow(input));
}

const nameOf = ({ dataset, period, slice }: Unit): string => JSON.stringify([dataset.name, period, slice]);

function aboutOf({ dataset, period, slice }: Unit) {
  return { dataset: dataset.name, period, slice: slice || null };
}

function deedOf(
  { runId, write }: StepContext,
  { dataset, period, slice }: Omit<Unit, 'load' | 'reads' | 'why'>,
): Deed {
  return { runId, write, step: 'transform', of: { dataset: dataset.name, period, slice } };
}

async function unitsOf(session: Session, input: TransformInput): Promise<Unit[]> {
  const units: Unit[] = [];
  const asked = input.slice ?? new Map<string, string>();
  for (const dataset of inReferenceOrder(input.datasets)) {
    const period = periodDue(dataset.periodKind, input.period)?.text ?? null;
    if (period === null) {
      units.push({ dataset, period, slice: '', load: null, reads: [], why: null });
      continue;
    }
    const loads = (await promotableLoads(session, dataset.name, period)).filter((load) =>
      sliceMatches(parseSlice(load.slice), asked),
    );
    const logged = await loggedTargets(session, dataset.name, period, asked);
    const slices = new Set(logged.map((target) => target.slice));
    for (const load of loads) {
      const reads = await periodsRead(session, { dataset, period, slice: load.slice });
      units.push({ dataset, period, slice: load.slice, load, reads, why: null });
      slices.delete(load.slice);
    }
    if (loads.length === 0 && slices.size === 0) slices.add('');
    for (const slice of slices) {
      const why = await whyNotLoaded(session, { dataset: dataset.name, period, slice });
      units.push({ dataset, period, slice, load: null, reads: [], why });
    }
  }
  return units;
}

function idleResult(unit: Unit, named: boolean): StepResult {
  const about = aboutOf(unit);
  if (unit.why !== null && named) return unitOfError('transform', unit.why, about);
  const message =
    unit.why?.said ??
    `${unit.dataset.name} is delivered by the ${unit.dataset.periodKind}; not due for this period.`;
  return stepResult({ step: 'transform', status: 'skipped', ...about, message });
}

async function promoteUnits(
  ctx: StepContext,
  input: TransformInput,
  units: readonly Unit[],
  seen: string | null,
): Promise<StepResult[]> {
  if (units.length === 0) return [];
  const voided = new Map<number, string>();
  const review: Review = {
    contract: contractFingerprint,
    onVoid: (approval, reason) => voided.set(approval.approvalId, reason),
  };
  try {
    const { results, done } = await transactionUnlessDry(ctx, async (session) => {
      voided.clear();
      return promoteInTransaction(ctx, session, { input, units, seen }, review);
    });
    for (const promotion of done) tellPromoted(ctx, promotion);
    return results;
  } finally {
    // In a transaction of its own: the transaction that found it void is rolled back, and the approval must stay void.
    if (voided.size > 0 && !ctx.dryRun) await logVoid(ctx, voided);
  }
}

async function logVoid(ctx: StepContext, voided: ReadonlyMap<number, string>): Promise<void> {
  await ctx.warehouse.transaction(async (session) => {
    for (const [approvalId, reason] of voided) await voidApproval(session, approvalId, reason, ctx.clock());
  });
}

async function promoteInTransaction(
  ctx: StepContext,
  session: Session,
  { input, units, seen }: { input: TransformInput; units: readonly Unit[]; seen: string | null },
  review: Review,
): Promise<{ readonly results: StepResult[]; readonly done: readonly Promotion[] }> {
  const targets = units.map(({ dataset, period, slice, reads }) => ({
    dataset,
    period: period as string,
    slice,
    reads,
  }));
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!ctx.dryRun) await lockPromotions(session, ctx.config.datasets, targets);
  const env = {
    project: ctx.project,
    capabilities: ctx.warehouse.capabilities,
    datasets: ctx.config.datasets,
    accepted: input.acceptGuards,
    review,
    runId: ctx.runId,
    clock: ctx.clock,
    dryRun: ctx.dryRun,
  };
  const done: Promotion[] = [];
  const bases: object[] = [];
  for (const { dataset, period, slice } of targets) {
    if (!input.scheduled) await refuseClosedPeriod(session, dataset.name, period);
    const loads = await promotableLoads(session, dataset.name, period);
    const load = loads.find((each) => each.slice === slice);
    // Looked up again under the lock: it may have been unloaded, or loaded again, since the call looked.
    if (load === undefined) throw await whyNotLoaded(session, { dataset: dataset.name, period, slice });
    if (ctx.dryRun || seen !== null) bases.push(await basisOf(session, ctx, dataset, load));
    done.push(await promote(session, env, dataset, load));
  }
  const at = input.period.text;
  for (const promotion of done)
    await refuseOrphans(session, promotion.checks, { act: 'promotion', period: at });
  for (const promotion of done) await promotion.scratch.drop();
  const answers: Answered[] = [];
  for (const [i, promotion] of done.entries())
    answers.push(await answerOf(ctx, session, units[i] as Unit, promotion, bases[i]));
  if (answers.some(({ isNew }) => isNew)) {
    const own = seenTogether(answers.map((one) => one.result.seen ?? ''));
    const trials = done.map((one) => resultOf({ ...one, promotionId: one.promotionId && 0 }).message ?? '');
    refuseUnseen(seen, own, { ...transformNow(input), told: joinWords(trials, ' ') });
  }
  return { results: answers.map(({ result }) => result), done };
}

function tellPromoted({ config, touched }: StepContext, { load, counts, reads }: Promotion): void {
  const dataset = config.datasets.get(load.dataset);
  if (counts === null || dataset === undefined) return;
  touched?.read(...reads);
  touched?.wrote(
    { schema: 'core', table: dataset.core.table },
    counts.added + counts.modified + counts.closed,
  );
}

interface Answered {
  readonly result: StepResult;
  /** False: this run did it before, and nothing was left to do. */
  readonly isNew: boolean;
}

/**
 * What was done, kept for a repeat of this run; or what this run did before, where nothing was left to do. With a
 * `basis`, the result has the fingerprint of it and of the counts.
 */
async function answerOf(
  ctx: StepContext,
  session: Session,
  unit: Unit,
  promotion: Promotion,
  basis: object | undefined,
): Promise<Answered> {
  const seen = basis === undefined ? {} : { seen: seenOf({ ...basis, counts: promotion.counts }) };
  const result = { ...resultOf(promotion), ...seen };
  if (ctx.dryRun) return { result, isNew: true };
  const deed = deedOf(ctx, unit);
  if (promotion.promotionId === null) {
    const before = await lastDone(session, deed);
    return before === null ? { result, isNew: true } : { result: { ...seen, ...before }, isNew: false };
  }
  await keepDone(session, deed, { part: promotion.promotionId, at: ctx.clock() }, result);
  return { result, isNew: true };
}
