import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { PromotionRecord } from '../../ledger/promotion-records.ts';
import { sql } from '../../sql/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/** Stops where the before-images of a promotion are gone, so that core cannot be restored. */
export async function refusePrunedJournal(session: Session, record: PromotionRecord): Promise<void> {
  const [row] = await session.query<{ at: string | null }>(
    sql`SELECT journal_pruned_at AS "at" FROM meta.promotion_log WHERE promotion_id = ${record.promotionId}`,
  );
  if (!row?.at) return;
  throw new TidemarkError('journal-pruned', {
    message: `Promotion ${record.promotionId} can no longer be rolled back: its before-images were pruned on ${row.at.slice(0, 10)}.`,
    where: { dataset: record.dataset, period: record.period },
  });
}
