import type { Target } from '../domain/target.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { aboutTarget, firstRow } from './rows.ts';
import { timestamp } from './timestamp.ts';

/** A row of meta.validation_log, as far as other steps need it. */
export interface Validation extends Target {
  readonly validationId: number;
  readonly fileId: number;
  readonly status: 'passed' | 'refused';
  readonly contractFingerprint: string;
  readonly referenceFingerprint: string | null;
  readonly version: string;
  readonly parquetPath: string | null;
  readonly parquetSha256: string | null;
  readonly rowsRead: number | null;
  readonly rowsAccepted: number | null;
  readonly rowsRejected: number | null;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly reportsPath: string | null;
}

const VALIDATION = sql`validation_id AS "validationId", file_id AS "fileId", dataset, period, slice, status,
  contract_fingerprint AS "contractFingerprint", reference_fingerprint AS "referenceFingerprint",
  tidemark_version AS "version", parquet_path AS "parquetPath", parquet_sha256 AS "parquetSha256",
  rows_read AS "rowsRead", rows_accepted AS "rowsAccepted", rows_rejected AS "rowsRejected",
  errors, warnings, infos, reports_path AS "reportsPath"`;

/** The newest delivery of a target, other than `except`, that passed validation and was not withdrawn. */
export async function newestPassed(
  session: Session,
  target: Target,
  except: number,
): Promise<Validation | null> {
  return firstRow(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE validation_id = (
          SELECT max(v.validation_id) FROM meta.validation_log v WHERE v.status = 'passed' AND v.file_id = (
            SELECT max(i.file_id) FROM meta.ingestion_log i
            WHERE ${aboutTarget(target, 'i')}
              AND i.status <> 'withdrawn' AND i.file_id <> ${except}
              AND EXISTS (SELECT 1 FROM meta.validation_log p WHERE p.file_id = i.file_id AND p.status = 'passed')))`,
  );
}

export function latestValidation(session: Session, fileId: number): Promise<Validation | null> {
  return firstRow(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE file_id = ${fileId} ORDER BY validation_id DESC LIMIT 1`,
  );
}

/** The newest validation of a delivery that passed, even where a later one under other rules did not. */
export function latestPassedValidation(session: Session, fileId: number): Promise<Validation | null> {
  return firstRow(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE file_id = ${fileId} AND status = 'passed'
        ORDER BY validation_id DESC LIMIT 1`,
  );
}

export function validationById(session: Session, validationId: number): Promise<Validation | null> {
  return firstRow(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE validation_id = ${validationId}`,
  );
}

/** A new row of meta.validation_log. */
export interface NewValidation extends Target {
  readonly fileId: number;
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
        WHERE ${aboutTarget(target, 'v')}
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
  return sql`coalesce((SELECT max(n.validation_id) FROM meta.validation_log n WHERE ${aboutTarget(target, 'n')}), 0)`;
}

/** The condition that a row of meta.ingestion_log (`alias`) was never validated, as part of a statement. */
export function neverValidated(alias: string): Sql {
  return sql`NOT EXISTS (SELECT 1 FROM meta.validation_log v WHERE v.file_id = ${raw(alias)}.file_id)`;
}

/** The condition that it passed validation once, or was never validated; a part of a statement. */
export function mayHavePassed(alias: string): Sql {
  return sql`(${neverValidated(alias)} OR EXISTS (
    SELECT 1 FROM meta.validation_log v WHERE v.file_id = ${raw(alias)}.file_id AND v.status = 'passed'))`;
}
