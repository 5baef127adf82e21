import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { filterOptions, type SliceFilter } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { answerOnce, answersOf, callOf } from '../ledger/answers.ts';
import { logDecision } from '../ledger/decisions.ts';
import type { Load } from '../ledger/loads.ts';
import { logLoad, newestLoadEntry, nextLoadId, standingLoad } from '../ledger/loads.ts';
import { targetLock } from '../ledger/locks.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { countOf, emptyTarget } from '../loading/replace-period.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Now, type Preview, refuseUnseen, type SeenInput, seenOf, seenParts, withSeen } from './seen.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export interface UnloadInput extends WhoAndWhy, SeenInput {
  readonly dataset: Dataset;
  /** As in the call: a month also means the quarter or year that ends with it. */
  readonly period: Period;
  /** Names that the filter lacks may hold anything; null: every slice. */
  readonly slice: SliceFilter | null;
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
  const { seen: _, ...asked } = input;
  const call = callOf(ctx, STEP, { ...asked, dataset: dataset.name });
  const { slices, answered } = await ctx.warehouse.read(async (session) => {
    const answered = ctx.dryRun ? [] : await answersOf<StepResult>(session, call);
    const [before] = answered;
    const targets = await targetsMeant(session, dataset.name, due.text, input.slice);
    return { slices: before?.parts ?? targets.map((target) => target.slice), answered };
  });
  const targetOf = (slice: string): Target => ({ dataset: dataset.name, period: due.text, slice });
  const expected = await seenParts(
    input.seen,
    slices.map((slice) => ({
      name: slice,
      before: answered.find((one) => one.part === slice)?.answer.seen ?? null,
      preview: () => ctx.warehouse.read((session) => previewOf(session, input, targetOf(slice))),
    })),
    nowOf(input),
  );

  const results: StepResult[] = [];
  for (const slice of slices) {
    ctx.signal.throwIfAborted();
    const target = targetOf(slice);
    const seen = expected?.get(slice) ?? null;
    try {
      const work = (session: Session) => unloadTarget(ctx, session, input, target, seen);
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
  const combined = combineResults(STEP, results, { period: due.text });
  return withSeen(combined, ctx.dryRun ? results : null);
}

/** What is in stage of one target. */
interface Staged {
  readonly load: Load | null;
  readonly rows: number;
}

async function stagedOf(session: Session, input: UnloadInput, target: Target): Promise<Staged> {
  await refuseClosedPeriod(session, target.dataset, target.period);
  const load = await standingLoad(session, target);
  return { load, rows: await countOf(session, input.dataset, target) };
}

const seenTarget = ({ slice }: Target, { load, rows }: Staged): string =>
  seenOf({ slice, load: load?.loadId ?? null, rows });

async function previewOf(session: Session, input: UnloadInput, target: Target): Promise<Preview> {
  const staged = await stagedOf(session, input, target);
  return { seen: seenTarget(target, staged), told: messageOf(target, staged, true) };
}

function messageOf({ dataset, period }: Target, { load, rows }: Staged, trial: boolean): string {
  if (load === null && rows === 0) return `Nothing of ${dataset} ${period} is in stage; nothing to do.`;
  const did = trial ? 'Would take' : 'Took';
  return `${did} ${counted(rows, 'row')} of ${period} out of stage.${dataset}. Core stays as it is until transform or rollback.`;
}

function nowOf(input: UnloadInput): Omit<Now, 'told'> {
  const { dataset, period, slice } = input;
  const options = { dataset: dataset.name, period: period.text, ...filterOptions(slice ?? new Map()) };
  return { step: STEP, options, decided: input, where: { dataset: dataset.name, period: period.text } };
}

async function unloadTarget(
  ctx: StepContext,
  session: Session,
  input: UnloadInput,
  target: Target,
  seen: string | null,
): Promise<StepResult> {
  const startedAt = ctx.clock();
  const staged = await stagedOf(session, input, target);
  const { load, rows } = staged;
  const own = seenTarget(target, staged);
  refuseUnseen(seen, own, { ...nowOf(input), told: messageOf(target, staged, true) });
  const bound = ctx.dryRun || seen !== null ? { seen: own } : {};
  const message = messageOf(target, staged, ctx.dryRun);
  const about = { step: STEP, dataset: target.dataset, period: target.period, slice: target.slice || null };
  if (load === null && rows === 0) {
    return stepResult({ ...about, status: 'skipped', rows: { deleted: 0 }, message, ...bound });
  }
  if (!ctx.dryRun) {
    await emptyTarget(session, input.dataset, target);
    await log(ctx, session, input, { target, rows, startedAt });
  }
  return stepResult({
    ...about,
    status: 'done',
    fileId: load?.fileId ?? null,
    rows: { deleted: rows, inserted: 0 },
    message,
    ...bound,
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
