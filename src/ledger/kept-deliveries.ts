import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { NEWEST_LOADS } from './loads.ts';

/** A delivery and what still needs its files. */
export interface DeliveryInUse extends Target {
  readonly fileId: number;
  readonly finishedAt: string;
  /** 1 for the newest of its target. */
  readonly place: number;
  readonly isCurrent: boolean;
  readonly isLoaded: boolean;
  /** The newest promotion of its target that counts is one of this delivery. */
  readonly isPromoted: boolean;
  /** There is a promotion of it on record, even if it was rolled back or followed by others. */
  readonly wasPromoted: boolean;
}

/** Every delivery of a known dataset (one, or all), newest of each target first. */
export function deliveriesInUse(session: Session, dataset: string | null): Promise<DeliveryInUse[]> {
  const only = dataset === null ? sql`i.dataset IS NOT NULL` : sql`i.dataset = ${dataset}`;
  return session.query(sql`
    WITH standing AS (${NEWEST_LOADS}), counting AS (
      SELECT max(promotion_id) AS promotion_id FROM meta.promotion_log
      WHERE kind = 'transform' AND rolled_back_by IS NULL GROUP BY dataset, period, slice
    )
    SELECT i.dataset, i.period, i.slice, i.file_id AS "fileId", i.finished_at AS "finishedAt",
      row_number() OVER (PARTITION BY i.dataset, i.period, i.slice ORDER BY i.file_id DESC) AS place,
      EXISTS (SELECT 1 FROM meta.current_delivery c WHERE c.file_id = i.file_id) AS "isCurrent",
      EXISTS (SELECT 1 FROM meta.load_log l JOIN standing s ON s.load_id = l.load_id
        WHERE l.file_id = i.file_id AND l.kind = 'load') AS "isLoaded",
      EXISTS (SELECT 1 FROM meta.promotion_log p JOIN counting n ON n.promotion_id = p.promotion_id
        JOIN meta.load_log l ON l.load_id = p.load_id WHERE l.file_id = i.file_id) AS "isPromoted",
      EXISTS (SELECT 1 FROM meta.promotion_log p JOIN meta.load_log l ON l.load_id = p.load_id
        WHERE l.file_id = i.file_id) AS "wasPromoted"
    FROM meta.ingestion_log i WHERE ${only} AND i.period IS NOT NULL
    ORDER BY i.dataset, i.period, i.slice, i.file_id DESC`);
}
