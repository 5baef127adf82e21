import { parseSlice, type Slice } from '../domain/slice.ts';
import { type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

export type DeliveryStatus = 'accepted' | 'refused' | 'duplicate' | 'superseded' | 'withdrawn';

/** A row of meta.ingestion_log. */
export interface Delivery {
  readonly fileId: number;
  readonly dataset: string | null;
  readonly period: string | null;
  /** Canonical slice text; '' for none. */
  readonly slice: string;
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly version: string | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly mtime: string | null;
  readonly sheet: string | null;
  readonly headerRow: number | null;
  /** JSON texts. */
  readonly headersFound: string | null;
  readonly headersMapped: string | null;
  readonly status: DeliveryStatus;
  /** For a duplicate: the delivery whose bytes it repeats. */
  readonly duplicateOf: number | null;
  /** For a reply: the delivery whose cells it corrects. */
  readonly replyTo: number | null;
  readonly findingCount: number;
  readonly findings: string | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** A row of meta.validation_log, as far as other steps need it. */
export interface Validation {
  readonly validationId: number;
  readonly fileId: number;
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
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

/** Dataset, period and slice: the part of the data that a delivery replaces. */
export interface Target {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
}

const DELIVERY = sql`file_id AS "fileId", dataset, period, slice, path, version, sha256, bytes, mtime, sheet,
  header_row AS "headerRow", headers_found AS "headersFound", headers_mapped AS "headersMapped", status,
  duplicate_of AS "duplicateOf", reply_to AS "replyTo", finding_count AS "findingCount", findings, run_id AS "runId",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

const VALIDATION = sql`validation_id AS "validationId", file_id AS "fileId", dataset, period, slice, status,
  contract_fingerprint AS "contractFingerprint", reference_fingerprint AS "referenceFingerprint",
  tidemark_version AS "version", parquet_path AS "parquetPath", parquet_sha256 AS "parquetSha256",
  rows_read AS "rowsRead", rows_accepted AS "rowsAccepted", rows_rejected AS "rowsRejected",
  errors, warnings, infos, reports_path AS "reportsPath"`;

function about(target: Target): Sql {
  return sql`dataset = ${target.dataset} AND period = ${target.period} AND slice = ${target.slice}`;
}

async function first<T extends object>(session: Session, statement: Sql): Promise<T | null> {
  return (await session.query<T>(statement))[0] ?? null;
}

export function deliveryById(session: Session, fileId: number): Promise<Delivery | null> {
  return first(session, sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE file_id = ${fileId}`);
}

/** The numbers of a period's deliveries that were withdrawn. */
export async function withdrawnFiles(
  session: Session,
  dataset: string,
  period: string,
): Promise<ReadonlySet<number>> {
  const rows = await session.query<{ fileId: number }>(
    sql`SELECT file_id AS "fileId" FROM meta.ingestion_log
        WHERE dataset = ${dataset} AND period = ${period} AND status = 'withdrawn'`,
  );
  return new Set(rows.map((row) => row.fileId));
}

/** The last log entry of a landed path, whatever its outcome was. */
export function lastLoggedForPath(session: Session, path: string): Promise<Delivery | null> {
  return first(
    session,
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE path = ${path} ORDER BY file_id DESC LIMIT 1`,
  );
}

/** Every logged delivery of a target, oldest first. */
export function deliveriesOf(session: Session, target: Target): Promise<Delivery[]> {
  return session.query(
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE ${about(target)} ORDER BY file_id`,
  );
}

/**
 * The newest delivery that counts: not a withdrawn one; a duplicate means the delivery whose bytes it repeats, and is
 * withdrawn with it. Null where nothing landed.
 */
export async function newestDelivery(session: Session, target: Target): Promise<Delivery | null> {
  const newest = await first<Delivery>(
    session,
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE ${about(target)} AND status <> 'withdrawn'
          AND (duplicate_of IS NULL
            OR duplicate_of NOT IN (SELECT w.file_id FROM meta.ingestion_log w WHERE w.status = 'withdrawn'))
        ORDER BY file_id DESC LIMIT 1`,
  );
  if (newest?.status !== 'duplicate' || newest.duplicateOf === null) return newest;
  return deliveryById(session, newest.duplicateOf);
}

/** The newest delivery of a target, other than `except`, that passed validation and was not withdrawn. */
export async function newestPassed(
  session: Session,
  target: Target,
  except: number,
): Promise<Validation | null> {
  return first(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE validation_id = (
          SELECT max(v.validation_id) FROM meta.validation_log v WHERE v.status = 'passed' AND v.file_id = (
            SELECT max(i.file_id) FROM meta.ingestion_log i
            WHERE i.dataset = ${target.dataset} AND i.period = ${target.period} AND i.slice = ${target.slice}
              AND i.status <> 'withdrawn' AND i.file_id <> ${except}
              AND EXISTS (SELECT 1 FROM meta.validation_log p WHERE p.file_id = i.file_id AND p.status = 'passed')))`,
  );
}

/** Accepted at the gate and never validated, oldest first. */
export function unvalidatedDeliveries(session: Session, target: Target): Promise<Delivery[]> {
  return session.query(
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log i WHERE ${about(target)} AND status IN ('accepted', 'superseded')
        AND NOT EXISTS (SELECT 1 FROM meta.validation_log v WHERE v.file_id = i.file_id) ORDER BY file_id`,
  );
}

export interface CurrentDelivery extends Target {
  readonly fileId: number;
  readonly validationId: number;
  readonly since: string;
}

/**
 * The delivery that counts for a target: the newest that passed validation, or an older one that was made current
 * again.
 */
export function currentDelivery(session: Session, target: Target): Promise<CurrentDelivery | null> {
  return first(
    session,
    sql`SELECT dataset, period, slice, file_id AS "fileId", validation_id AS "validationId", since
        FROM meta.current_delivery WHERE ${about(target)}`,
  );
}

export function latestValidation(session: Session, fileId: number): Promise<Validation | null> {
  return first(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE file_id = ${fileId} ORDER BY validation_id DESC LIMIT 1`,
  );
}

/** The newest validation of a delivery that passed, even where a later one under other rules did not. */
export function latestPassedValidation(session: Session, fileId: number): Promise<Validation | null> {
  return first(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE file_id = ${fileId} AND status = 'passed'
        ORDER BY validation_id DESC LIMIT 1`,
  );
}

export function validationById(session: Session, validationId: number): Promise<Validation | null> {
  return first(
    session,
    sql`SELECT ${VALIDATION} FROM meta.validation_log WHERE validation_id = ${validationId}`,
  );
}

/** The slices of a dataset and period that were ever logged, in the order of their text. */
export async function slicesOf(session: Session, dataset: string, period: string): Promise<Slice[]> {
  const rows = await session.query<{ slice: string }>(
    sql`SELECT DISTINCT slice FROM meta.ingestion_log WHERE dataset = ${dataset} AND period = ${period} ORDER BY slice`,
  );
  return rows.map((row) => parseSlice(row.slice));
}

/**
 * The slices of a dataset with a delivery that counts, counted or is still to be validated, in any period. A slice
 * whose deliveries were all refused has no rows anywhere.
 */
export async function deliveredSlices(session: Session, dataset: string): Promise<string[]> {
  const rows = await session.query<{ slice: string }>(
    sql`SELECT DISTINCT slice FROM meta.ingestion_log i
        WHERE dataset = ${dataset} AND status IN ('accepted', 'superseded') AND (
          NOT EXISTS (SELECT 1 FROM meta.validation_log v WHERE v.file_id = i.file_id)
          OR EXISTS (SELECT 1 FROM meta.validation_log v WHERE v.file_id = i.file_id AND v.status = 'passed'))
        ORDER BY slice`,
  );
  return rows.map((row) => row.slice);
}

/** The lock of a caller that may bring a new slice of a dataset. */
export function slicesLock(dataset: string): string {
  return `slices:${dataset}`;
}

export type NewDelivery = Omit<Delivery, 'fileId' | 'findingCount' | 'replyTo'> & {
  readonly replyTo?: number | null;
  readonly findingCount: number;
  readonly sameBytesReason: string | null;
  /** Who gave that reason. Default nobody. */
  readonly sameBytesBy?: string | null;
};

/** Logs one attempt at the gate; returns its file_id. */
export async function logDelivery(tx: Session, row: NewDelivery): Promise<number> {
  const [logged] = await tx.query<{ fileId: number }>(
    sql`INSERT INTO meta.ingestion_log (dataset, period, slice, path, version, sha256, bytes, mtime, sheet, header_row,
          headers_found, headers_mapped, status, duplicate_of, reply_to, same_bytes_reason, same_bytes_by, finding_count, findings, run_id,
          started_at, finished_at)
        VALUES (${row.dataset}, ${row.period}, ${row.slice}, ${row.path}, ${row.version}, ${row.sha256}, ${row.bytes},
          CAST(${row.mtime} AS TIMESTAMP), ${row.sheet}, ${row.headerRow}, ${row.headersFound}, ${row.headersMapped},
          ${row.status}, ${row.duplicateOf}, ${row.replyTo ?? null}, ${row.sameBytesReason}, ${row.sameBytesBy ?? null}, ${row.findingCount}, ${row.findings}, ${row.runId},
          CAST(${row.startedAt} AS TIMESTAMP), CAST(${row.finishedAt} AS TIMESTAMP))
        RETURNING file_id AS "fileId"`,
  );
  return (logged as { fileId: number }).fileId;
}

/** Makes a validated delivery the current one and the one before `superseded`; in the caller's transaction and lock. */
export async function makeCurrent(
  tx: Session,
  target: Target,
  chosen: { readonly fileId: number; readonly validationId: number },
  at: { readonly now: Date; readonly runId: string },
): Promise<void> {
  const now = timestamp(at.now);
  const before = await currentDelivery(tx, target);
  if (before === null) {
    await tx.execute(
      sql`INSERT INTO meta.current_delivery (dataset, period, slice, file_id, validation_id, since, run_id)
          VALUES (${target.dataset}, ${target.period}, ${target.slice}, ${chosen.fileId}, ${chosen.validationId},
            CAST(${now} AS TIMESTAMP), ${at.runId})`,
    );
  } else {
    await tx.execute(
      sql`UPDATE meta.current_delivery SET file_id = ${chosen.fileId}, validation_id = ${chosen.validationId},
            since = CAST(${now} AS TIMESTAMP), run_id = ${at.runId} WHERE ${about(target)}`,
    );
  }
  if (before !== null && before.fileId !== chosen.fileId) await setStatus(tx, before.fileId, 'superseded');
  await setStatus(tx, chosen.fileId, 'accepted');
}

/** Leaves a target without a current delivery. */
export async function clearCurrent(tx: Session, target: Target): Promise<void> {
  await tx.execute(sql`DELETE FROM meta.current_delivery WHERE ${about(target)}`);
}

export async function setStatus(tx: Session, fileId: number, status: DeliveryStatus): Promise<void> {
  await tx.execute(
    sql`UPDATE meta.ingestion_log SET status = ${status} WHERE file_id = ${fileId} AND status <> ${status}`,
  );
}

/** A moment in the form of the log tables: UTC, no zone. */
export function timestamp(moment: Date): string {
  return moment.toISOString().replace('Z', '');
}

/** The lock that ingest, validate and load-stage of one target share. */
export function targetLock(target: Target): string {
  return `load:${target.dataset}:${target.period}:${target.slice}`;
}
