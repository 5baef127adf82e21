import type { RecordsDataset } from '../domain/dataset.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';
import { type RecordState, STATE_OF_RECORD } from './record-state.ts';

/** A record with its text, to be read. */
export interface RecordText {
  readonly stagingId: number;
  readonly run: string;
  readonly state: RecordState;
  readonly attempt: number;
  /** Of all attempts, as JSON; null: none. */
  readonly errors: string | null;
  readonly text: string;
}

/** Records whose sizes are asked for at once, and characters of them that are read at once. */
const PAGE = 10_000;
const PORTION = 8_000_000;

/** Records, as `r`, that meet a condition, in the order of their numbers, in portions that fit into memory. */
export async function* storedRecords(
  session: Session,
  dataset: RecordsDataset,
  which: Sql,
): AsyncGenerator<readonly RecordText[]> {
  const from = sql`FROM ${recordsName(dataset)} AS r WHERE (${which})`;
  for (let after = 0; ; ) {
    const page = await session.query<{ id: number; size: number }>(
      sql`SELECT r.staging_id AS id, length(CAST(r.raw_data AS VARCHAR)) AS size ${from} AND r.staging_id > ${after}
          ORDER BY r.staging_id LIMIT ${raw(String(PAGE))}`,
    );
    const last = page.at(-1);
    if (last === undefined) return;
    for (const to of endsOfPortions(page)) {
      yield await session.query<RecordText>(
        sql`SELECT r.staging_id AS "stagingId", r.run_id AS run, ${STATE_OF_RECORD} AS state, r.attempt,
              CAST(r.validation_errors AS VARCHAR) AS errors, CAST(r.raw_data AS VARCHAR) AS text
            ${from} AND r.staging_id > ${after} AND r.staging_id <= ${to} ORDER BY r.staging_id`,
      );
      after = to;
    }
  }
}

function endsOfPortions(page: readonly { readonly id: number; readonly size: number }[]): number[] {
  const ends: number[] = [];
  let size = 0;
  for (const [i, one] of page.entries()) {
    size += one.size;
    const next = page[i + 1];
    if (next !== undefined && size + next.size <= PORTION) continue;
    ends.push(one.id);
    size = 0;
  }
  return ends;
}
