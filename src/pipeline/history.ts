import { sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** One thing that happened to a dataset: when, what, by which run. */
export interface HistoryEvent {
  readonly at: string;
  readonly event: string;
  readonly period: string | null;
  readonly slice: string;
  readonly id: number;
  readonly fileId: number | null;
  readonly what: string;
  readonly runId: string;
}

/** Every delivery, validation, load and promotion of a dataset (and of one period), in the order they happened. */
export function historyOf(session: Session, dataset: string, period: string | null): Promise<HistoryEvent[]> {
  const only = period === null ? sql`dataset = ${dataset}` : sql`dataset = ${dataset} AND period = ${period}`;
  return session.query(sql`
    SELECT * FROM (
      SELECT finished_at AS "at", 'delivery' AS event, 1 AS rank, period, slice, file_id AS id, file_id AS "fileId",
        status || ': ' || path || CASE WHEN finding_count > 0
          THEN ' (' || CAST(finding_count AS VARCHAR) || ' findings)' ELSE '' END AS what, run_id AS "runId"
      FROM meta.ingestion_log WHERE ${only}
      UNION ALL
      SELECT finished_at, 'validation', 2, period, slice, validation_id, file_id,
        status || ': ' || CAST(coalesce(rows_accepted, 0) AS VARCHAR) || ' of ' || CAST(coalesce(rows_read, 0) AS VARCHAR)
          || ' rows accepted, ' || CAST(errors AS VARCHAR) || ' errors, ' || CAST(warnings AS VARCHAR) || ' warnings', run_id
      FROM meta.validation_log WHERE ${only}
      UNION ALL
      SELECT loaded_at, 'load', 3, period, slice, load_id, file_id,
        CAST(rows_inserted AS VARCHAR) || ' rows in, ' || CAST(rows_deleted AS VARCHAR) || ' out'
          || CASE WHEN forced THEN ' (forced)' ELSE '' END, run_id
      FROM meta.load_log WHERE ${only}
      UNION ALL
      SELECT promoted_at, 'promotion', 4, period, slice, promotion_id, file_id,
        kind || ' to core.' || core_table || ': ' || CAST(rows_added AS VARCHAR) || ' added, '
          || CAST(rows_modified AS VARCHAR) || ' modified, ' || CAST(rows_removed AS VARCHAR) || ' removed, '
          || CAST(rows_closed AS VARCHAR) || ' closed, ' || CAST(rows_unchanged AS VARCHAR) || ' unchanged', run_id
      FROM meta.promotion_log WHERE ${only}
    ) AS events ORDER BY "at", rank, id`);
}
