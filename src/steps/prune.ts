import { rmSync } from 'node:fs';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { before, type Retention } from '../domain/retention.ts';
import type { Target } from '../domain/target.ts';
import { option, words } from '../errors/advice.ts';
import { bytesOf } from '../lake/delivery-files.ts';
import { displayPath } from '../lake/project.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { restoreInterrupted, Trash } from '../lake/trash.ts';
import { answerOnce, answersOf, type Call, callOf } from '../ledger/answers.ts';
import { isDecided, logDecision } from '../ledger/decisions.ts';
import { deliveriesInUse } from '../ledger/kept-deliveries.ts';
import { targetLock } from '../ledger/locks.ts';
import { oldCalls, pruneCalls } from '../ledger/runs.ts';
import { type PrunableRecords, prunableRecords, pruneRecords } from '../records/prune-records.ts';
import { leftovers } from '../retention/leftovers.ts';
import { oldRunFolders } from '../retention/old-runs.ts';
import { type PrunableDelivery, prunableDeliveries, shownPaths } from '../retention/prunable-deliveries.ts';
import {
  lockJournal,
  type PrunableJournal,
  prunableJournal,
  pruneJournal,
} from '../retention/prune-journal.ts';
import type { StepContext } from './step.ts';

export interface PruneInput {
  readonly policy: Retention;
  /** One dataset; null: all of them, with runs and leftovers. */
  readonly dataset: Dataset | null;
  /** Also removes deliveries that were promoted once. */
  readonly includePromoted: boolean;
  /** Without it, the call only says what it would do. */
  readonly apply: boolean;
}

/** What is removed, and what the policy would remove if it were not needed. */
export interface PruneAnswer {
  readonly result: StepResult;
  readonly plan: PrunePlan;
}

export interface PrunePlan {
  readonly applied: boolean;
  readonly deliveries: readonly PrunedDelivery[];
  readonly held: readonly PrunedDelivery[];
  readonly journal: readonly PrunableJournal[];
  readonly records: readonly PrunableRecords[];
  readonly runs: { readonly folders: number; readonly bytes: number; readonly calls: number };
  readonly leftovers: { readonly paths: readonly string[]; readonly bytes: number };
}

export interface PrunedDelivery extends Target {
  readonly file_id: number;
  readonly bytes: number;
  readonly paths: readonly string[];
}

const STEP = 'prune';

/**
 * Files, before-images and records that the policy allows are removed or, without `apply`, listed. Never touches landed
 * files, or what is current, loaded or promoted; touches what was promoted once only if asked for.
 */
export async function prune(ctx: StepContext, input: PruneInput): Promise<PruneAnswer> {
  const applied = input.apply && !ctx.dryRun;
  if (!applied) {
    const plan = planOf(ctx, await findPrunable(ctx, input, ctx.clock()));
    return { result: resultOf(input, plan), plan };
  }
  restoreInterrupted(ctx.project);
  const call = callOf(ctx, STEP, { ...input, dataset: input.dataset?.name ?? null });
  const [before] = await ctx.warehouse.read((session) => answersOf<Planned>(session, call));
  const now = before === undefined ? ctx.clock() : new Date(before.answer.at);
  const found = await findPrunable(ctx, input, now);
  const { plan } =
    before?.answer ??
    (await ctx.warehouse.transaction((tx) =>
      answerOnce<Planned>(tx, call, { part: PLAN, parts: PARTS, at: now }, async () => ({
        at: now.toISOString(),
        plan: { ...planOf(ctx, found), applied },
      })),
    ));

  const removed = await removeAll(ctx, input, { call, plan, found, now });

  const done = { ...plan, ...removed };
  return { result: resultOf(input, done), plan: done };
}

/** What is kept of a call before it removes anything: the same call made again removes nothing else. */
interface Planned {
  /** The moment from which ages are counted, ISO. */
  readonly at: string;
  readonly plan: PrunePlan;
}

const PLAN = 'plan';
const JOURNAL = 'journal';
const RECORDS = 'records';
const PARTS = [PLAN, JOURNAL, RECORDS];

