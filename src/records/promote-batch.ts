import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { logPromotion, nextPromotionId } from '../ledger/promotions.ts';
import { applyDiff } from '../promotion/apply.ts';
import { type CoreShape, coreShape } from '../promotion/core-shape.ts';
import type { Diff, DiffCounts } from '../promotion/diff.ts';
import { checksFor, referencesOf, refuseOrphans } from '../promotion/foreign-keys.ts';
import { writeJournal } from '../promotion/journal.ts';
import { lockPromotions } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, chooseBatch, type RecordsAsked } from './batch.ts';
import { diffRecords, placedRecords, winners } from './diff-records.ts';
import { passRecordGates } from './gates.ts';
import { judgeRuns } from './judge-runs.ts';
import { markFailed, markHeldBack, markPlaced } from './marks.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { type ToldRecord, toldRecords } from './told-records.ts';

export interface BatchAsked extends RecordsAsked {
  /** Only records of higher numbers: those before were judged by this call. */
  readonly after: number;
  /** Records of one transaction. */
  readonly most: number;
  /** Records of the result that are told one by one. */
  readonly told: number;
}

/** What one transaction came to. */
export interface PromotedBatch {
  readonly records: number;
  readonly last: number;
  readonly counts: RecordCounts;
  /** Null where core did not change. */
  readonly promotionId: number | null;
  readonly rows: DiffCounts | null;
  readonly told: readonly ToldRecord[];
  /** Runs of which too many records failed. */
  readonly heldBack: readonly string[];
  /** How many records had each member that no field reads. */
  readonly unread: ReadonlyMap<string, number>;
}

export interface RecordCounts {
  readonly promoted: number;
  readonly duplicate: number;
  readonly failed: number;
  readonly waiting: number;
}

/**
 * Promotes the next records that wait: judges them as their rows will be, changes core, and marks them, in the caller's
 * transaction, whose first statement it is. Null where none are left.
 */
export async function promoteBatch(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  asked: BatchAsked,
): Promise<PromotedBatch | null> {
  const target = { dataset, period: NO_PERIOD.text, slice: '', reads: [] };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!env.dryRun) await lockPromotions(session, env.datasets, [target]);
  const scratch = new SessionTables(session);
  const batch = await chooseBatch(session, scratch, dataset, asked);
  if (batch === null) {
    await scratch.drop();
    return null;
  }
  const folder = new ScratchFolder(env.project, 'records', env.dryRun);
  try {
    const done = await inFolder(session, env, dataset, { asked, batch, scratch, folder: folder.path });
    await scratch.drop();
    return done;
  } finally {
    folder.remove();
  }
}

interface Work {
  readonly asked: BatchAsked;
  readonly batch: Batch;
  readonly scratch: SessionTables;
  readonly folder: string;
}

async function logRecords(
  session: Session,
  env: RecordsEnvironment,
  shape: CoreShape,
  {
    diff,
    promotionId,
    startedAt,
  }: { readonly diff: Diff; readonly promotionId: number; readonly startedAt: Date },
): Promise<void> {
  await logPromotion(session, {
    ...{ promotionId, kind: 'records', dataset: shape.dataset.name, period: NO_PERIOD.text, slice: '' },
    ...{ coreTable: shape.table.name, strategy: shape.dataset.core.strategy, loadId: null, fileId: null },
    ...{ sourceFingerprint: shape.fingerprint, rows: diff.counts, acceptedGuards: null },
    ...{ runId: env.runId, startedAt, promotedAt: env.clock() },
  });
}

async function inFolder(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: Work,
): Promise<PromotedBatch> {
  const startedAt = env.clock();
  const { batch, scratch } = work;
  const shape = await coreShape(session, env.project, dataset, NO_PERIOD.text, session.capabilities.dialect);
  const judged = await judgeRuns(session, env, dataset, work);
  const rows = { session, scratch, shape, good: judged.good };
  const source = await winners(rows);
  const keyed = await withSurrogateKeys(session, scratch, shape, source);
  const diff = await diffRecords(rows, keyed);
  const changes = diff.counts.added + diff.counts.modified > 0;
  await passRecordGates({ session, scratch, shape, diff }, env);
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = !changes ? null : env.dryRun ? 0 : await nextPromotionId(session);
  if (promotionId !== null) {
    const at = { period: NO_PERIOD.text, promotionId };
    const references = referencesOf(env.datasets);
    const checks = await checksFor(session, scratch, references, { shape, diff, promotionId });
    await writeJournal(session, shape, diff, { ...at, now: env.clock() });
    await applyDiff(session, shape, diff, at);
    await refuseOrphans(session, checks, { act: 'promotion', period: NO_PERIOD.text });
    if (!env.dryRun) await logRecords(session, env, shape, { diff, promotionId, startedAt });
  }
  const placed = placedRecords(rows, { diff, source: keyed });
  await markPlaced(session, dataset, placed, { promotionId, now: env.clock() });
  if (judged.heldBack !== null) await markHeldBack(session, dataset, judged.heldBack);
  await markFailed(session, dataset, judged.failed);
  const { counts, told } = await toldRecords(session, dataset, {
    ...{ batch, failed: judged.failed, told: work.asked.told },
  });
  return {
    ...{ records: batch.records, last: batch.last, counts, promotionId, told, unread: judged.unread },
    ...{ rows: changes ? diff.counts : null, heldBack: judged.runsHeldBack },
  };
}
