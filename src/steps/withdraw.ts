import { type StepResult, stepResult } from '../domain/result.ts';
import { sliceOptions } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { blank, command, joinWords, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, callOf } from '../ledger/answers.ts';
import { clearCurrent, currentDelivery, makeCurrent } from '../ledger/current-delivery.ts';
import { logDecision } from '../ledger/decisions.ts';
import { type Delivery, deliveryById, newestDelivery, setStatus } from '../ledger/deliveries.ts';
import { standingLoad } from '../ledger/loads.ts';
import { targetLock } from '../ledger/locks.ts';
import { promotedPeriods } from '../ledger/promotions.ts';
import { newestPassed, type Validation } from '../ledger/validations.ts';
import { refreshDatapackage } from '../validation/refresh-datapackage.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Now, refuseUnseen, type SeenInput, seenOf } from './seen.ts';
import type { StepContext } from './step.ts';

export interface WithdrawInput extends WhoAndWhy, SeenInput {
  readonly fileId: number;
}

const STEP = 'withdraw';

/**
 * A delivery stops counting: the newest other one that passed becomes current, or none does. Stage and core do not
 * change until load-stage, unload or transform run. Refuses an unknown number.
 */
export async function withdraw(ctx: StepContext, input: WithdrawInput): Promise<StepResult> {
  const named = await ctx.warehouse.read((session) => meant(session, input.fileId));
  const target = targetOf(named);
  if (ctx.dryRun) return ctx.warehouse.read((session) => withdrawOne(ctx, session, input, named));

  const result = await ctx.warehouse.transaction(async (tx) => {
    await tx.lock([target === null ? `ingest:${named.path}` : targetLock(target)]);
    const of = { part: String(named.fileId), parts: [String(named.fileId)], at: ctx.clock() };
    const { seen: _, ...asked } = input;
    return answerOnce(tx, callOf(ctx, STEP, asked), of, () => withdrawOne(ctx, tx, input, named));
  });

  // Always, because the call before this one may have ended between its commit and this line.
  await refreshDatapackage(ctx.warehouse, ctx.project);
  return result;
}

function targetOf({ dataset, period, slice }: Delivery): Target | null {
  return dataset === null || period === null ? null : { dataset, period, slice };
}

/** A duplicate means the delivery whose bytes it repeats. */
async function meant(session: Session, fileId: number): Promise<Delivery> {
  const found = await deliveryById(session, fileId);
  if (found === null) {
    throw new TidemarkError('unknown-delivery', { message: `There is no delivery ${fileId}.` });
  }
  if (found.status !== 'duplicate' || found.duplicateOf === null) return found;
  return (await deliveryById(session, found.duplicateOf)) ?? found;
}

async function withdrawOne(
  ctx: StepContext,
  session: Session,
  input: WithdrawInput,
  named: Delivery,
): Promise<StepResult> {
  const { fileId, dataset, period, slice } = named;
  const target = targetOf(named);
  const about = { step: STEP, dataset, period, slice: slice || null, fileId };
  const before = await deliveryById(session, fileId);
  if (before?.status === 'withdrawn') {
    const message = `Delivery ${fileId} is withdrawn already; nothing to do.`;
    const seen = seenOf({ fileId, withdrawn: true });
    refuseUnseen(input.seen, seen, { ...nowOf(input, named, message), isDone: true });
    return stepResult({ ...about, status: 'skipped', message, ...(ctx.dryRun ? { seen } : {}) });
  }
  const wasCurrent = target !== null && (await currentDelivery(session, target))?.fileId === fileId;
  const next = wasCurrent ? await newestPassed(session, target, fileId) : null;
  const waiting = target === null ? null : await waitingOne(session, target, fileId);
  const stands = target === null ? null : await standingLoad(session, target);
  const promoted = target !== null && (await isPromoted(session, target, fileId));
  const told = (trial: boolean) =>
    joinWords(
      [
        `Delivery ${fileId} ${trial ? 'would be' : 'is'} withdrawn${after(wasCurrent, next)}.`,
        ...(waiting === null ? [] : [`Delivery ${waiting} waits for validation.`]),
        ...(promoted ? ['It is promoted: core keeps it until another is, or until rollback.'] : []),
        ...(target === null || stands?.fileId !== fileId ? [] : [nextCommand(target, next, input)]),
      ],
      ' ',
    );
  const loaded = stands?.fileId ?? null;
  const seen = seenOf({ fileId, wasCurrent, next: next?.validationId ?? null, waiting, loaded, promoted });
  refuseUnseen(input.seen, seen, nowOf(input, named, told(true)));
  if (ctx.dryRun) return stepResult({ ...about, status: 'done', message: told(true), seen });
  await write(ctx, session, input, { named, target, wasCurrent, next });
  return stepResult({ ...about, status: 'done', message: told(false) });
}

function nowOf(input: WithdrawInput, { dataset, period }: Delivery, told: Words): Now {
  const where = { ...(dataset === null ? {} : { dataset }), ...(period === null ? {} : { period }) };
  return { told, step: STEP, options: { fileId: input.fileId }, decided: input, where };
}

async function write(
  ctx: StepContext,
  tx: Session,
  input: WithdrawInput,
  what: {
    readonly named: Delivery;
    readonly target: Target | null;
    readonly wasCurrent: boolean;
    readonly next: Validation | null;
  },
): Promise<void> {
  const { named, target, wasCurrent, next } = what;
  const now = ctx.clock();
  if (target !== null && wasCurrent) {
    if (next === null) await clearCurrent(tx, target);
    else await makeCurrent(tx, target, next, { now, runId: ctx.runId });
  }
  await setStatus(tx, named.fileId, 'withdrawn');
  await logDecision(tx, {
    kind: 'withdraw',
    dataset: named.dataset,
    period: named.period,
    slice: named.slice,
    fileId: named.fileId,
    loadId: null,
    reason: input.reason,
    by: input.by,
    runId: ctx.runId,
    at: now,
  });
}

/** A newer delivery that was not validated yet: it comes next. */
async function waitingOne(session: Session, target: Target, fileId: number): Promise<number | null> {
  const newest = await newestDelivery(session, target);
  if (newest === null || newest.fileId === fileId || newest.status !== 'accepted') return null;
  const current = await currentDelivery(session, target);
  return newest.fileId > (current?.fileId ?? fileId) ? newest.fileId : null;
}

function after(wasCurrent: boolean, next: Validation | null): string {
  if (!wasCurrent) return '; the current delivery stays';
  return next === null ? '; no delivery counts now' : `; delivery ${next.fileId} is current`;
}

/** Core has rows from a promotion of this delivery. */
async function isPromoted(session: Session, target: Target, fileId: number): Promise<boolean> {
  const promoted = await promotedPeriods(session, target.dataset, target.slice);
  return promoted.some((one) => one.period === target.period && one.fileId === fileId);
}

function nextCommand(target: Target, next: Validation | null, decided: WhoAndWhy): Words {
  const period = target.period === 'none' ? blank('YYYY-MM') : target.period;
  const of = { period, dataset: target.dataset, ...sliceOptions(target.slice) };
  const what =
    next === null ? command('unload', { ...of, ...decidedBy(decided) }) : command('load-stage', of);
  return words`Its rows are still in stage. Next: ${what}`;
}
