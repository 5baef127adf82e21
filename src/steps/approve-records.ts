import { type Comparison, differs } from '../comparison/comparison.ts';
import { verdict } from '../comparison/wording.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { type CommandPart, command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, answersOf, callOf } from '../ledger/answers.ts';
import { newestPromotionOf } from '../ledger/promotions.ts';
import { logRecordApproval, type NewRecordApproval } from '../ledger/record-approvals.ts';
import { batchFingerprint, openApprovals, recordRules } from '../records/approved.ts';
import { targetOf } from '../records/gates.ts';
import { type Weighed, weighBatch } from '../records/weigh-batch.ts';
import type { Session } from '../warehouse/warehouse.ts';
import {
  previewRecords,
  type RecordsPreview,
  recordsEnvironment,
  waitingRecords,
} from './records-preview.ts';
import { NO_RECORDS, outcomes } from './records-told.ts';
import type { StepContext } from './step.ts';

export interface ApproveRecordsInput extends WhoAndWhy {
  readonly dataset: RecordsDataset;
  /** The script's run; null: all runs. */
  readonly run: string | null;
  /** Fingerprint of the diff that was looked at; null: the diff is shown now, and `confirm` asks. */
  readonly fingerprint: string | null;
  /** Null: no question is needed. */
  readonly confirm: ((shown: RecordsShown) => Promise<boolean>) | null;
}

export interface RecordsShown {
  readonly comparisons: readonly Comparison[];
  readonly fingerprint: string;
}

export interface ApproveRecordsAnswer {
  readonly result: StepResult;
  readonly shown: RecordsShown | null;
}

const STEP = 'approve';

/**
 * A change by records that a person has looked at becomes an approval: for these records, under these rules and for
 * exactly this change of core; records that come later wait for their own. Refuses a diff that has changed since it was
 * looked at.
 */
export async function approveRecords(
  ctx: StepContext,
  input: ApproveRecordsInput,
): Promise<ApproveRecordsAnswer> {
  const { dataset, run } = input;
  const { confirm: _, ...asked } = input;
  ctx.log.progress(`approve ${dataset.name}`);
  const call = callOf(ctx, STEP, { ...asked, dataset: dataset.name });
  const before = ctx.dryRun ? [] : await ctx.warehouse.read((session) => answersOf<Approved>(session, call));
  if (before[0] !== undefined) {
    const { result, fingerprint } = before[0].answer;
    return { result, shown: { comparisons: [], fingerprint } };
  }
  const preview = await previewRecords(ctx, { dataset, run }, { ...WANTED });
  if (preview === null) return { result: nothing(input, 'No record waits.'), shown: null };
  const { comparison } = preview;
  const shown = { comparisons: [comparison], fingerprint: comparison.fingerprint };

  if (input.fingerprint !== null && input.fingerprint !== shown.fingerprint)
    throw diffChanged(input, preview);
  if (!differs(comparison))
    return { result: nothing(input, 'No difference; there is nothing to approve.'), shown };
  if (input.fingerprint === null && input.confirm !== null && !(await input.confirm(shown)))
    return { result: notConfirmed(input, preview), shown };
  if (ctx.dryRun) return { result: resultOf(input, preview, 'Would be approved'), shown };

  const part = { part: '', parts: [''], at: ctx.clock() };
  const { result } = await ctx.warehouse.transaction((tx) =>
    answerOnce<Approved>(tx, call, part, async () => ({
      result: await record(ctx, tx, input, preview),
      fingerprint: shown.fingerprint,
    })),
  );
  return { result, shown };
}

const WANTED = { by: [], tolerance: [], sample: 20, showPersonal: false } as const;

/** What is kept of an approval, as the answer to the same call made again. */
interface Approved {
  readonly result: StepResult;
  readonly fingerprint: string;
}

