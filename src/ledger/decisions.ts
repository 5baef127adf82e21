import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** What a person decided about a delivery or a part of stage; a row of meta.decision_log. */
export interface Decision {
  readonly kind: 'withdraw' | 'unload' | 'prune';
  /** Null for a file that fitted no dataset. */
  readonly dataset: string | null;
  readonly period: string | null;
  readonly slice: string;
  readonly fileId: number | null;
  /** For an unload: its row in meta.load_log. */
  readonly loadId: number | null;
  readonly reason: string;
  readonly by: string | null;
  readonly runId: string;
  readonly at: Date;
}

/** Whether a run has logged a decision about a delivery before. */
export async function isDecided(
  tx: Session,
  kind: Decision['kind'],
  fileId: number,
  runId: string,
): Promise<boolean> {
  const rows = await tx.query(
    sql`SELECT 1 AS "found" FROM meta.decision_log
        WHERE kind = ${kind} AND file_id = ${fileId} AND run_id = ${runId} LIMIT 1`,
  );
  return rows.length > 0;
}

/** Logs a decision, in the transaction that carries it out. */
export async function logDecision(tx: Session, decision: Decision): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.decision_log (kind, dataset, period, slice, file_id, load_id, reason, decided_by, run_id, decided_at)
        VALUES (${decision.kind}, ${decision.dataset}, ${decision.period}, ${decision.slice}, ${decision.fileId},
          ${decision.loadId}, ${decision.reason}, ${decision.by}, ${decision.runId},
          CAST(${timestamp(decision.at)} AS TIMESTAMP))`,
  );
}
