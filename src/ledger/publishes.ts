import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** A row of meta.publish_log. */
export interface Publish {
  readonly publishId: number;
  readonly mart: string;
  readonly period: string;
  readonly mode: string;
  readonly fingerprint: string;
  /** From what the mart was made: JSON of `{"<core table>": <newest promotion id>}`. */
  readonly reads: string;
}

/** The newest publish of every mart and period, by mart and period. */
export function newestPublishes(session: Session): Promise<Publish[]> {
  return session.query(
    sql`SELECT publish_id AS "publishId", mart, period, mode, fingerprint, reads FROM meta.publish_log
        WHERE publish_id IN (SELECT max(publish_id) FROM meta.publish_log GROUP BY mart, period)
        ORDER BY mart, period`,
  );
}

export async function newestPublish(session: Session, mart: string, period: string): Promise<Publish | null> {
  const [row] = await session.query<Publish>(
    sql`SELECT publish_id AS "publishId", mart, period, mode, fingerprint, reads FROM meta.publish_log
        WHERE mart = ${mart} AND period = ${period} ORDER BY publish_id DESC LIMIT 1`,
  );
  return row ?? null;
}

export type NewPublish = Omit<Publish, 'publishId'> & {
  readonly rowsDeleted: number;
  readonly rowsInserted: number;
  /** JSON text, or null where no guard had to be accepted. */
  readonly acceptedGuards: string | null;
  readonly runId: string;
  readonly startedAt: Date;
  readonly publishedAt: Date;
};

export async function logPublish(tx: Session, row: NewPublish): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.publish_log (mart, period, mode, fingerprint, reads, rows_deleted, rows_inserted, accepted_guards,
          run_id, started_at, published_at)
        VALUES (${row.mart}, ${row.period}, ${row.mode}, ${row.fingerprint}, ${row.reads}, ${row.rowsDeleted},
          ${row.rowsInserted}, ${row.acceptedGuards}, ${row.runId}, CAST(${timestamp(row.startedAt)} AS TIMESTAMP),
          CAST(${timestamp(row.publishedAt)} AS TIMESTAMP))`,
  );
}

/** For each core table and period, the newest promotion that changed something, or that counts as having looked. */
export interface TablePromotion {
  readonly table: string;
  readonly dataset: string;
  readonly period: string;
  readonly promotionId: number;
  /** Whether core has stage rows of the period: false where all its promotions were rolled back. */
  readonly stands: boolean;
}

/**
 * The newest promotion into each core table by dataset and period; `changesOnly` leaves out those that changed no row.
 */
export function tablePromotions(session: Session, changesOnly: boolean): Promise<TablePromotion[]> {
  const changed = changesOnly ? sql`AND rows_added + rows_modified + rows_removed + rows_closed > 0` : sql``;
  return session.query(
    sql`SELECT core_table AS "table", dataset, period, max(promotion_id) AS "promotionId",
          max(CASE WHEN kind IN ('rollback', 'go-live') THEN 0 ELSE 1 END) = 1 AS stands FROM meta.promotion_log
        WHERE rolled_back_by IS NULL ${changed} GROUP BY core_table, dataset, period ORDER BY core_table, period`,
  );
}

/** The newest publish of a mart, of whatever period. */
export async function newestPublishOfAny(session: Session, mart: string): Promise<Publish | null> {
  const [row] = await session.query<Publish>(
    sql`SELECT publish_id AS "publishId", mart, period, mode, fingerprint, reads FROM meta.publish_log
        WHERE mart = ${mart} ORDER BY publish_id DESC LIMIT 1`,
  );
  return row ?? null;
}
