import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { logPromotion, type NewPromotion, nextPromotionId } from '../ledger/promotions.ts';
import { applyDiff } from '../promotion/apply.ts';
import type { DiffCounts } from '../promotion/diff.ts';
import { checksFor, referencesOf, refuseOrphans } from '../promotion/foreign-keys.ts';
import { writeJournal } from '../promotion/journal.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { Chosen } from './batch.ts';
import { placedRecords } from './diff-records.ts';
import type { Passed } from './gates.ts';
import { markFailed, markHeldBack, markPlaced } from './marks.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { type ToldRecord, toldRecords } from './told-records.ts';
import { type Weighed, weighBatch } from './weigh-batch.ts';

/** What a batch has to pass before it changes core: guards, an approval. It may throw. */
export type Gate = (weighed: Weighed) => Promise<Passed>;

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
 * transaction, whose first statement it is. Null where none are left. `told`: how many are told one by one.
 */
export function promoteBatch(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  chosen: Chosen,
  { gate, told }: { readonly gate: Gate; readonly told: number },
): Promise<PromotedBatch | null> {
  const apply = async (weighed: Weighed) => changeCore(env, weighed, await gate(weighed));
  const finish = async (weighed: Weighed, promotionId: number | null): Promise<PromotedBatch> => {
    const { batch, failed, heldBack, runsHeldBack, diff, good, shape, unread } = weighed;
    await markPlaced(session, dataset, placedRecords({ shape, good }, diff), {
      promotionId,
      now: env.clock(),
    });
    if (heldBack !== null) await markHeldBack(session, dataset, heldBack);
    await markFailed(session, dataset, failed);
    const { counts, told: records } = await toldRecords(session, dataset, { batch, failed, told });
    return {
      ...{ records: batch.records, last: batch.last, counts, promotionId, told: records, unread },
      ...{ rows: promotionId === null ? null : diff.counts, heldBack: runsHeldBack },
    };
  };
  return weighBatch(session, env, dataset, chosen, { apply, finish });
}

/** Makes the change, with its journal and its row of the log; null where there is none. */
export async function changeCore(
  env: RecordsEnvironment,
  { session, scratch, shape, diff, startedAt }: Weighed,
  { accepted, decided }: Pick<Passed, 'accepted' | 'decided'>,
): Promise<number | null> {
  const { added, modified, removed } = diff.counts;
  if (added + modified + removed === 0) return null;
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = env.dryRun ? 0 : await nextPromotionId(session);
  const at = { period: NO_PERIOD.text, promotionId };
  const checks = await checksFor(session, scratch, referencesOf(env.datasets), { shape, diff, promotionId });
  await writeJournal(session, shape, diff, { ...at, now: env.clock() });
  await applyDiff(session, shape, diff, at);
  await refuseOrphans(session, checks, { act: 'promotion', period: NO_PERIOD.text });
  const row: NewPromotion = {
    ...{ promotionId, kind: 'records', dataset: shape.dataset.name, period: NO_PERIOD.text, slice: '' },
    ...{ coreTable: shape.table.name, strategy: shape.dataset.core.strategy, loadId: null, fileId: null },
    ...{ sourceFingerprint: shape.fingerprint, rows: diff.counts },
    acceptedGuards: accepted.length === 0 ? null : JSON.stringify(accepted),
    ...(decided === undefined ? {} : { decided }),
    ...{ runId: env.runId, startedAt, promotedAt: env.clock() },
  };
  if (!env.dryRun) await logPromotion(session, row);
  return promotionId;
}
