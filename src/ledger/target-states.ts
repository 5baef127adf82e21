import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { COUNTS } from './deliveries.ts';
import { NEWEST_LOADS } from './loads.ts';

/** How far the newest delivery of a target is, as the logs say. */
export interface TargetState extends Target {
  readonly fileId: number;
  readonly path: string;
  readonly status: string;
  readonly validation: string | null;
  readonly currentFileId: number | null;
  readonly loadedFileId: number | null;
  readonly rows: number | null;
  readonly loadedAt: string | null;
  readonly promotedAt: string | null;
  /** Promotions of the target that were rolled back. */
  readonly rolledBack: number;
  /** Fingerprint of the corrections in what is loaded. */
  readonly corrections: string | null;
}

/**
 * The newest delivery that counts of every target, its validation, and its state in stage and core; where no delivery
 * counts any more, the withdrawn one whose rows are still in core.
 */
export function targetStates(session: Session): Promise<TargetState[]> {
  return session.query(sql`
  WITH newest AS (
    SELECT dataset, period, slice, max(file_id) AS file_id FROM meta.ingestion_log
    WHERE dataset IS NOT NULL AND period IS NOT NULL AND ${COUNTS}
    GROUP BY dataset, period, slice
  ), withdrawn AS (
    SELECT p.dataset, p.period, p.slice, max(p.file_id) AS file_id FROM meta.promotion_log p
    WHERE p.kind = 'transform' AND p.rolled_back_by IS NULL AND NOT EXISTS (SELECT 1 FROM newest n
      WHERE n.dataset = p.dataset AND n.period = p.period AND n.slice = p.slice)
    GROUP BY p.dataset, p.period, p.slice
  ), named AS (
    SELECT n.dataset, n.period, n.slice, coalesce(i.duplicate_of, i.file_id) AS file_id
    FROM newest n JOIN meta.ingestion_log i ON i.file_id = n.file_id
    UNION ALL SELECT dataset, period, slice, file_id FROM withdrawn
  ), checked AS (
    SELECT file_id, max(validation_id) AS validation_id FROM meta.validation_log GROUP BY file_id
  ), loaded AS (${NEWEST_LOADS}
  ), promoted AS (
    SELECT load_id, max(promoted_at) AS promoted_at FROM meta.promotion_log
    WHERE rolled_back_by IS NULL AND load_id IS NOT NULL GROUP BY load_id
  ), rolled_back AS (
    SELECT dataset, period, slice, count(*) AS promotions FROM meta.promotion_log
    WHERE kind = 'transform' AND rolled_back_by IS NOT NULL GROUP BY dataset, period, slice
  )
  SELECT n.dataset, n.period, n.slice, i.file_id AS "fileId", i.path, i.status, v.status AS validation,
    c.file_id AS "currentFileId", l.file_id AS "loadedFileId", l.rows_inserted AS "rows",
    l.loaded_at AS "loadedAt", l.corrections_fingerprint AS corrections, p.promoted_at AS "promotedAt",
    coalesce(b.promotions, 0) AS "rolledBack"
  FROM named n
  JOIN meta.ingestion_log i ON i.file_id = n.file_id
  LEFT JOIN checked k ON k.file_id = i.file_id
  LEFT JOIN meta.validation_log v ON v.validation_id = k.validation_id
  LEFT JOIN meta.current_delivery c ON c.dataset = n.dataset AND c.period = n.period AND c.slice = n.slice
  LEFT JOIN loaded s ON s.dataset = n.dataset AND s.period = n.period AND s.slice = n.slice
  LEFT JOIN meta.load_log l ON l.load_id = s.load_id AND l.kind = 'load'
  LEFT JOIN promoted p ON p.load_id = l.load_id
  LEFT JOIN rolled_back b ON b.dataset = n.dataset AND b.period = n.period AND b.slice = n.slice
  ORDER BY n.dataset, n.period, n.slice`);
}
