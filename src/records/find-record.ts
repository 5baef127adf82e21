import type { RecordsDataset } from '../domain/dataset.ts';
import { sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';
import { type RecordState, STATE_OF_RECORD } from './record-state.ts';

/** A record as it is in the staging table; times are UTC. */
export interface StoredRecord {
  readonly staging_id: number;
  readonly state: RecordState;
  readonly run: string;
  readonly actor: string;
  readonly interaction: string | null;
  readonly batch_id: string | null;
  readonly submit_key: string | null;
  readonly submitted_by: string | null;
  readonly created_at: string;
  readonly attempt: number;
  readonly validated: boolean;
  /** The next promotion judges it. */
  readonly waits: boolean;
  readonly promoted_at: string | null;
  readonly promotion_id: number | null;
  readonly held_by: number | null;
  /** A rollback changed the row that it made, or was linked to. */
  readonly was_rolled_back: boolean;
  /** When its text was removed; null: it is there. */
  readonly pruned_at: string | null;
  readonly raw_data: string;
  readonly validation_errors: string | null;
  readonly promoted_to: string | null;
}

/** One record by its number; null where there is none. */
export async function findRecord(
  session: Session,
  dataset: RecordsDataset,
  stagingId: number,
): Promise<StoredRecord | null> {
  if ((await session.columns(recordsTable(dataset))) === null) return null;
  const [found] = await session.query<StoredRecord>(
    sql`SELECT r.staging_id, ${STATE_OF_RECORD} AS state, r.run_id AS run, r.actor, r.interaction, r.batch_id, r.submit_key,
          r.submitted_by, r.created_at, r.attempt, r.validated, r.waits, r.promoted_at, r.promotion_id, r.held_by,
          r.taken_back IS NOT NULL AS was_rolled_back, r.pruned_at,
          CAST(r.raw_data AS VARCHAR) AS raw_data, CAST(r.validation_errors AS VARCHAR) AS validation_errors,
          CAST(r.promoted_to AS VARCHAR) AS promoted_to
        FROM ${recordsName(dataset)} AS r WHERE r.staging_id = ${stagingId}`,
  );
  return found ?? null;
}
