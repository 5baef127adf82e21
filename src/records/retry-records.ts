import type { RecordsDataset } from '../domain/dataset.ts';
import { raw, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { isAsked, type RecordsAsked, recordsName } from './batch.ts';
import { LACKS_PARENT } from './record-state.ts';

/** What a retry finds among the records that it was asked for. */
export interface Retried {
  /** Failed and held records, which wait again. */
  readonly retried: number;
  /** Failed records that wait already, because only the row that they refer to is missing. */
  readonly waiting: number;
}

/** Neither promoted nor linked: what is in core stays there, whatever is asked for. */
const CAN_BE_RETRIED = sql`(r.failed OR r.held_by IS NOT NULL) AND NOT r.promoted AND NOT r.duplicate AND NOT ${LACKS_PARENT}`;

/**
 * Lets failed and held records wait again; their errors and the number of their attempts stay. In the caller's transaction,
 * which has the lock of promotions.
 */
export async function retryRecords(
  session: Session,
  dataset: RecordsDataset,
  asked: RecordsAsked,
): Promise<Retried> {
  if ((await session.columns(recordsTable(dataset))) === null) return { retried: 0, waiting: 0 };
  const name = recordsName(dataset);
  const which = sql`WHERE ${CAN_BE_RETRIED} AND ${isAsked(asked)}`;
  const retried = await countRows(session, sql`${name} AS r ${which}`);
  const waiting = await countRows(
    session,
    sql`${name} AS r WHERE ${LACKS_PARENT} AND NOT r.promoted AND NOT r.duplicate AND ${isAsked(asked)}`,
  );
  if (retried > 0) {
    const marks = raw('waits = true, failed = false, held_by = NULL');
    await session.execute(sql`UPDATE ${name} AS r SET ${marks} ${which}`);
  }
  return { retried, waiting };
}