/** Binds the approval to the records that were shown; if what they would change is different by now, nothing is approved. */
async function record(
  ctx: StepContext,
  tx: Session,
  input: ApproveRecordsInput,
  preview: RecordsPreview,
): Promise<StepResult> {
  const { dataset, run, by, reason } = input;
  const chosen = waitingRecords(run, preview.last);
  const { fingerprint } = preview.comparison;
  const finish = async (weighed: Weighed) => {
    if ((await batchFingerprint(weighed)) !== fingerprint) throw meanwhile(dataset);
    const row: NewRecordApproval = {
      ...targetOf(dataset),
      ...{ run, coreTable: dataset.core.table, rulesFingerprint: recordRules(weighed.shape) },
      diffFingerprint: fingerprint,
      afterPromotion: Number((await newestPromotionOf(tx, dataset.core.table)) ?? 0),
      summary: verdict([preview.comparison]),
      ...{ note: reason, decidedBy: by, runId: ctx.runId, at: ctx.clock() },
    };
    if (await isApproved(tx, weighed, row))
      return nothing(input, `Approved already, and unchanged since: ${row.summary}`);
    await logRecordApproval(tx, row, weighed.batch.table);
    return resultOf(input, preview, `Approved by ${by}`);
  };
  const work = { apply: async () => null, finish };
  const done = await weighBatch(tx, recordsEnvironment(ctx, false), dataset, chosen, work);
  if (done === null) throw meanwhile(dataset);
  return done;
}

async function isApproved(
  session: Session,
  { dataset, batch }: Weighed,
  row: NewRecordApproval,
): Promise<boolean> {
  const open = await openApprovals(session, dataset, { run: row.run, stagingIds: [] });
  return open.some(
    (one) =>
      one.voidReason === null &&
      one.run === row.run &&
      one.records === batch.records &&
      one.afterPromotion === row.afterPromotion &&
      one.rulesFingerprint === row.rulesFingerprint &&
      one.diffFingerprint === row.diffFingerprint,
  );
}

function aboutOf({ dataset }: ApproveRecordsInput) {
  return { step: STEP, dataset: dataset.name, period: targetOf(dataset).period };
}

function nothing(input: ApproveRecordsInput, message: string): StepResult {
  return stepResult({ ...aboutOf(input), status: 'skipped', records: NO_RECORDS, message });
}

function resultOf(
  input: ApproveRecordsInput,
  { comparison, counts }: RecordsPreview,
  lead: string,
): StepResult {
  const { added, modified, unchanged, cells, after } = comparison.counts;
  return stepResult({
    ...{ ...aboutOf(input), status: 'done', records: counts },
    rows: { read: after, added, modified, unchanged, cells },
    message: `${lead}: ${verdict([comparison])} ${outcomes(counts)}`,
  });
}

function amongOf({ dataset, run }: ApproveRecordsInput) {
  return { dataset: dataset.name, ...(run === null ? { all: true as const } : { run }) };
}

function approving(input: ApproveRecordsInput, diff: string): CommandPart {
  return command('approve', { ...amongOf(input), ...decidedBy(input), diff });
}

function notConfirmed(input: ApproveRecordsInput, { comparison }: RecordsPreview): StepResult {
  return stepResult({
    ...{ ...aboutOf(input), status: 'blocked' },
    message: `${verdict([comparison])} Nothing was approved: it was not confirmed.`,
    hint: words`If this is right: ${approving(input, comparison.fingerprint)}`,
  });
}

function diffChanged(input: ApproveRecordsInput, { comparison }: RecordsPreview): TidemarkError {
  const { dataset, run } = input;
  const look = command('diff', { dataset: dataset.name, ...(run === null ? {} : { run }) });
  return new TidemarkError('diff-changed', {
    message: `What would be promoted is not what has that fingerprint. Now: ${verdict([comparison])} Nothing was approved.`,
    hint: words`Look again: ${look}. If it is right: ${approving(input, comparison.fingerprint)}`,
    where: { dataset: dataset.name, period: targetOf(dataset).period },
  });
}

function meanwhile(dataset: RecordsDataset): TidemarkError {
  return new TidemarkError('lock-busy', {
    message: `Records or core of ${dataset.name} changed while they were looked at. Nothing was approved.`,
    hint: 'Run the same command again and look at what it shows.',
    where: { dataset: dataset.name, period: targetOf(dataset).period },
  });
}
