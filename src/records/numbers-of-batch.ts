import type { RecordsDataset } from '../domain/dataset.ts';
import type { RecordBatch } from '../ledger/record-batches.ts';
import { ident, sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** staging_ids without a gap, both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The staging_ids of a batch, in the order in which its records were handed over. A script may have written rows of the
 * same batch by SQL meanwhile: those are of another moment.
 */
export async function numbersOfBatch(
  session: Session,
  dataset: RecordsDataset,
  batch: RecordBatch,
): Promise<readonly NumberRange[]> {
  const { schema, name } = recordsTable(dataset);
  const table = ident(schema, name);
  const { firstStagingId: first, lastStagingId: last, run, batchId } = batch;
  const own = sql`SELECT staging_id FROM ${table}
    WHERE staging_id BETWEEN ${first} AND ${last} AND run_id = ${run} AND batch_id = ${batchId}
      AND created_at = (SELECT created_at FROM ${table} WHERE staging_id = ${first})`;
  return session.query<{ first: number; last: number }>(
    sql`SELECT min(staging_id) AS first, max(staging_id) AS last
        FROM (SELECT staging_id, staging_id - row_number() OVER (ORDER BY staging_id) AS island
              FROM (${own}) AS own) AS numbered
        GROUP BY island ORDER BY 1`,
  );
}

export function eachNumber(ranges: readonly NumberRange[]): number[] {
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
}
