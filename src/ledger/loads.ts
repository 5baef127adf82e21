import { sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Target, timestamp } from './deliveries.ts';

export interface NewLoad extends Target {
  readonly loadId: number;
  readonly fileId: number;
  readonly validationId: number;
  /** Relative to the project, forward slashes. */
  readonly parquetPath: string;
  readonly parquetSha256: string;
  readonly correctionsFingerprint: string | null;
  readonly rowsDeleted: number;
  readonly rowsInserted: number;
  readonly forced: boolean;
  readonly runId: string;
  readonly startedAt: Date;
  readonly loadedAt: Date;
}

/** A number for a load that is about to be written; a load that fails leaves a gap. */
export async function nextLoadId(tx: Session): Promise<number> {
  const [row] = await tx.query<{ id: number }>(sql`SELECT nextval('meta.load_id_seq') AS id`);
  return (row as { id: number }).id;
}

/** Logs one load, in the transaction that changes the rows. */
export async function logLoad(tx: Session, load: NewLoad): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.load_log (load_id, dataset, period, slice, file_id, validation_id, parquet_path,
          parquet_sha256, corrections_fingerprint, rows_deleted, rows_inserted, forced, run_id, started_at, loaded_at)
        VALUES (${load.loadId}, ${load.dataset}, ${load.period}, ${load.slice}, ${load.fileId}, ${load.validationId},
          ${load.parquetPath}, ${load.parquetSha256}, ${load.correctionsFingerprint}, ${load.rowsDeleted},
          ${load.rowsInserted}, ${load.forced}, ${load.runId}, CAST(${timestamp(load.startedAt)} AS TIMESTAMP),
          CAST(${timestamp(load.loadedAt)} AS TIMESTAMP))`,
  );
}
