import type { RecordsDataset } from '../domain/dataset.ts';
import { timestamp } from '../ledger/timestamp.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';

/** Marks good records: whether a value of them is in core, and where; `placed` is a query of it. */
export async function markPlaced(
  session: Session,
  dataset: RecordsDataset,
  placed: Sql,
  at: { readonly promotionId: number | null; readonly now: Date },
): Promise<void> {
  await session.execute(
    sql`UPDATE ${recordsName(dataset)} AS r SET validated = true, waits = false, failed = false,
          attempt = r.attempt + 1, promoted = p.promoted, duplicate = NOT p.promoted,
          promoted_to = CAST(p.place AS JSON), promoted_at = CAST(${timestamp(at.now)} AS TIMESTAMP),
          promotion_id = CASE WHEN p.promoted THEN CAST(${at.promotionId} AS BIGINT) END
        FROM (${placed}) AS p WHERE p.staging_id = r.staging_id`,
  );
}

/** Marks good records that wait, because too many of their run failed. */
export async function markHeldBack(session: Session, dataset: RecordsDataset, rows: Sql): Promise<void> {
  await session.execute(
    sql`UPDATE ${recordsName(dataset)} AS r SET validated = true, failed = false, attempt = r.attempt + 1
        FROM ${rows} AS b WHERE b.staging_id = r.staging_id`,
  );
}

/**
 * Marks bad records, with their errors after those of earlier attempts. One that still lacks only its parent is
 * left as it is: each promotion looks at it, and would add the same errors again.
 */
export async function markFailed(session: Session, dataset: RecordsDataset, judged: Sql): Promise<void> {
  const before = raw('CAST(r.validation_errors AS VARCHAR)');
  await session.execute(
    sql`UPDATE ${recordsName(dataset)} AS r SET validated = false, failed = true, waits = j.lacks_parent,
          attempt = r.attempt + 1,
          validation_errors = CAST(CASE WHEN r.validation_errors IS NULL THEN j.errors
            ELSE substr(${before}, 1, length(${before}) - 1) || ',' || substr(j.errors, 2) END AS JSON)
        FROM ${judged} AS j
        WHERE j.staging_id = r.staging_id AND NOT (r.failed AND r.waits AND j.lacks_parent)`,
  );
}
