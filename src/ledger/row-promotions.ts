import { ident, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** One promotion, rollback or `go-live` that touched a row of core, or would have. */
export interface RowPromotion {
  readonly promotion_id: number;
  readonly kind: string;
  readonly operation: string;
  readonly dataset: string;
  readonly period: string;
  readonly at: string;
  readonly run_id: string;
  readonly by: string | null;
  readonly why: string | null;
  readonly rolled_back_by: number | null;
  readonly takes_back: number | null;
}

const ENTRY = sql`p.promotion_id AS promotion_id, p.kind, j._operation AS operation, p.dataset, p.period,
  p.promoted_at AS "at", p.run_id, p.decided_by AS "by", p.reason AS why, p.rolled_back_by, p.takes_back`;

/** Everything that the journal of a table holds about one row, oldest first. */
export function rowPromotions(
  session: Session,
  table: string,
  identity: readonly (string | null)[],
): Promise<RowPromotion[]> {
  return session.query(
    sql`SELECT ${ENTRY} FROM ${ident('history', table)} AS j JOIN meta.promotion_log p ON p.promotion_id = j._promotion_id
        WHERE j._key = ${JSON.stringify(identity)} ORDER BY p.promotion_id`,
  );
}