function planOf(ctx: StepContext, found: Prunable): PrunePlan {
  const told = (one: PrunableDelivery): PrunedDelivery => ({
    file_id: one.delivery.fileId,
    dataset: one.delivery.dataset,
    period: one.delivery.period,
    slice: one.delivery.slice,
    bytes: one.bytes,
    paths: shownPaths(ctx.project, one),
  });
  return {
    applied: false,
    deliveries: found.deliveries.filter(({ held }) => !held).map(told),
    held: found.deliveries.filter(({ held }) => held).map(told),
    journal: found.journal,
    records: found.records,
    runs: { folders: found.folders.length, bytes: found.folderBytes, calls: found.calls },
    leftovers: {
      paths: found.left.map((path) => displayPath(ctx.project, path)),
      bytes: found.leftBytes,
    },
  };
}

interface Prunable {
  readonly deliveries: readonly PrunableDelivery[];
  readonly journal: readonly PrunableJournal[];
  readonly records: readonly PrunableRecords[];
  readonly folders: readonly string[];
  readonly folderBytes: number;
  readonly calls: number;
  readonly left: readonly string[];
  readonly leftBytes: number;
}

async function findPrunable(ctx: StepContext, input: PruneInput, now: Date): Promise<Prunable> {
  const { policy, dataset } = input;
  const tables = dataset === null ? [...ctx.config.datasets.values()] : [dataset];
  const runsCut = dataset === null && policy.olderThan !== null ? before(now, policy.olderThan) : null;
  const journalCut = policy.journalOlderThan === null ? null : before(now, policy.journalOlderThan);
  const recordsCut = policy.recordsOlderThan === null ? null : before(now, policy.recordsOlderThan);
  const found = await ctx.warehouse.read(async (session) => ({
    deliveries: prunableDeliveries(ctx.project, await deliveriesInUse(session, dataset?.name ?? null), {
      ...policy,
      includePromoted: input.includePromoted,
      now,
    }),
    journal: journalCut === null ? [] : await prunableJournal(session, tables, journalCut),
    records: recordsCut === null ? [] : await prunableRecords(session, tables, recordsCut),
    calls: runsCut === null ? 0 : await oldCalls(session, runsCut),
  }));
  const folders = runsCut === null ? [] : oldRunFolders(ctx.project, runsCut);
  const left = dataset === null ? leftovers(ctx.project, now) : [];
  return { ...found, folders, folderBytes: sizeOf(folders), left, leftBytes: sizeOf(left) };
}

const sizeOf = (paths: readonly string[]) => paths.reduce((sum, path) => sum + bytesOf(path), 0);

/** Deliveries in one transaction each, under the lock of their target; then rows of the warehouse; then leftovers. */
async function removeAll(
  ctx: StepContext,
  input: PruneInput,
  of: { readonly call: Call; readonly plan: PrunePlan; readonly found: Prunable; readonly now: Date },
): Promise<Pick<PrunePlan, 'journal' | 'records'>> {
  const { policy, dataset } = input;
  const { call, plan, found, now } = of;
  const planned = new Set(plan.deliveries.map((one) => one.file_id));
  for (const one of found.deliveries) {
    ctx.signal.throwIfAborted();
    if (!one.held && planned.has(one.delivery.fileId)) await removeDelivery(ctx, input, one, now);
  }
  const tables = dataset === null ? [...ctx.config.datasets.values()] : [dataset];
  const { journalOlderThan, recordsOlderThan, olderThan } = policy;
  const journal =
    journalOlderThan === null || plan.journal.length === 0
      ? []
      : await ctx.warehouse.transaction(async (tx) => {
          await lockJournal(tx, tables);
          return answerOnce(tx, call, { part: JOURNAL, parts: PARTS, at: now }, () =>
            pruneJournal(tx, tables, before(now, journalOlderThan), now),
          );
        });
  const records =
    // A plan that an earlier version kept has none.
    recordsOlderThan === null || (plan.records ?? []).length === 0
      ? []
      : await ctx.warehouse.transaction(async (tx) => {
          await lockJournal(tx, tables);
          return answerOnce(tx, call, { part: RECORDS, parts: PARTS, at: now }, () =>
            pruneRecords(tx, tables, before(now, recordsOlderThan), now),
          );
        });
  if (found.calls > 0 && olderThan !== null)
    await ctx.warehouse.transaction((tx) => pruneCalls(tx, before(now, olderThan)));
  const left = found.left.filter((path) => plan.leftovers.paths.includes(displayPath(ctx.project, path)));
  for (const path of [...found.folders, ...left]) rmSync(path, { recursive: true, force: true });
  return { journal, records };
}

