import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { PromotionRecord } from '../../ledger/promotion-records.ts';
import { journalPrunedAt } from '../../ledger/pruned-journal.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/** Stops where the before-images of a promotion are gone, so that core cannot be restored. */
export async function refusePrunedJournal(session: Session, record: PromotionRecord): Promise<void> {
  const at = await journalPrunedAt(session, record.promotionId);
  if (at === null) return;
  throw new TidemarkError('journal-pruned', {
    message: `Promotion ${record.promotionId} can no longer be rolled back: its before-images were pruned on ${at.slice(0, 10)}.`,
    where: { dataset: record.dataset, period: record.period },
  });
}
