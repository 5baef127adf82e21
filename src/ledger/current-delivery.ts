import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { setStatus } from './deliveries.ts';
import { aboutTarget, firstRow } from './rows.ts';
import { timestamp } from './timestamp.ts';

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
  return firstRow(
    session,
    sql`SELECT dataset, period, slice, file_id AS "fileId", validation_id AS "validationId", since
        FROM meta.current_delivery WHERE ${aboutTarget(target)}`,
  );
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
            since = CAST(${now} AS TIMESTAMP), run_id = ${at.runId} WHERE ${aboutTarget(target)}`,
    );
  }
  if (before !== null && before.fileId !== chosen.fileId) await setStatus(tx, before.fileId, 'superseded');
  await setStatus(tx, chosen.fileId, 'accepted');
}

/** Leaves a target without a current delivery. */
export async function clearCurrent(tx: Session, target: Target): Promise<void> {
  await tx.execute(sql`DELETE FROM meta.current_delivery WHERE ${aboutTarget(target)}`);
}

/** The cleaned file that counts for a target. */
export interface CurrentFile extends Target {
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
