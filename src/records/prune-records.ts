import { type Dataset, isRecordsDataset, type RecordsDataset } from '../domain/dataset.ts';
import { timestamp } from '../ledger/timestamp.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';

/** Promoted records of a dataset that are older than what is kept. */
export interface PrunableRecords {
  readonly dataset: string;
  readonly records: number;
}

/** Counts the records that were promoted before a moment and still have their text, dataset by dataset. */
export async function prunableRecords(
  session: Session,
  datasets: Iterable<Dataset>,
  cut: Date,
): Promise<PrunableRecords[]> {
  const found: PrunableRecords[] = [];
  for (const dataset of await withTable(session, datasets)) {
    const records = await countRows(session, sql`${recordsName(dataset)} AS r WHERE ${isOld(cut)}`);
    if (records > 0) found.push({ dataset: dataset.name, records });
  }
  return found;
}

/**
 * Removes their texts and errors; each row stays, with its marks and with the moment, so that nobody takes the empty text
 * for what was handed over. In the caller's transaction, under the locks of the core tables.
 */
export async function pruneRecords(
  tx: Session,
  datasets: Iterable<Dataset>,
  cut: Date,
  now: Date,
): Promise<PrunableRecords[]> {
  const done: PrunableRecords[] = [];
  for (const dataset of await withTable(tx, datasets)) {
    const records = await tx.execute(
      sql`UPDATE ${recordsName(dataset)} AS r SET raw_data = CAST('null' AS JSON), validation_errors = NULL,
            pruned_at = CAST(${timestamp(now)} AS TIMESTAMP) WHERE ${isOld(cut)}`,
    );
    if (records > 0) done.push({ dataset: dataset.name, records });
  }
  return done;
}

async function withTable(session: Session, datasets: Iterable<Dataset>): Promise<RecordsDataset[]> {
  const found: RecordsDataset[] = [];
  for (const dataset of datasets)
    if (isRecordsDataset(dataset) && (await session.columns(recordsTable(dataset))) !== null)
      found.push(dataset);
  return found;
}

/** One that was only linked keeps its text: where a rollback takes its row away, it is judged again. */
function isOld(cut: Date): Sql {
  return sql`${raw('r.promoted AND r.pruned_at IS NULL')} AND r.promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP)`;
}
