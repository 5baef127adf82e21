import { compareStaged } from '../comparison/compare-staged.ts';
import { type Comparison, differs } from '../comparison/comparison.ts';
import { verdict } from '../comparison/wording.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { filterOptions, type SliceFilter } from '../domain/slice.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { type CommandOptions, type CommandPart, command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, answersOf, callOf } from '../ledger/answers.ts';
import { logApproval, type NewApproval, newestApproval } from '../ledger/approvals.ts';
import { type Load, standingLoad } from '../ledger/loads.ts';
import { newestPromotionOf } from '../ledger/promotions.ts';
import { rulesFingerprint } from '../promotion/approvals.ts';
import { combinedFingerprint } from '../promotion/change/change-fingerprint.ts';
import { coreShape } from '../promotion/core-shape.ts';
import { loadsToPromote } from '../promotion/promotable-loads.ts';
import { contractFingerprint } from '../validation/contract-fingerprint.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface ApproveInput extends WhoAndWhy {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: SliceFilter;
  /** Fingerprint of the diff that was looked at; null: the diff is shown now, and `confirm` asks. */
  readonly fingerprint: string | null;
  /** Null: no question is needed. */
  readonly confirm: ((shown: ApprovalShown) => Promise<boolean>) | null;
}

export interface ApprovalShown {
  readonly comparisons: readonly Comparison[];
  readonly fingerprint: string;
}

export interface ApproveAnswer {
  readonly result: StepResult;
  readonly shown: ApprovalShown | null;
}

/** One load to be approved, with the change that its promotion would make. */
interface Candidate {
  readonly load: Load;
  readonly comparison: Comparison;
  readonly rules: string;
  readonly afterPromotion: number;
}

const STEP = 'approve';

/**
 * A diff that a person has looked at becomes an approval: for these stage rows, under these rules and for exactly this
 * change of core. Refuses a diff that has changed since it was looked at, and one that no approval could promote.
 */
export async function approve(ctx: StepContext, input: ApproveInput): Promise<ApproveAnswer> {
  const { dataset } = input;
  const period = periodDue(dataset.periodKind, input.period)?.text ?? null;
  if (period === null) return { result: notDue(input), shown: null };
  ctx.log.progress(`approve ${dataset.name} ${period}`);
  const { confirm: _, ...asked } = input;
  const call = callOf(ctx, STEP, { ...asked, dataset: dataset.name });
  const before = ctx.dryRun ? [] : await ctx.warehouse.read((session) => answersOf<Approved>(session, call));
  if (before[0] !== undefined && before.length === before[0].parts.length)
    return answeredBefore(
      before.map((one) => one.answer),
      period,
    );
  const candidates = await rehearseTransaction(ctx.warehouse, (session) =>
    candidatesOf(ctx, session, input, period),
  );
  const comparisons = candidates.map((each) => each.comparison);
  const shown = { comparisons, fingerprint: combinedFingerprint(comparisons.map((one) => one.fingerprint)) };

  refuseBadKeys(dataset, period, comparisons);
  if (input.fingerprint !== null && input.fingerprint !== shown.fingerprint)
    throw diffChanged(input, period, shown);
  if (input.fingerprint === null && input.confirm !== null && !(await input.confirm(shown)))
    return { result: notConfirmed(input, period, shown), shown };

  const results: StepResult[] = [];
  const parts = candidates.map((each) => each.load.slice);
  for (const candidate of candidates) {
    const record = (session: Session): Promise<Approved> => approveOne(ctx, session, input, candidate, shown);
    const of = { part: candidate.load.slice, parts, at: ctx.clock() };
    const { result } = ctx.dryRun
      ? await ctx.warehouse.read(record)
      : await ctx.warehouse.transaction((tx) => answerOnce(tx, call, of, () => record(tx)));
    results.push(result);
  }
  return { result: combineResults(STEP, results, { period }), shown };
}

async function candidatesOf(
  ctx: StepContext,
  session: Session,
  { dataset, slice }: ApproveInput,
  period: string,
): Promise<Candidate[]> {
  const loads = await loadsToPromote(session, { dataset: dataset.name, period }, slice);
  const env = { project: ctx.project, capabilities: ctx.warehouse.capabilities };
  const wanted = { by: [], tolerance: [], sample: 20, showPersonal: false };
  const candidates: Candidate[] = [];
  for (const load of loads) {
    ctx.signal.throwIfAborted();
    const shape = await coreShape(session, ctx.project, dataset, period, env.capabilities.dialect);
    candidates.push({
      load,
      comparison: await compareStaged(session, env, { dataset, load }, wanted),
      rules: rulesFingerprint(shape, { contract: contractFingerprint }),
      afterPromotion: (await newestPromotionOf(session, dataset.core.table)) ?? 0,
    });
  }
  return candidates;
}

/** What is kept of an approval, as the answer to the same call made again. */
interface Approved {
  readonly result: StepResult;
  readonly fingerprint: string;
}

