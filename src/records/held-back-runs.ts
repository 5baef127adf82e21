import type { RecordsDataset } from '../domain/dataset.ts';
import { allowedOf } from '../domain/threshold.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, recordsName } from './batch.ts';

/** Runs of which more records failed than the dataset accepts; their good records wait. */
export interface HeldBack {
  readonly runs: readonly string[];
  /** Temporary table of the `staging_id` of their good records; null: there are no such runs. */
  readonly rows: Sql | null;
  /** Rows of good records without those of these runs. */
  without(good: Sql): Promise<Sql>;
}

export const NONE_HELD_BACK: HeldBack = { runs: [], rows: null, without: async (good) => good };

/** Each run counts by itself, with all of its records, whenever they were judged. */
export async function heldBackRuns(
  session: Session,
  scratch: SessionTables,
  dataset: RecordsDataset,
  { batch, failed, good }: { readonly batch: Batch; readonly failed: Sql; readonly good: Sql },
): Promise<HeldBack> {
  const limit = dataset.accept.maxRejected;
  if (limit.kind === 'share' && limit.value >= 1) return NONE_HELD_BACK;
  const counts = await session.query<{ run: string; submitted: number; bad: number }>(
    sql`SELECT r.run_id AS run, count(*) AS submitted,
          count(CASE WHEN f.staging_id IS NOT NULL OR (r.failed AND b.staging_id IS NULL) THEN 1 END) AS bad
        FROM ${recordsName(dataset)} AS r
          LEFT JOIN ${batch.table} AS b ON b.staging_id = r.staging_id
          LEFT JOIN ${failed} AS f ON f.staging_id = r.staging_id
        WHERE r.run_id IN (SELECT DISTINCT run_id FROM ${batch.table}) GROUP BY r.run_id ORDER BY r.run_id`,
  );
  const runs = counts
    .filter(({ submitted, bad }) => Number(bad) > allowedOf(limit, Number(submitted)))
    .map(({ run }) => run);
  if (runs.length === 0) return NONE_HELD_BACK;
  const ofRuns = sql`SELECT b.staging_id FROM ${batch.table} AS b WHERE b.run_id IN (${join(runs.map((run) => sql`${run}`))})`;
  const rows = await scratch.create(
    'held_back',
    sql`SELECT staging_id FROM ${good} WHERE staging_id IN (${ofRuns})`,
  );
  const without = (all: Sql) =>
    scratch.create(
      'kept',
      sql`SELECT * FROM ${all} AS g WHERE NOT EXISTS (SELECT 1 FROM ${rows} AS h WHERE h.staging_id = g.staging_id)`,
    );
  return { runs, rows, without };
}
