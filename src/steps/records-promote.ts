import { counted, grouped } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { combineResults, type StepResult } from '../domain/result.ts';
import { command, joinWords, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { spendApproval, voidApproval } from '../ledger/approvals.ts';
import { type Deed, keepDone, lastDone } from '../ledger/done-by-run.ts';
import type { RecordApproval } from '../ledger/record-approvals.ts';
import { voidSentence } from '../promotion/approvals.ts';
import type { AcceptedGuard } from '../promotion/guards.ts';
import { openApprovals, whyVoid } from '../records/approved.ts';
import { type Chosen, type RecordsAsked, runHasRecords } from '../records/batch.ts';
import { passRecordGates } from '../records/gates.ts';
import { type Gate, type PromotedBatch, promoteBatch } from '../records/promote-batch.ts';
import type { ToldRecord } from '../records/told-records.ts';
import type { Weighed } from '../records/weigh-batch.ts';
import { freeInBetween } from '../warehouse/free-in-between.ts';
import { transactionUnlessDry } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsBasis, recordsNow } from './records-seen.ts';
import {
  nothingSubmitted,
  type RecordsTold,
  resultOf,
  sum,
  tellTouched,
  warnUnread,
} from './records-told.ts';
import { refuseUnseen, type SeenInput, seenOf, seenParts, seenTogether } from './seen.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export interface RecordsPromoteInput extends RecordsAsked, RecordsTold, SeenInput {
  readonly dataset: RecordsDataset;
  readonly acceptGuards: readonly AcceptedGuard[];
  /** A failed record makes the call end with exit 3; the good ones are promoted all the same. */
  readonly failOnFailed: boolean;
  /** How many records are told one by one. */
  readonly told: number;
  /** Records of one transaction at most; 100,000 by default. */
  readonly most?: number;
  /** The period for which a run promotes what waits: what the run did before is told by period. */
  readonly runPeriod?: string;
}

/** The result of a promotion, and the outcome of its first records. */
export interface RecordsPromoted {
  readonly result: StepResult;
  readonly told: readonly ToldRecord[];
}

/** Records of one transaction: so many that the fixed costs are small, and few enough to be held in memory as texts. */
const MOST_RECORDS = 100_000;

const STEP = 'records promote';

/** Records that are promoted together: those that an approval names, or all that need none. */
interface Unit {
  readonly approval: RecordApproval | null;
  /** Of records without a valid approval: one that is void. */
  readonly voided: RecordApproval | null;
  /** The approvals that are units of their own. */
  readonly besides: readonly number[];
}

/**
 * Records that wait become core rows, by the rules of their dataset: good ones are promoted, or linked to the row that
 * is there; bad ones keep their errors. One transaction for each hundred thousand, in the order of their numbers; where a
 * person has approved or seen them, one for all that he did.
 */
export async function recordsPromote(ctx: StepContext, input: RecordsPromoteInput): Promise<RecordsPromoted> {
  const { dataset, run } = input;
  const units = await ctx.warehouse.read(async (session) =>
    (await runHasRecords(session, dataset, run)) ? unitsOf(session, input) : null,
  );
  if (units === null) return { result: nothingSubmitted(dataset, run ?? ''), told: [] };
  const expected = await seenUnits(ctx, input, units);
  const results: StepResult[] = [];
  const told: ToldRecord[] = [];
  for (const unit of units) {
    ctx.signal.throwIfAborted();
    // Records whose approval turned out to be void are not promoted as if nobody had approved them.
    if (unit.approval === null && results.some(({ exitCode }) => exitCode === 4)) continue;
    const wanted = { ...input, told: input.told - told.length };
    try {
      const one = await promoteUnit(ctx, wanted, unit, expected?.get(nameOf(unit)) ?? null);
      results.push(one.result);
      told.push(...one.told);
    } catch (error) {
      if (units.length === 1) throw error;
      results.push(unitOfError(STEP, error, { dataset: dataset.name, period: 'none' }));
    }
  }
  return { result: together(results, ctx.dryRun), told };
}

const nameOf = ({ approval }: Unit) => String(approval?.approvalId ?? '');

