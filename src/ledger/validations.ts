import { sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './deliveries.ts';

/** A row of meta.validation_log to be. */
export interface NewValidation {
  readonly fileId: number;
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly status: 'passed' | 'refused';
  readonly contractFingerprint: string;
  /** JSON text of what foreign keys were checked against; null where there are none. */
  readonly referenceFingerprint: string | null;
  readonly version: string;
  /** Relative to the project; null where the file was refused. */
  readonly parquetPath: string | null;
  readonly parquetSha256: string | null;
  readonly rows: {
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly blank: number;
  };
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number };
  readonly reportsPath: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Logs one validation; answers its validation_id. */
export async function logValidation(tx: Session, row: NewValidation): Promise<number> {
  const [logged] = await tx.query<{ id: number }>(
    sql`INSERT INTO meta.validation_log (file_id, dataset, period, slice, status, contract_fingerprint,
          reference_fingerprint, tidemark_version, parquet_path, parquet_sha256, rows_read, rows_accepted, rows_rejected,
          rows_blank, errors, warnings, infos, reports_path, run_id, started_at, finished_at)
        VALUES (${row.fileId}, ${row.dataset}, ${row.period}, ${row.slice}, ${row.status}, ${row.contractFingerprint},
          ${row.referenceFingerprint}, ${row.version}, ${row.parquetPath}, ${row.parquetSha256}, ${row.rows.read},
          ${row.rows.accepted}, ${row.rows.rejected}, ${row.rows.blank}, ${row.findings.error}, ${row.findings.warning},
          ${row.findings.info}, ${row.reportsPath}, ${row.runId}, CAST(${timestamp(row.startedAt)} AS TIMESTAMP),
          CAST(${timestamp(row.finishedAt)} AS TIMESTAMP))
        RETURNING validation_id AS "id"`,
  );
  return (logged as { id: number }).id;
}

/** The cleaned file that counts for a target. */
export interface CurrentFile {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly fileId: number;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/** The cleaned Parquet of every current delivery, by dataset, period and slice. */
export function currentFiles(session: Session): Promise<CurrentFile[]> {
  return session.query(
    sql`SELECT c.dataset, c.period, c.slice, c.file_id AS "fileId", v.parquet_path AS "path",
          v.parquet_sha256 AS "sha256", v.rows_accepted AS "rows"
        FROM meta.current_delivery c JOIN meta.validation_log v ON v.validation_id = c.validation_id
        WHERE v.parquet_path IS NOT NULL ORDER BY c.dataset, c.period, c.slice`,
  );
}
