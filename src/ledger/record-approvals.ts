import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** An approval of records: a row of meta.approval_log without a load, whose records are in meta.approved_record. */
export interface RecordApproval {
  readonly approvalId: number;
  readonly dataset: string;
  /** The run whose records it is about; null: those of all runs. */
  readonly run: string | null;
  /** Hash of the rules by which the records were judged and would be promoted. */
  readonly rulesFingerprint: string;
  /** Hash of the records and of every change, as `diff` prints it. */
  readonly diffFingerprint: string;
  /** The newest promotion into the core table at that time; 0 where there was none. */
  readonly afterPromotion: number;
  readonly decidedBy: string;
  /** ISO, UTC. */
  readonly decidedAt: string;
  readonly voidReason: string | null;
  /** How many records it names. */
  readonly records: number;
}

/**
 * The approvals of a dataset's records that no promotion has used and that name any of `records` (a SELECT of their
 * numbers), void or not, oldest first.
 */
export async function openRecordApprovals(
  session: Session,
  dataset: string,
  records: Sql,
): Promise<RecordApproval[]> {
  const rows = await session.query<RecordApproval>(
    sql`SELECT approval_id AS "approvalId", dataset, record_run AS run, rules_fingerprint AS "rulesFingerprint",
          diff_fingerprint AS "diffFingerprint", after_promotion AS "afterPromotion", decided_by AS "decidedBy",
          decided_at AS "decidedAt", void_reason AS "voidReason",
          (SELECT count(*) FROM meta.approved_record AS n WHERE n.approval_id = l.approval_id) AS records
        FROM meta.approval_log AS l
        WHERE dataset = ${dataset} AND load_id IS NULL AND spent_by IS NULL AND EXISTS (
          SELECT 1 FROM meta.approved_record AS a WHERE a.approval_id = l.approval_id AND a.staging_id IN (${records}))
        ORDER BY approval_id`,
  );
  return rows.map((row) => ({ ...row, records: Number(row.records) }));
}

/** A SELECT of the numbers of the records that an approval names. */
export function approvedRecords(approvalId: number): Sql {
  return sql`SELECT a.staging_id FROM meta.approved_record AS a WHERE a.approval_id = ${approvalId}`;
}

/** The same, and none where a promotion has used the approval since it was looked up. */
export function openRecords(approvalId: number): Sql {
  return sql`${approvedRecords(approvalId)} AND EXISTS (SELECT 1 FROM meta.approval_log AS l
    WHERE l.approval_id = a.approval_id AND l.spent_by IS NULL)`;
}

export interface NewRecordApproval
  extends Omit<RecordApproval, 'approvalId' | 'decidedAt' | 'voidReason' | 'records'> {
  readonly period: string;
  readonly coreTable: string;
  /** The change in words. */
  readonly summary: string;
  readonly note: string;
  readonly runId: string;
  readonly at: Date;
}

/** Logs an approval of the records of a table with a column `staging_id`, in place of earlier ones that name any of them. */
export async function logRecordApproval(tx: Session, row: NewRecordApproval, records: Sql): Promise<void> {
  const at = sql`CAST(${timestamp(row.at)} AS TIMESTAMP)`;
  await tx.execute(
    sql`UPDATE meta.approval_log SET void_since = ${at}, void_reason = 'a later approval names its records'
        WHERE dataset = ${row.dataset} AND load_id IS NULL AND spent_by IS NULL AND void_reason IS NULL
          AND approval_id IN (SELECT a.approval_id FROM meta.approved_record AS a
            WHERE a.staging_id IN (SELECT b.staging_id FROM ${records} AS b))`,
  );
  const [given] = await tx.query<{ id: number }>(raw(`SELECT nextval('meta.approval_id_seq') AS id`));
  const id = Number(given?.id);
  await tx.execute(
    sql`INSERT INTO meta.approval_log (approval_id, dataset, period, slice, core_table, rules_fingerprint,
          diff_fingerprint, after_promotion, summary, note, decided_by, run_id, decided_at, record_run)
        VALUES (${id}, ${row.dataset}, ${row.period}, '', ${row.coreTable}, ${row.rulesFingerprint},
          ${row.diffFingerprint}, ${row.afterPromotion}, ${row.summary}, ${row.note}, ${row.decidedBy},
          ${row.runId}, ${at}, ${row.run})`,
  );
  await tx.execute(
    sql`INSERT INTO meta.approved_record (approval_id, staging_id)
        SELECT CAST(${id} AS BIGINT), b.staging_id FROM ${records} AS b`,
  );
}
