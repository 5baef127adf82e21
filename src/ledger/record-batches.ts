import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { firstRow } from './rows.ts';
import { timestamp } from './timestamp.ts';

/** What names a batch of records that a script handed over. */
export interface BatchName {
  readonly dataset: string;
  /** The script's run. */
  readonly run: string;
  readonly batchId: string;
}

export interface RecordBatch extends BatchName {
  readonly records: number;
  /** Of the records and of who handed them over. */
  readonly sha256: string;
  readonly firstStagingId: number;
  readonly lastStagingId: number;
}

/** The batch of that name; null where it was never handed over. */
export async function findBatch(session: Session, name: BatchName): Promise<RecordBatch | null> {
  const { dataset, run, batchId } = name;
  const found = await firstRow<Omit<RecordBatch, keyof BatchName>>(
    session,
    sql`SELECT records, content_sha256 AS sha256, first_staging_id AS "firstStagingId",
          last_staging_id AS "lastStagingId"
        FROM meta.record_batch WHERE dataset = ${dataset} AND run_id = ${run} AND batch_id = ${batchId}`,
  );
  return found === null ? null : { ...name, ...found };
}

/**
 * Logs a batch in the transaction that stores its records. Where a transaction that does not see it yet logged the same
 * name, the database ends this one as a conflict; run again, it finds the batch.
 */
export async function logBatch(tx: Session, batch: RecordBatch & { readonly at: Date }): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.record_batch (dataset, run_id, batch_id, records, content_sha256, first_staging_id,
          last_staging_id, submitted_at)
        VALUES (${batch.dataset}, ${batch.run}, ${batch.batchId}, ${batch.records}, ${batch.sha256},
          ${batch.firstStagingId}, ${batch.lastStagingId}, CAST(${timestamp(batch.at)} AS TIMESTAMP))
        ON CONFLICT DO NOTHING`,
  );
}
