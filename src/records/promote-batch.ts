import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { coreShape } from '../promotion/core-shape.ts';
import type { DiffCounts } from '../promotion/diff.ts';
import { lockPromotions } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, chooseBatch, type RecordsAsked } from './batch.ts';
import { placedRecords } from './diff-records.ts';
import { judgeAndApply } from './judge-and-apply.ts';
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
    return await inFolder(session, env, dataset, { asked, batch, scratch, folder: folder.path });
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

async function inFolder(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: Work,
): Promise<PromotedBatch> {
  const { batch, scratch } = work;
  const shape = await coreShape(session, env.project, dataset, NO_PERIOD.text, session.capabilities.dialect);
  const { judged, applied } = await judgeAndApply(session, env, shape, { ...work, dataset });
  const { diff, source, promotionId } = applied;
  const placed = placedRecords({ shape, good: judged.good }, { diff, source });
  await markPlaced(session, dataset, placed, { promotionId, now: env.clock() });
  if (judged.heldBack !== null) await markHeldBack(session, dataset, judged.heldBack);
  await markFailed(session, dataset, judged.failed);
  const { counts, told } = await toldRecords(session, dataset, {
    ...{ batch, failed: judged.failed, told: work.asked.told },
  });
  await applied.drop();
  await scratch.drop();
  return {
    ...{ records: batch.records, last: batch.last, counts, promotionId, told, unread: judged.unread },
    ...{ rows: promotionId === null ? null : diff.counts, heldBack: judged.runsHeldBack },
  };
}