/** Units that a call means: each approval by itself, then the records that nobody has approved. */
async function unitsOf(session: Session, input: RecordsPromoteInput): Promise<readonly Unit[]> {
  const { dataset, run } = input;
  const rest = { approval: null, voided: null, besides: [] };
  if (dataset.core.review !== 'required') return [rest];
  const open = await openApprovals(session, dataset, input);
  const valid = open.filter(({ voidReason }) => voidReason === null);
  if (valid.length > 0 && input.stagingIds.length > 0)
    throw new TidemarkError('usage', {
      message: `Records of ${dataset.name} are promoted as they were approved, and not one by one.`,
      hint: words`Promote them with ${command(STEP, { dataset: dataset.name, all: true })}.`,
    });
  const wider = valid.find((approval) => run !== null && approval.run === null);
  if (wider !== undefined)
    throw new TidemarkError('approval-needed', {
      message: `Records of run '${run}' are approved together with those of other runs (by ${wider.decidedBy}). Nothing was promoted.`,
      hint: words`Promote all of them: ${command(STEP, { dataset: dataset.name, all: true })}`,
      where: { dataset: dataset.name, period: 'none' },
    });
  const voided = open.findLast(({ voidReason }) => voidReason !== null) ?? null;
  const besides = valid.map(({ approvalId }) => approvalId);
  return [...valid.map((approval) => ({ ...rest, approval })), { ...rest, voided, besides }];
}

/** The fingerprint that each unit must still have, where the call is bound to a preview. */
async function seenUnits(ctx: StepContext, input: RecordsPromoteInput, units: readonly Unit[]) {
  if (input.seen === null || input.seen === undefined) return null;
  const { touched: _, ...untold } = ctx;
  const before = await ctx.warehouse.read(async (session) => {
    const answers = new Map<string, string | null>();
    for (const unit of units)
      answers.set(nameOf(unit), (await lastDone(session, deedOf(ctx, input, unit)))?.seen ?? null);
    return answers;
  });
  const parts = units.map((unit) => ({
    name: nameOf(unit),
    before: before.get(nameOf(unit)) ?? null,
    preview: async () => {
      const { seen: _seen, ...asked } = input;
      const one = await promoteUnit({ ...untold, dryRun: true }, asked, unit, null).catch((error) => ({
        result: unitOfError(STEP, error, { dataset: input.dataset.name, period: 'none' }),
      }));
      return { seen: seenIn(one.result), told: one.result.message ?? '' };
    },
  }));
  return seenParts(input.seen, parts, recordsNow(STEP, input));
}

const seenIn = ({ seen, exitCode }: StepResult) => seen ?? seenOf({ stopped: exitCode });

function together(results: readonly StepResult[], dryRun: boolean): StepResult {
  const all = combineResults(STEP, results, { period: 'none' });
  const known = dryRun && results.some(({ seen }) => seen !== undefined);
  const { seen: _, ...plain } = all;
  const told =
    results.length === 1
      ? all.message
      : joinWords(
          results.map((one) => one.message ?? ''),
          ' ',
        );
  return { ...plain, message: told, ...(known ? { seen: seenTogether(results.map(seenIn)) } : {}) };
}

async function promoteUnit(
  ctx: StepContext,
  input: RecordsPromoteInput,
  unit: Unit,
  seen: string | null,
): Promise<RecordsPromoted> {
  const { dataset } = input;
  const done: PromotedBatch[] = [];
  const told: ToldRecord[] = [];
  const bound = ctx.dryRun || seen !== null || unit.approval !== null;
  let result: StepResult | null = null;
  for (let after = 0; ; ) {
    ctx.signal.throwIfAborted();
    const chosen = {
      ...({ which: 'waiting', asked: input, approval: unit.approval?.approvalId ?? null, after } as const),
      ...{ besides: unit.besides, most: bound ? null : (input.most ?? MOST_RECORDS) },
    };
    const next = await promoteNext(ctx, { ...input, told: input.told - told.length }, unit, {
      chosen,
      done,
      seen,
    });
    if (next === null) break;
    done.push(next.batch);
    told.push(...next.batch.told);
    result = next.result;
    after = next.batch.last;
    ctx.log.progress(`records promote ${dataset.name}: ${grouped(sum(done, 'records'))}`);
    if (bound) break;
    if (next.batch.records === chosen.most) await freeInBetween(ctx.warehouse, ctx.signal);
  }
  warnUnread(ctx, dataset, done);
  tellTouched(ctx, dataset, done);
  return { result: result ?? (await idle(ctx, input, unit, seen)), told };
}

