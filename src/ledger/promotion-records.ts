import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** A row of meta.promotion_log, of any kind: everything that changes core has one. */
export interface PromotionRecord extends Target {
  readonly promotionId: number;
  readonly kind: string;
  readonly coreTable: string;
  readonly strategy: string;
  readonly loadId: number | null;
  /** For a rollback: the promotion that it rolled back. */
  readonly takesBack: number | null;
  /** The rollback of this promotion, while that counts. */
  readonly rolledBackBy: number | null;
  /** ISO, UTC. */
  readonly promotedAt: string;
}

const RECORD = sql`p.promotion_id AS "promotionId", p.kind, p.dataset, p.period, p.slice, p.core_table AS "coreTable",
  p.strategy, p.load_id AS "loadId", p.takes_back AS "takesBack", p.rolled_back_by AS "rolledBackBy",
  p.promoted_at AS "promotedAt"`;

export async function promotionById(session: Session, promotionId: number): Promise<PromotionRecord | null> {
  const [row] = await session.query<PromotionRecord>(
    sql`SELECT ${RECORD} FROM meta.promotion_log p WHERE p.promotion_id = ${promotionId}`,
  );
  return row ?? null;
}

/** For each slice of a dataset and period, the newest promotion that still counts; without rollbacks. */
export function newestStanding(
  session: Session,
  dataset: string,
  period: string,
): Promise<PromotionRecord[]> {
  return session.query(
    sql`SELECT ${RECORD} FROM meta.promotion_log p
        WHERE p.promotion_id IN (
          SELECT max(promotion_id) FROM meta.promotion_log
          WHERE dataset = ${dataset} AND period = ${period} AND kind <> 'rollback' AND rolled_back_by IS NULL
          GROUP BY slice)
        ORDER BY p.slice`,
  );
}

/** The changes of a core table after a promotion, rolled back or not, oldest first. */
export function promotionsAfter(
  session: Session,
  coreTable: string,
  promotionId: number,
): Promise<PromotionRecord[]> {
  return session.query(
    sql`SELECT ${RECORD} FROM meta.promotion_log p
        WHERE p.core_table = ${coreTable} AND p.promotion_id > ${promotionId} ORDER BY p.promotion_id`,
  );
}

/**
 * Marks a promotion as one that no longer counts. If it is a rollback itself, the promotion that it rolled back counts
 * again; and so on, from each to the one that it rolled back.
 */
export async function noteRolledBack(tx: Session, record: PromotionRecord, by: number): Promise<void> {
  let counts = false;
  let taker: number = by;
  for (let each: PromotionRecord | null = record; each !== null; counts = !counts) {
    await tx.execute(
      sql`UPDATE meta.promotion_log SET rolled_back_by = ${counts ? null : taker} WHERE promotion_id = ${each.promotionId}`,
    );
    taker = each.promotionId;
    each = each.takesBack === null ? null : await promotionById(tx, each.takesBack);
  }
}

export interface NewRollback {
  readonly record: PromotionRecord;
  readonly promotionId: number;
  readonly counts: {
    readonly added: number;
    readonly modified: number;
    readonly removed: number;
    readonly cells: number;
  };
  readonly reason: string | null;
  readonly by: string | null;
  /** The newest load of the target: what is loaded later was not rolled back. */
  readonly afterLoad: number | null;
  readonly runId: string;
  readonly startedAt: Date;
  readonly promotedAt: Date;
}

export async function logRollback(tx: Session, row: NewRollback): Promise<void> {
  const { record, counts } = row;
  await tx.execute(
    sql`INSERT INTO meta.promotion_log (promotion_id, kind, dataset, period, slice, core_table, strategy, takes_back,
          rows_added, rows_modified, rows_removed, cells_changed, reason, decided_by, after_load, run_id, started_at,
          promoted_at)
        VALUES (${row.promotionId}, 'rollback', ${record.dataset}, ${record.period}, ${record.slice},
          ${record.coreTable}, ${record.strategy}, ${record.promotionId}, ${counts.added}, ${counts.modified},
          ${counts.removed}, ${counts.cells}, ${row.reason}, ${row.by}, ${row.afterLoad}, ${row.runId},
          CAST(${timestamp(row.startedAt)} AS TIMESTAMP), CAST(${timestamp(row.promotedAt)} AS TIMESTAMP))`,
  );
}

/** Rows that became live, or are no longer live. */
export interface NewFlip extends Target {
  readonly promotionId: number;
  readonly coreTable: string;
  readonly strategy: string;
  readonly rows: number;
  /** Whether they became live, or stopped being live. */
  readonly live: boolean;
  readonly reason: string | null;
  readonly by: string | null;
  readonly runId: string;
  readonly startedAt: Date;
  readonly promotedAt: Date;
}

export async function logFlip(tx: Session, row: NewFlip): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.promotion_log (promotion_id, kind, dataset, period, slice, core_table, strategy, rows_modified,
          made_live, reason, decided_by, run_id, started_at, promoted_at)
        VALUES (${row.promotionId}, 'go-live', ${row.dataset}, ${row.period}, ${row.slice}, ${row.coreTable},
          ${row.strategy}, ${row.rows}, ${row.live}, ${row.reason}, ${row.by}, ${row.runId},
          CAST(${timestamp(row.startedAt)} AS TIMESTAMP), CAST(${timestamp(row.promotedAt)} AS TIMESTAMP))`,
  );
}
