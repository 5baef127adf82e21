import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { haveSameContent } from './content.ts';
import { newestCorrection } from './corrections.ts';
import { aboutTarget } from './rows.ts';
import { timestamp } from './timestamp.ts';
import { newestValidation } from './validations.ts';

/** A row of meta.approval_log: what a person approved, and everything for which the approval is valid. */
export interface Approval extends Target {
  readonly approvalId: number;
  readonly coreTable: string;
  readonly loadId: number;
  readonly fileId: number;
  /** Hash of the rules by which the rows were checked and would be promoted. */
  readonly rulesFingerprint: string;
  /** Hash of the content and of every change, as `diff` prints it. */
  readonly diffFingerprint: string;
  /** The newest promotion into the core table at that time; 0 where there was none. */
  readonly afterPromotion: number;
  /** The newest correction and validation of the target at that time; 0 where there was none. */
  readonly afterCorrection: number;
  readonly afterValidation: number;
  /** The change in words. */
  readonly summary: string;
  readonly note: string | null;
  readonly decidedBy: string;
  /** ISO, UTC. */
  readonly decidedAt: string;
  readonly voidReason: string | null;
  /** The promotion that used it. */
  readonly spentBy: number | null;
}

const APPROVAL = sql`approval_id AS "approvalId", dataset, period, slice, core_table AS "coreTable",
  load_id AS "loadId", file_id AS "fileId", rules_fingerprint AS "rulesFingerprint",
  diff_fingerprint AS "diffFingerprint", after_promotion AS "afterPromotion",
  after_correction AS "afterCorrection", after_validation AS "afterValidation", summary, note,
  decided_by AS "decidedBy", decided_at AS "decidedAt", void_reason AS "voidReason", spent_by AS "spentBy"`;

/** The newest approval of a target that no promotion has used, void or not. */
export async function newestApproval(session: Session, target: Target): Promise<Approval | null> {
  const [row] = await session.query<Approval>(
    sql`SELECT ${APPROVAL} FROM meta.approval_log
        WHERE ${aboutTarget(target)}
          AND spent_by IS NULL ORDER BY approval_id DESC LIMIT 1`,
  );
  return row ?? null;
}

export type NewApproval = Omit<
  Approval,
  'approvalId' | 'decidedAt' | 'voidReason' | 'spentBy' | 'afterCorrection' | 'afterValidation'
> & {
  readonly runId: string;
  readonly at: Date;
};

export async function logApproval(tx: Session, row: NewApproval): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.approval_log (dataset, period, slice, core_table, load_id, file_id, rules_fingerprint,
          diff_fingerprint, after_promotion, after_correction, after_validation, summary, note, decided_by, run_id, decided_at)
        VALUES (${row.dataset}, ${row.period}, ${row.slice}, ${row.coreTable}, ${row.loadId}, ${row.fileId},
          ${row.rulesFingerprint}, ${row.diffFingerprint}, ${row.afterPromotion}, ${newestCorrection(row)}, ${newestValidation(row)}, ${row.summary}, ${row.note},
          ${row.decidedBy}, ${row.runId}, CAST(${timestamp(row.at)} AS TIMESTAMP))`,
  );
}

/** An approval that is void stays void, even where everything becomes as it was. */
export async function voidApproval(tx: Session, approvalId: number, reason: string, at: Date): Promise<void> {
  await tx.execute(
    sql`UPDATE meta.approval_log SET void_since = CAST(${timestamp(at)} AS TIMESTAMP), void_reason = ${reason}
        WHERE approval_id = ${approvalId} AND void_reason IS NULL AND spent_by IS NULL`,
  );
}

export async function spendApproval(tx: Session, approvalId: number, promotionId: number): Promise<void> {
  await tx.execute(
    sql`UPDATE meta.approval_log SET spent_by = ${promotionId} WHERE approval_id = ${approvalId}`,
  );
}

/** Whether stage had other rows than those of a load, or none, at any time since. */
export async function stageChangedSince(
  session: Session,
  target: Target,
  loadId: number,
): Promise<'rows' | 'corrections' | null> {
  const changes = await session.query<{ corrected: boolean }>(
    sql`SELECT n.kind = 'load' AND n.parquet_sha256 = l.parquet_sha256 AS corrected
        FROM meta.load_log n JOIN meta.load_log l ON l.load_id = ${loadId}
        WHERE ${aboutTarget(target, 'n')}
          AND n.load_id > ${loadId} AND NOT (n.kind = 'load' AND ${haveSameContent('n', 'l')})`,
  );
  if (changes.length === 0) return null;
  return changes.every((change) => change.corrected) ? 'corrections' : 'rows';
}

/** What came for a target after its approval and waits to be loaded: a newer delivery, or corrections. */
export async function waitingSince(
  session: Session,
  approval: Approval,
): Promise<'delivery' | 'corrections' | null> {
  const of = sql`${aboutTarget(approval)}`;
  const deliveries = await session.query(
    sql`SELECT 1 AS "found" FROM meta.current_delivery
        WHERE ${of} AND file_id <> ${approval.fileId} AND validation_id > ${approval.afterValidation}`,
  );
  if (deliveries.length > 0) return 'delivery';
  const corrections = await session.query(
    sql`SELECT 1 AS "found" FROM meta.correction_log WHERE ${of} AND correction_id > ${approval.afterCorrection} LIMIT 1`,
  );
  return corrections.length > 0 ? 'corrections' : null;
}

/**
 * Promotions after a given one that may have changed rows of a target, rollbacks and the like too. A promotion of another
 * slice of the same dataset is none of them: the slice is part of every key.
 */
export async function promotionsTouching(
  session: Session,
  coreTable: string,
  target: Target,
  promotionId: number,
): Promise<number[]> {
  const rows = await session.query<{ id: number }>(
    sql`SELECT promotion_id AS id FROM meta.promotion_log
        WHERE core_table = ${coreTable} AND promotion_id > ${promotionId}
          AND NOT (kind = 'transform' AND dataset = ${target.dataset} AND slice <> ${target.slice})`,
  );
  return rows.map((row) => row.id);
}