interface Next {
  readonly chosen: Chosen;
  /** What the call did before. */
  readonly done: readonly PromotedBatch[];
  readonly seen: string | null;
}

/** One transaction, with the result of all so far. */
async function promoteNext(
  ctx: StepContext,
  input: RecordsPromoteInput,
  unit: Unit,
  { chosen, done, seen }: Next,
): Promise<{ readonly batch: PromotedBatch; readonly result: StepResult } | null> {
  const { project, config, runId, clock, dryRun, signal } = ctx;
  const env = { project, datasets: config.datasets, runId, clock, dryRun, signal };
  const found: { void: string | null } = { void: null };
  try {
    return await transactionUnlessDry(ctx, async (session) => {
      found.void = null;
      const basis: object[] = [];
      const gate: Gate = async (weighed) => {
        if (dryRun || seen !== null) basis.push(await recordsBasis(weighed, config.datasets));
        const unapproved = await whyUnapproved(weighed, input, unit, (reason) => {
          found.void = reason;
        });
        return passRecordGates(weighed, { accepted: input.acceptGuards, asked: input, unapproved });
      };
      const batch = await promoteBatch(session, env, input.dataset, chosen, { gate, told: input.told });
      if (batch === null) return null;
      const { counts, rows, promotionId } = batch;
      const own = basis.map((each) => ({ seen: seenOf({ ...each, counts, rows }) })).at(-1) ?? {};
      const result = { ...resultOf(ctx, input, [...done, batch]), ...own };
      if (seen !== null)
        refuseUnseen(seen, seenIn(result), {
          ...recordsNow('records promote', input),
          told: resultOf({ dryRun: true }, input, [batch]).message ?? '',
        });
      if (dryRun) return { batch, result };
      if (unit.approval !== null && promotionId !== null)
        await spendApproval(session, unit.approval.approvalId, promotionId);
      await keepDone(session, deedOf(ctx, input, unit), { part: batch.last, at: clock() }, result);
      return { batch, result };
    });
  } finally {
    // In a transaction of its own: that of the promotion is rolled back, and the approval must stay void.
    const { approval } = unit;
    const reason = found.void;
    if (approval !== null && reason !== null && !dryRun)
      await ctx.warehouse.transaction((tx) => voidApproval(tx, approval.approvalId, reason, clock()));
  }
}

/** Why a person has to look at a batch before it is promoted; null: nobody has to. */
async function whyUnapproved(
  weighed: Weighed,
  { dataset }: RecordsPromoteInput,
  { approval, voided }: Unit,
  onVoid: (reason: string) => void,
): Promise<string | null> {
  if (dataset.core.review !== 'required') return null;
  if (approval !== null) {
    const reason = await whyVoid(weighed, approval);
    if (reason === null) return null;
    onVoid(reason);
    return voidSentence(approval, reason);
  }
  const { added, modified } = weighed.diff.counts;
  if (added + modified === 0) return null;
  if (voided !== null) return voidSentence(voided, voided.voidReason ?? '');
  return `${counted(weighed.batch.records, 'record waits', 'records wait')} for an approval`;
}

function deedOf({ runId, write }: StepContext, input: RecordsPromoteInput, unit: Unit): Deed {
  const { dataset, run, stagingIds, runPeriod = null } = input;
  const of = { dataset: dataset.name, run, stagingIds, runPeriod, approval: nameOf(unit) };
  return { runId, write, step: STEP, of };
}

/** Nothing waits: what this run did before, where it did anything. */
async function idle(
  ctx: StepContext,
  input: RecordsPromoteInput,
  unit: Unit,
  seen: string | null,
): Promise<StepResult> {
  const nothing = resultOf(ctx, input, []);
  if (ctx.dryRun) return { ...nothing, seen: seenOf({ nothing: input.dataset.name }) };
  const before = await ctx.warehouse.read((session) => lastDone(session, deedOf(ctx, input, unit)));
  const own = seenOf({ nothing: input.dataset.name });
  if (before === null)
    refuseUnseen(seen, own, {
      ...recordsNow(STEP, input),
      ...{ told: nothing.message ?? '', isDone: true },
    });
  return before ?? nothing;
}