function answeredBefore(approved: readonly Approved[], period: string): ApproveAnswer {
  const results = approved.map((one) => one.result);
  const shown = { comparisons: [], fingerprint: approved[0]?.fingerprint ?? '' };
  return { result: combineResults(STEP, results, { period }), shown };
}

/** Binds the approval to what was shown; if that changed in the meantime, nothing is approved. */
async function approveOne(
  ctx: StepContext,
  session: Session,
  input: ApproveInput,
  candidate: Candidate,
  { fingerprint }: ApprovalShown,
): Promise<Approved> {
  const { load, comparison } = candidate;
  const about = {
    ...{
      step: STEP,
      dataset: load.dataset,
      period: load.period,
      slice: load.slice || null,
      fileId: load.fileId,
    },
    rows: { read: comparison.counts.after, ...countsOf(comparison) },
  };
  const summary = verdict([comparison]);
  if (!differs(comparison)) {
    const message = 'No difference; there is nothing to approve.';
    return { result: stepResult({ ...about, status: 'skipped', message }), fingerprint };
  }
  const row: NewApproval = {
    ...{
      dataset: load.dataset,
      period: load.period,
      slice: load.slice,
      loadId: load.loadId,
      fileId: load.fileId,
    },
    coreTable: input.dataset.core.table,
    rulesFingerprint: candidate.rules,
    diffFingerprint: comparison.fingerprint,
    afterPromotion: candidate.afterPromotion,
    summary,
    note: input.reason,
    decidedBy: input.by,
    runId: ctx.runId,
    at: ctx.clock(),
  };
  const standing = await standingLoad(session, load);
  const promoted = (await newestPromotionOf(session, row.coreTable)) ?? 0;
  if (standing?.loadId !== load.loadId || promoted !== row.afterPromotion) throw meanwhile(load);
  if (await isApproved(session, row)) {
    const message = `Approved already, and unchanged since: ${summary}`;
    return { result: stepResult({ ...about, status: 'skipped', message }), fingerprint };
  }
  if (!ctx.dryRun) await logApproval(session, row);
  const verb = ctx.dryRun ? 'Would be approved' : `Approved by ${input.by}`;
  return { result: stepResult({ ...about, status: 'done', message: `${verb}: ${summary}` }), fingerprint };
}

async function isApproved(session: Session, row: NewApproval): Promise<boolean> {
  const before = await newestApproval(session, row);
  return (
    before !== null &&
    before.voidReason === null &&
    before.loadId === row.loadId &&
    before.afterPromotion === row.afterPromotion &&
    before.rulesFingerprint === row.rulesFingerprint &&
    before.diffFingerprint === row.diffFingerprint
  );
}

function countsOf({ counts }: Comparison) {
  const { added, modified, removed, closed, shadowed, unchanged, cells } = counts;
  return { added, modified, removed, closed, shadowed, unchanged, cells };
}

function notDue({ dataset, period }: ApproveInput): StepResult {
  const message = `${dataset.name} is delivered by the ${dataset.periodKind}; not due for this period.`;
  return stepResult({ step: STEP, status: 'skipped', dataset: dataset.name, period: period.text, message });
}

function optionsOf(input: ApproveInput, period: string): CommandOptions {
  return { dataset: input.dataset.name, period, ...filterOptions(input.slice) };
}

function approving(input: ApproveInput, period: string, diff: string): CommandPart {
  return command('approve', { ...optionsOf(input, period), ...decidedBy(input), diff });
}

function notConfirmed(input: ApproveInput, period: string, shown: ApprovalShown): StepResult {
  return stepResult({
    step: STEP,
    status: 'blocked',
    dataset: input.dataset.name,
    period,
    message: `${verdict(shown.comparisons)} Nothing was approved: it was not confirmed.`,
    hint: words`If this is right: ${approving(input, period, shown.fingerprint)}`,
  });
}

function diffChanged(input: ApproveInput, period: string, shown: ApprovalShown): TidemarkError {
  return new TidemarkError('diff-changed', {
    message: `What would be promoted is not what has that fingerprint. Now: ${verdict(shown.comparisons)} Nothing was approved.`,
    hint: words`Look again: ${command('diff', optionsOf(input, period))}. If it is right: ${approving(input, period, shown.fingerprint)}`,
    where: { dataset: input.dataset.name, period },
  });
}

function refuseBadKeys(dataset: Dataset, period: string, comparisons: readonly Comparison[]): void {
  const bad = comparisons.find((comparison) => comparison.key_problems.length > 0);
  if (bad === undefined) return;
  throw new TidemarkError('duplicate-key', {
    message: `${counted(bad.counts.not_compared, 'row')} of ${dataset.name} without a key of its own; approved or not, they cannot be promoted.`,
    where: { dataset: dataset.name, period },
  });
}

function meanwhile(load: Load): TidemarkError {
  return new TidemarkError('lock-busy', {
    message: `Stage or core of ${load.dataset} changed while it was looked at. Nothing was approved.`,
    hint: 'Run the same command again and look at what it shows.',
    where: { dataset: load.dataset, period: load.period },
  });
}
