import { type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Target, timestamp } from './deliveries.ts';

/** A new row of meta.validation_log. */
export interface NewValidation {
  readonly fileId: number;
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly status: 'passed' | 'refused';
  readonly contractFingerprint: string;
  /** JSON text of the deliveries against which foreign keys were checked; null where there are none. */
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

/** Logs one validation; returns its validation_id. */
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

/** Current deliveries of a dataset whose cleaned rows stage does not hold yet, without those that were unloaded. */
export function waitingFiles(session: Session, dataset: string): Promise<CurrentFile[]> {
  return session.query(
    sql`SELECT c.dataset, c.period, c.slice, c.file_id AS "fileId", v.parquet_path AS "path",
          v.parquet_sha256 AS "sha256", v.rows_accepted AS "rows"
        FROM meta.current_delivery c JOIN meta.validation_log v ON v.validation_id = c.validation_id
        LEFT JOIN meta.load_log l ON l.load_id = (
          SELECT max(n.load_id) FROM meta.load_log n
          WHERE n.dataset = c.dataset AND n.period = c.period AND n.slice = c.slice)
        WHERE c.dataset = ${dataset} AND v.parquet_path IS NOT NULL
          AND (l.load_id IS NULL OR (l.kind = 'load' AND l.parquet_sha256 <> v.parquet_sha256))
        ORDER BY c.period, c.slice`,
  );
}

/** The counts of a validation, and where its reports are. */
export interface EarlierReport {
  readonly fileId: number;
  readonly period: string;
  readonly errors: number;
  readonly warnings: number;
  /** Relative to the project. */
  readonly reportsPath: string;
}

/** The newest delivery of a target before `fileId` that was validated and not withdrawn; null where there is none. */
export async function lastValidatedBefore(
  session: Session,
  target: Target,
  fileId: number,
): Promise<EarlierReport | null> {
  const [found] = await session.query<EarlierReport>(
    sql`SELECT v.file_id AS "fileId", v.period, v.errors, v.warnings, v.reports_path AS "reportsPath"
        FROM meta.validation_log v JOIN meta.ingestion_log i ON i.file_id = v.file_id
        WHERE v.dataset = ${target.dataset} AND v.period = ${target.period} AND v.slice = ${target.slice}
          AND v.file_id < ${fileId} AND i.status <> 'withdrawn' AND v.reports_path IS NOT NULL
        ORDER BY v.file_id DESC, v.validation_id DESC LIMIT 1`,
  );
  return found ?? null;
}

/** The validation of the current delivery of the nearest earlier period, same dataset and slice; null where there is none. */
export async function lastPeriodBefore(session: Session, target: Target): Promise<EarlierReport | null> {
  const [found] = await session.query<EarlierReport>(
    sql`SELECT v.file_id AS "fileId", c.period, v.errors, v.warnings, v.reports_path AS "reportsPath"
        FROM meta.current_delivery c JOIN meta.validation_log v ON v.validation_id = c.validation_id
        WHERE c.dataset = ${target.dataset} AND c.slice = ${target.slice} AND c.period < ${target.period}
          AND v.reports_path IS NOT NULL
        ORDER BY c.period DESC LIMIT 1`,
  );
  return found ?? null;
}

/** The number of the newest validation of a target, as part of a statement; 0 where there is none. */
export function newestValidation(target: Target): Sql {
  return sql`coalesce((SELECT max(n.validation_id) FROM meta.validation_log n WHERE n.dataset = ${target.dataset}
    AND n.period = ${target.period} AND n.slice = ${target.slice}), 0)`;
}
