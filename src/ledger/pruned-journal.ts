import { type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** The promotions into a core table made before a moment whose before-images are still there, as part of a statement. */
const UNPRUNED = (coreTable: string, cut: Date): Sql =>
  sql`core_table = ${coreTable} AND promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND journal_pruned_at IS NULL`;

/** Their numbers as a subquery, oldest first where it is run by itself. */
export function unprunedPromotions(coreTable: string, cut: Date): Sql {
  return sql`SELECT promotion_id FROM meta.promotion_log WHERE ${UNPRUNED(coreTable, cut)} ORDER BY promotion_id`;
}

/** Marks them as promotions that can no longer be rolled back, in the transaction that deletes their before-images. */
export async function noteJournalPruned(tx: Session, coreTable: string, cut: Date, now: Date): Promise<void> {
  await tx.execute(
    sql`UPDATE meta.promotion_log SET journal_pruned_at = CAST(${timestamp(now)} AS TIMESTAMP)
        WHERE ${UNPRUNED(coreTable, cut)}`,
  );
}

/** When the before-images of a promotion were deleted (ISO, UTC); null where they are still there. */
export async function journalPrunedAt(session: Session, promotionId: number): Promise<string | null> {
  const [row] = await session.query<{ at: string | null }>(
    sql`SELECT journal_pruned_at AS "at" FROM meta.promotion_log WHERE promotion_id = ${promotionId}`,
  );
  return row?.at ?? null;
}
