import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { answerOnce, answersOf, callOf } from '../ledger/answers.ts';
import { logDecision } from '../ledger/decisions.ts';
import { logLoad, newestLoadEntry, nextLoadId, standingLoad } from '../ledger/loads.ts';
import { targetLock } from '../ledger/locks.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { countOf, emptyTarget } from '../loading/replace-period.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export interface UnloadInput {
  readonly dataset: Dataset;
  /** As in the call: a month also means the quarter or year that ends with it. */
  readonly period: Period;
  /** Names that the filter lacks may hold anything; null: every slice. */
  readonly slice: SliceFilter | null;
  readonly reason: string;
  readonly by: string;
}

const STEP = 'unload';

/**
 * A part of stage is emptied, in one transaction per slice, and nothing else: deliveries, Parquet and core do not
 * change. Refuses a closed period; where stage has no rows there is nothing to do.
 */
export async function unload(ctx: StepContext, input: UnloadInput): Promise<StepResult> {
  const { dataset } = input;
  const due = periodDue(dataset.periodKind, input.period);
  if (due === null) {
    const message = `${dataset.name} is delivered by the ${dataset.periodKind}; not due for ${input.period.text}.`;
    return stepResult({ step: STEP, status: 'skipped', dataset: dataset.name, message });
  }
  const call = callOf(ctx, STEP, { ...input, dataset: dataset.name });
  const slices = await ctx.warehouse.read(async (session) => {
    const [before] = ctx.dryRun ? [] : await answersOf(session, call);
    const targets = await targetsMeant(session, dataset.name, due.text, input.slice);
    return before?.parts ?? targets.map((target) => target.slice);
  });

  const results: StepResult[] = [];
  for (const slice of slices) {
    ctx.signal.throwIfAborted();
    const target = { dataset: dataset.name, period: due.text, slice };
    try {
      const work = (session: Session) => unloadTarget(ctx, session, input, target);
      const result = ctx.dryRun
        ? await ctx.warehouse.read(work)
        : await ctx.warehouse.transaction(async (tx) => {
            await tx.lock([targetLock(target)]);
            const of = { part: slice, parts: slices, at: ctx.clock() };
            return answerOnce(tx, call, of, () => work(tx));
          });
      results.push(result);
      if (result.status === 'done') ctx.touched?.wrote({ schema: 'stage', table: dataset.name }, 0);
    } catch (error) {
      results.push(unitOfError(STEP, error, { ...target, slice: target.slice || null }));
    }
  }
  return combineResults(STEP, results, { period: due.text });
}

async function unloadTarget(
  ctx: StepContext,
  session: Session,
  input: UnloadInput,
  target: Target,
): Promise<StepResult> {
  const startedAt = ctx.clock();
  await refuseClosedPeriod(session, target.dataset, target.period);
  const load = await standingLoad(session, target);
  const rows = await countOf(session, input.dataset, target);
  const about = { step: STEP, dataset: target.dataset, period: target.period, slice: target.slice || null };
  if (load === null && rows === 0) {
    const message = `Nothing of ${target.dataset} ${target.period} is in stage; nothing to do.`;
    return stepResult({ ...about, status: 'skipped', rows: { deleted: 0 }, message });
  }
  if (!ctx.dryRun) {
    await emptyTarget(session, input.dataset, target);
    await log(ctx, session, input, { target, rows, startedAt });
  }
  const did = ctx.dryRun ? 'Would take' : 'Took';
  return stepResult({
    ...about,
    status: 'done',
    fileId: load?.fileId ?? null,
    rows: { deleted: rows, inserted: 0 },
    message: `${did} ${counted(rows, 'row')} of ${target.period} out of stage.${target.dataset}. Core stays as it is until transform or rollback.`,
  });
}

/** A load without rows, so that later calls find nothing loaded; and the decision. */
async function log(
  ctx: StepContext,
  tx: Session,
  input: UnloadInput,
  what: { readonly target: Target; readonly rows: number; readonly startedAt: Date },
): Promise<void> {
  const { target, rows, startedAt } = what;
  const last = await newestLoadEntry(tx, target);
  const loadId = await nextLoadId(tx);
  const now = ctx.clock();
  await logLoad(tx, {
    ...target,
    kind: 'unload',
    loadId,
    fileId: last?.fileId ?? 0,
    validationId: last?.validationId ?? 0,
    ...{ parquetPath: '', parquetSha256: '', correctionsFingerprint: null },
    ...{ rowsDeleted: rows, rowsInserted: 0, forced: false },
    runId: ctx.runId,
    startedAt,
    loadedAt: now,
  });
  await logDecision(tx, {
    kind: 'unload',
    ...target,
    fileId: last?.fileId ?? null,
    loadId,
    reason: input.reason,
    by: input.by,
    runId: ctx.runId,
    at: now,
  });
}
