import type { RecordsDataset } from '../domain/dataset.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';
import { LACKS_PARENT, RECORD_STATES, type RecordState, STATE_OF_RECORD } from './record-state.ts';

/** How many records of a script's run have which state; the counts of the states add up to `submitted`. */
export interface RunOfRecords extends Readonly<Record<RecordState, number>> {
  readonly dataset: string;
  readonly run: string;
  readonly submitted: number;
  /** Of the failed ones, those for which only the row that they refer to is missing. */
  readonly lacking_parent: number;
  /** When the oldest of the waiting ones was handed over, in UTC; null: none waits. */
  readonly oldest_waiting: string | null;
}

/** The records of a dataset by run, in the order in which the runs began. None where the table is not made yet. */
export async function recordsByRun(
  session: Session,
  dataset: RecordsDataset,
  run: string | null,
): Promise<readonly RunOfRecords[]> {
  if ((await session.columns(recordsTable(dataset))) === null) return [];
  const only = run === null ? raw('') : sql`WHERE r.run_id = ${run}`;
  const counts = RECORD_STATES.map((state) => sql`${count(sql`state = ${state}`)} AS ${ident(state)}`);
  return session.query<RunOfRecords>(
    sql`SELECT CAST(${dataset.name} AS VARCHAR) AS dataset, run_id AS run, count(*) AS submitted, ${join(counts)},
          ${count(raw('lacks_parent'))} AS lacking_parent,
          min(CASE WHEN state = 'waiting' THEN created_at END) AS oldest_waiting
        FROM (SELECT r.run_id, r.staging_id, r.created_at, ${STATE_OF_RECORD} AS state, ${LACKS_PARENT} AS lacks_parent
          FROM ${recordsName(dataset)} AS r ${only}) AS s
        GROUP BY run_id ORDER BY min(staging_id)`,
  );
}

const count = (condition: Sql): Sql => sql`count(CASE WHEN ${condition} THEN 1 END)`;
