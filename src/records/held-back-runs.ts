import type { RecordsDataset } from '../domain/dataset.ts';
import { allowedOf } from '../domain/threshold.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, recordsName } from './batch.ts';

/**
 * The runs of a batch of which more records failed than the dataset accepts. Each run counts by itself, with all of its
 * records, whenever they were judged.
 */
export async function heldBackRuns(
  session: Session,
  dataset: RecordsDataset,
  { batch, failed, refused }: { readonly batch: Batch; readonly failed: Sql; readonly refused: Sql | null },
): Promise<readonly string[]> {
  const limit = dataset.accept.maxRejected;
  if (limit.kind === 'share' && limit.value >= 1) return [];
  const known = refused === null ? raw('') : sql` UNION ALL SELECT staging_id FROM ${refused}`;
  const counts = await session.query<{ run: string; submitted: number; bad: number }>(
    sql`SELECT r.run_id AS run, count(*) AS submitted,
          count(CASE WHEN f.staging_id IS NOT NULL OR (r.failed AND b.staging_id IS NULL) THEN 1 END) AS bad
        FROM ${recordsName(dataset)} AS r
          LEFT JOIN ${batch.table} AS b ON b.staging_id = r.staging_id
          LEFT JOIN (SELECT staging_id FROM ${failed}${known}) AS f ON f.staging_id = r.staging_id
        WHERE r.run_id IN (SELECT DISTINCT run_id FROM ${batch.table}) GROUP BY r.run_id ORDER BY r.run_id`,
  );
  return counts
    .filter(({ submitted, bad }) => Number(bad) > allowedOf(limit, Number(submitted)))
    .map(({ run }) => run);
}
