import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Content, hasContent } from './content.ts';
import { newestCorrection } from './corrections.ts';
import { aboutTarget } from './rows.ts';
import { timestamp } from './timestamp.ts';

/** A row of meta.load_log, as far as promotion needs it. */
export interface Load extends Target, Content {
  readonly loadId: number;
  readonly fileId: number;
  /** Relative to the project, forward slashes. */
  readonly parquetPath: string;
  readonly rowsInserted: number;
  /** Rows among these that corrections changed. */
  readonly rowsCorrected: number;
}

export const LOAD = sql`l.load_id AS "loadId", l.dataset, l.period, l.slice, l.file_id AS "fileId",
  l.parquet_sha256 AS "parquetSha256", l.corrections_fingerprint AS "correctionsFingerprint",
  l.parquet_path AS "parquetPath", l.rows_inserted AS "rowsInserted", l.rows_corrected AS "rowsCorrected"`;

/**
 * The loads in stage for a dataset and period: the newest committed load of each slice, in the order of their text. A
 * slice that was unloaded since has none.
 */
export function standingLoads(session: Session, dataset: string, period: string): Promise<Load[]> {
  return session.query(
    sql`SELECT ${LOAD} FROM meta.load_log l
        WHERE l.kind = 'load' AND l.load_id IN (
          SELECT max(n.load_id) FROM meta.load_log n
          WHERE n.dataset = ${dataset} AND n.period = ${period} GROUP BY n.slice)
        ORDER BY l.slice`,
  );
}

export async function standingLoad(session: Session, target: Target): Promise<Load | null> {
  const loads = await standingLoads(session, target.dataset, target.period);
  return loads.find((load) => load.slice === target.slice) ?? null;
}

export interface NewLoad extends Target, Content {
  readonly loadId: number;
  readonly fileId: number;
  readonly validationId: number;
  /** Relative to the project, forward slashes. */
  readonly parquetPath: string;
  /** Rows that corrections changed, and the corrections that did not apply. Default none. */
  readonly rowsCorrected?: number;
  readonly voidCorrections?: readonly number[];
  readonly rowsDeleted: number;
  readonly rowsInserted: number;
  readonly forced: boolean;
  /** `unload` empties its part of stage; file and validation are then those of the load before. Default `load`. */
  readonly kind?: 'load' | 'unload';
  readonly runId: string;
  readonly startedAt: Date;
  readonly loadedAt: Date;
}

/** A number for a load that is about to be written; a load that fails leaves a gap in the numbers. */
export async function nextLoadId(tx: Session): Promise<number> {
  const [row] = await tx.query<{ id: number }>(sql`SELECT nextval('meta.load_id_seq') AS id`);
  return (row as { id: number }).id;
}

const voidText = (numbers: readonly number[] = []) => (numbers.length === 0 ? null : JSON.stringify(numbers));

/** Logs one load, in the transaction that changes the rows. */
export async function logLoad(tx: Session, load: NewLoad): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.load_log (load_id, dataset, period, slice, file_id, validation_id, parquet_path,
          parquet_sha256, corrections_fingerprint, after_correction, rows_corrected, void_corrections, rows_deleted,
          rows_inserted, forced, kind, run_id, started_at, loaded_at)
        VALUES (${load.loadId}, ${load.dataset}, ${load.period}, ${load.slice}, ${load.fileId}, ${load.validationId},
          ${load.parquetPath}, ${load.parquetSha256}, ${load.correctionsFingerprint}, ${newestCorrection(load)}, ${load.rowsCorrected ?? 0},
          ${voidText(load.voidCorrections)}, ${load.rowsDeleted},
          ${load.rowsInserted}, ${load.forced}, ${load.kind ?? 'load'}, ${load.runId},
          CAST(${timestamp(load.startedAt)} AS TIMESTAMP), CAST(${timestamp(load.loadedAt)} AS TIMESTAMP))`,
  );
  await voidApprovals(tx, load);
}

/**
 * The newest row of the load log for a target, whether rows were loaded or unloaded; null where neither ever happened.
 */
export async function newestLoadEntry(
  session: Session,
  target: Target,
): Promise<{
  readonly kind: 'load' | 'unload';
  readonly fileId: number;
  readonly validationId: number;
} | null> {
  const [row] = await session.query<{ kind: 'load' | 'unload'; fileId: number; validationId: number }>(
    sql`SELECT kind, file_id AS "fileId", validation_id AS "validationId" FROM meta.load_log
        WHERE ${aboutTarget(target)}
        ORDER BY load_id DESC LIMIT 1`,
  );
  return row ?? null;
}

/** The number of the newest row of the load log of every target, with the target, as part of a statement. */
export const NEWEST_LOADS = sql`SELECT dataset, period, slice, max(load_id) AS load_id FROM meta.load_log
  GROUP BY dataset, period, slice`;

/** The newest row of the load log for a target, and what it did with the corrections. */
export interface NewestLoad extends Target {
  readonly kind: 'load' | 'unload';
  /** The newest correction of the target at that time, including undos; 0 where there was none. */
  readonly afterCorrection: number;
  /** JSON list of the corrections that did not apply; null where all did. */
  readonly voids: string | null;
}

/** The newest row of the load log of every target. */
export function newestLoads(session: Session): Promise<NewestLoad[]> {
  return session.query(
    sql`SELECT l.dataset, l.period, l.slice, l.kind, l.after_correction AS "afterCorrection", l.void_corrections AS voids
        FROM meta.load_log l JOIN (${NEWEST_LOADS}) AS n ON n.load_id = l.load_id`,
  );
}

async function voidApprovals(tx: Session, load: NewLoad): Promise<void> {
  const same = load.kind === 'unload' ? sql`false` : hasContent('l', load);
  await tx.execute(
    sql`UPDATE meta.approval_log SET void_since = CAST(${timestamp(load.loadedAt)} AS TIMESTAMP),
          void_reason = CASE WHEN (SELECT l.parquet_sha256 FROM meta.load_log l WHERE l.load_id = approval_log.load_id)
              = ${load.kind === 'unload' ? '' : load.parquetSha256}
            THEN 'corrections were made or undone since' ELSE 'other rows were loaded since' END
        WHERE ${aboutTarget(load)}
          AND spent_by IS NULL AND void_reason IS NULL
          AND NOT EXISTS (SELECT 1 FROM meta.load_log l WHERE l.load_id = approval_log.load_id AND ${same})`,
  );
}

/** The newest committed load of a target; null where it was never loaded. */
export async function newestLoadId(session: Session, target: Target): Promise<number | null> {
  const [row] = await session.query<{ id: number | null }>(
    sql`SELECT max(load_id) AS id FROM meta.load_log
        WHERE ${aboutTarget(target)}`,
  );
  return row?.id ?? null;
}
