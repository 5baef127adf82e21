import { type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import { newestOfRecords } from '../ledger/promotions.ts';
import { sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';

/** What is to be done about the records of a dataset, and its newest promotion that still counts. */
export interface RecordsLine {
  readonly dataset: string;
  readonly state: 'waiting' | 'failed' | 'held' | 'promoted';
  /** Records that the next promotion judges. */
  readonly waiting: number;
  /** Records whose faults somebody has to look at. */
  readonly failed: number;
  /** Records that a rollback took back. */
  readonly held: number;
  readonly promotionId: number | null;
  readonly promotedAt: string | null;
}

/** A line for every dataset that takes records, or for one of them. */
export async function recordsBoard(
  session: Session,
  datasets: Iterable<Dataset>,
  only: string | null,
): Promise<RecordsLine[]> {
  const lines: RecordsLine[] = [];
  for (const dataset of datasets) {
    if (!isRecordsDataset(dataset) || (only !== null && dataset.name !== only)) continue;
    const isThere = (await session.columns(recordsTable(dataset))) !== null;
    // The many records that are promoted are not read: an index lists the others.
    const [found] = isThere
      ? await session.query<Record<'waiting' | 'failed' | 'held', number>>(
          sql`SELECT count(CASE WHEN r.waits AND NOT r.failed AND r.held_by IS NULL THEN 1 END) AS waiting,
                count(CASE WHEN r.failed AND r.held_by IS NULL THEN 1 END) AS failed, count(r.held_by) AS held
              FROM ${recordsName(dataset)} AS r WHERE NOT r.promoted`,
        )
      : [];
    const of = (name: 'waiting' | 'failed' | 'held') => Number(found?.[name] ?? 0);
    const counts = { waiting: of('waiting'), failed: of('failed'), held: of('held') };
    const state = (['waiting', 'failed', 'held'] as const).find((name) => counts[name] > 0);
    const newest = await newestOfRecords(session, dataset.name);
    lines.push({
      ...{ dataset: dataset.name, ...counts },
      state: state ?? (newest === null ? 'waiting' : 'promoted'),
      ...{ promotionId: newest?.promotionId ?? null, promotedAt: newest?.promotedAt ?? null },
    });
  }
  return lines;
}
