import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { COUNTS } from './deliveries.ts';

/** A slice of one period of a dataset: its newest delivery with its outcome, and the current delivery. */
export interface SliceState {
  /** Canonical slice text; '' for none. */
  readonly slice: string;
  readonly newest: { readonly fileId: number; readonly path: string };
  /** Outcome of the newest: a refusal at the gate counts, too; null: it was not validated yet. */
  readonly outcome: 'passed' | 'refused' | null;
  /** The current delivery's cleaned rows, path relative to the project; null where none is current. */
  readonly current: {
    readonly fileId: number;
    readonly parquetPath: string;
    readonly parquetSha256: string;
  } | null;
}

interface Found {
  readonly slice: string;
  readonly newestId: number;
  readonly newestPath: string;
  readonly outcome: 'passed' | 'refused' | null;
  readonly currentId: number | null;
  readonly parquetPath: string | null;
  readonly parquetSha256: string | null;
}

/**
 * Every slice with a delivery that counts, in the order of their text. As for `newestDelivery`, a duplicate means the
 * delivery whose bytes it repeats.
 */
export async function sliceStates(session: Session, dataset: string, period: string): Promise<SliceState[]> {
  const rows = await session.query<Found>(
    sql`SELECT n.slice, d.file_id AS "newestId", d.path AS "newestPath",
          CASE WHEN d.status = 'refused' THEN d.status ELSE o.status END AS outcome,
          p.file_id AS "currentId", p.parquet_path AS "parquetPath", p.parquet_sha256 AS "parquetSha256"
        FROM (SELECT slice, max(file_id) AS file_id FROM meta.ingestion_log
              WHERE dataset = ${dataset} AND period = ${period} AND ${COUNTS}
              GROUP BY slice) AS n
        JOIN meta.ingestion_log m ON m.file_id = n.file_id
        JOIN meta.ingestion_log d ON d.file_id = CASE WHEN m.status = 'duplicate' THEN coalesce(m.duplicate_of, m.file_id)
          ELSE m.file_id END
        LEFT JOIN (SELECT file_id, max(validation_id) AS validation_id FROM meta.validation_log
                   WHERE dataset = ${dataset} AND period = ${period} GROUP BY file_id) AS l ON l.file_id = d.file_id
        LEFT JOIN meta.validation_log o ON o.validation_id = l.validation_id
        LEFT JOIN meta.current_delivery c ON c.dataset = ${dataset} AND c.period = ${period} AND c.slice = n.slice
        LEFT JOIN meta.validation_log p ON p.validation_id = c.validation_id
        ORDER BY n.slice`,
  );
  return rows.map(({ slice, newestId, newestPath, outcome, currentId, parquetPath, parquetSha256 }) => ({
    slice,
    newest: { fileId: newestId, path: newestPath },
    outcome,
    current:
      currentId === null || parquetPath === null || parquetSha256 === null
        ? null
        : { fileId: currentId, parquetPath, parquetSha256 },
  }));
}
