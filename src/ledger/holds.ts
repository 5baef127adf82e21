import { sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { Load } from './promotions.ts';

/** A promotion of the very rows that stand in stage, and how it was taken back. */
export interface Hold {
  readonly promotionId: number;
  readonly by: number;
  /** ISO, UTC. */
  readonly at: string;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

/**
 * Whether what stands in stage was promoted, taken back, and nothing else was loaded since: then it waits for a person,
 * and the next scheduled run does not bring back what someone took away.
 */
export async function heldSince(session: Session, load: Load): Promise<Hold | null> {
  const ofTarget = (alias: 'p' | 'n') =>
    alias === 'p'
      ? sql`p.dataset = ${load.dataset} AND p.period = ${load.period} AND p.slice = ${load.slice}`
      : sql`n.dataset = ${load.dataset} AND n.period = ${load.period} AND n.slice = ${load.slice}`;
  const same = (alias: 'l' | 'n') => {
    const [sha, corrections] =
      alias === 'l'
        ? [sql`l.parquet_sha256`, sql`l.corrections_fingerprint`]
        : [sql`n.parquet_sha256`, sql`n.corrections_fingerprint`];
    return sql`(${sha} = ${load.parquetSha256}
      AND ${corrections} IS NOT DISTINCT FROM CAST(${load.correctionsFingerprint} AS VARCHAR))`;
  };
  const [newest] = await session.query<Hold & { counts: boolean; others: number }>(
    sql`SELECT p.promotion_id AS "promotionId", p.rolled_back_by AS "by", r.promoted_at AS "at",
          r.decided_by AS "decidedBy", r.reason, p.rolled_back_by IS NULL AS counts,
          (SELECT count(*) FROM meta.load_log n
           WHERE ${ofTarget('n')} AND n.kind = 'load' AND n.load_id > COALESCE(r.after_load, 0) AND NOT ${same('n')}) AS others
        FROM meta.promotion_log p JOIN meta.load_log l ON l.load_id = p.load_id
          LEFT JOIN meta.promotion_log r ON r.promotion_id = p.rolled_back_by
        WHERE ${ofTarget('p')} AND p.kind = 'transform' AND ${same('l')}
        ORDER BY p.promotion_id DESC LIMIT 1`,
  );
  if (newest === undefined || newest.counts || Number(newest.others) > 0) return null;
  const { promotionId, by, at, decidedBy, reason } = newest;
  return { promotionId, by, at, decidedBy, reason };
}
