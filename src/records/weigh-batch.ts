import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import type { PlannedChange } from '../promotion/change/staged-change.ts';
import { coreShape } from '../promotion/core-shape.ts';
import { lockPromotions } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import type { Sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, type Chosen, chooseBatch } from './batch.ts';
import { diffRecords, winners } from './diff-records.ts';
import type { Judged, ToRead } from './judge-records.ts';
import { judgeRuns } from './judge-runs.ts';
import type { RecordsEnvironment } from './records-environment.ts';

/** The records of a batch, judged, and what they would change in core; nothing is changed yet. */
export interface Weighed extends PlannedChange {
  readonly dataset: RecordsDataset;
  readonly batch: Batch;
  readonly startedAt: Date;
  /** Temporary table of the good rows that may be promoted: `staging_id`, `given`, the fields. */
  readonly good: Sql;
  readonly failed: Sql;
  /** Runs of which too many records failed, and a temporary table of their good records; null: there are none. */
  readonly runsHeldBack: readonly string[];
  readonly heldBack: Sql | null;
  readonly unread: Judged['unread'];
}

/**
 * Chooses records, under the lock on their core table, and carries out `work` with what they came to; null where there
 * are none. It is the first statement of the caller's transaction.
 */
export async function weighBatch<T>(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  chosen: Chosen,
  work: (weighed: Weighed) => Promise<T>,
): Promise<T | null> {
  const target = { dataset, period: NO_PERIOD.text, slice: '', reads: [] };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!env.dryRun) await lockPromotions(session, env.datasets, [target]);
  const scratch = new SessionTables(session);
  const batch = await chooseBatch(session, scratch, dataset, chosen);
  if (batch === null) {
    await scratch.drop();
    return null;
  }
  const folder = new ScratchFolder(env.project, 'records', env.dryRun);
  try {
    const again = chosen.which === 'made';
    const done = await work(
      await weigh(session, env, dataset, { batch, scratch, folder: folder.path, again }),
    );
    await scratch.drop();
    return done;
  } finally {
    folder.remove();
  }
}

async function weigh(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: ToRead,
): Promise<Weighed> {
  const startedAt = env.clock();
  const { batch, scratch, again } = work;
  const shape = await coreShape(session, env.project, dataset, NO_PERIOD.text, session.capabilities.dialect);
  const { good, failed, heldBack, runsHeldBack, unread } = await judgeRuns(session, env, dataset, work);
  const rows = { session, scratch, shape, good, again };
  const source = await withSurrogateKeys(session, scratch, shape, await winners(rows));
  const diff = await diffRecords(rows, source);
  return {
    session,
    scratch,
    shape,
    diff,
    dataset,
    batch,
    startedAt,
    good,
    failed,
    heldBack,
    runsHeldBack,
    unread,
  };
}