async function removeDelivery(
  ctx: StepContext,
  input: PruneInput,
  { delivery }: PrunableDelivery,
  now: Date,
): Promise<void> {
  const scratch = new ScratchFolder(ctx.project, STEP, false);
  const trash = new Trash(ctx.project, scratch);
  const { policy, includePromoted } = input;
  try {
    await ctx.warehouse.transaction(async (tx) => {
      // A transaction that lost against another one is run again.
      trash.restore();
      await tx.lock([targetLock(delivery)]);
      // Checked again under the lock: it may have become current again since.
      const inUse = await deliveriesInUse(tx, delivery.dataset);
      const still = prunableDeliveries(ctx.project, inUse, { ...policy, includePromoted, now });
      const one = still.find((each) => each.delivery.fileId === delivery.fileId && !each.held);
      if (one === undefined) return;
      // If a commit got no answer, its files were moved back; the decision to remove them is still valid.
      if (!(await isDecided(tx, 'prune', delivery.fileId, ctx.runId)))
        await logDecision(tx, {
          ...{ kind: 'prune', dataset: delivery.dataset, period: delivery.period, slice: delivery.slice },
          ...{ fileId: delivery.fileId, loadId: null, reason: policyText(policy), by: null },
          ...{ runId: ctx.runId, at: now },
        });
      trash.take(one.paths);
    });
    trash.empty();
  } catch (error) {
    trash.restore();
    throw error;
  } finally {
    scratch.remove();
  }
}

function policyText({ keepDeliveries, olderThan }: Retention): string {
  return [
    ...(keepDeliveries === null ? [] : [`the newest ${keepDeliveries} are kept`]),
    ...(olderThan === null ? [] : [`older than ${olderThan.text}`]),
  ].join(', ');
}

function resultOf(input: PruneInput, plan: PrunePlan): StepResult {
  const files = plan.deliveries.reduce((sum, { paths }) => sum + paths.length, 0);
  const bytes =
    plan.deliveries.reduce((sum, one) => sum + one.bytes, 0) + plan.runs.bytes + plan.leftovers.bytes;
  const rows = plan.journal.reduce((sum, one) => sum + one.rows, 0);
  const lost = plan.journal.reduce((sum, one) => sum + one.promotions.length, 0);
  const emptied = plan.records.reduce((sum, one) => sum + one.records, 0);
  const parts = [
    ...(files > 0
      ? [`${counted(plan.deliveries.length, 'delivery', 'deliveries')} (${counted(files, 'file')})`]
      : []),
    ...(lost > 0
      ? [
          `${counted(rows, 'before-image')} of ${counted(lost, 'promotion')}, which can then no longer be rolled back`,
        ]
      : []),
    ...(emptied > 0 ? [`the text and errors of ${counted(emptied, 'promoted record')}`] : []),
    ...(plan.runs.folders + plan.runs.calls > 0
      ? [`${counted(plan.runs.folders, 'run folder')} and ${counted(plan.runs.calls, 'logged call')}`]
      : []),
    ...(plan.leftovers.paths.length > 0 ? [counted(plan.leftovers.paths.length, 'leftover')] : []),
  ];
  const about = { step: STEP, dataset: input.dataset?.name ?? null, rows: { deleted: rows } };
  const held =
    plan.held.length === 0
      ? ''
      : words` ${plan.held.length} more were promoted once and are kept for the way back; ${option('includePromoted')} gives them up.`;
  if (parts.length === 0) {
    return stepResult({ ...about, status: 'skipped', message: words`There is nothing to remove.${held}` });
  }
  const what = `${parts.join('; ')}: ${bytes} bytes.`;
  const message = plan.applied
    ? words`Removed ${what}${held}`
    : words`Would remove ${what}${held} Nothing was changed; ${option('apply')} does it.`;
  return stepResult({ ...about, status: 'done', message });
}
