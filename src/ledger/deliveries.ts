import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { aboutTarget, firstRow } from './rows.ts';
import { mayHavePassed } from './validations.ts';

/** `refused` is a refusal at the gate; those of validations are in their own log. */
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

/** The columns of a `Delivery`, of meta.ingestion_log. */
export const DELIVERY = sql`file_id AS "fileId", dataset, period, slice, path, version, sha256, bytes, mtime, sheet,
  header_row AS "headerRow", headers_found AS "headersFound", headers_mapped AS "headersMapped", status,
  duplicate_of AS "duplicateOf", reply_to AS "replyTo", finding_count AS "findingCount", findings, run_id AS "runId",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

export function deliveryById(session: Session, fileId: number): Promise<Delivery | null> {
  return firstRow(session, sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE file_id = ${fileId}`);
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
  return firstRow(
    session,
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE path = ${path} ORDER BY file_id DESC LIMIT 1`,
  );
}

/** Every logged delivery of a target, oldest first. */
export function deliveriesOf(session: Session, target: Target): Promise<Delivery[]> {
  return session.query(
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE ${aboutTarget(target)} ORDER BY file_id`,
  );
}

/**
 * The condition that a row of meta.ingestion_log counts, as part of a statement: it was not withdrawn, and what it is a
 * duplicate of was not either.
 */
export const COUNTS = sql`status <> 'withdrawn' AND (duplicate_of IS NULL
  OR duplicate_of NOT IN (SELECT w.file_id FROM meta.ingestion_log w WHERE w.status = 'withdrawn'))`;

/**
 * The newest delivery that counts; a duplicate means the delivery whose bytes it repeats. Null where nothing landed.
 */
export async function newestDelivery(session: Session, target: Target): Promise<Delivery | null> {
  const newest = await firstRow<Delivery>(
    session,
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log WHERE ${aboutTarget(target)} AND ${COUNTS} ORDER BY file_id DESC LIMIT 1`,
  );
  if (newest?.status !== 'duplicate' || newest.duplicateOf === null) return newest;
  return deliveryById(session, newest.duplicateOf);
}

/**
 * The slices of a dataset with a delivery that counts, counted or is still to be validated, in any period. A slice
 * whose deliveries were all refused has no rows anywhere.
 */
export async function deliveredSlices(session: Session, dataset: string): Promise<string[]> {
  const rows = await session.query<{ slice: string }>(
    sql`SELECT DISTINCT slice FROM meta.ingestion_log i
        WHERE dataset = ${dataset} AND status IN ('accepted', 'superseded') AND ${mayHavePassed('i')}
        ORDER BY slice`,
  );
  return rows.map((row) => row.slice);
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

export async function setStatus(tx: Session, fileId: number, status: DeliveryStatus): Promise<void> {
  await tx.execute(
    sql`UPDATE meta.ingestion_log SET status = ${status} WHERE file_id = ${fileId} AND status <> ${status}`,
  );
}
