import { isRecordsDataset, type RecordsDataset } from '../domain/dataset.ts';
import { coreOf, type JournalledRows, sameCoreRow } from '../promotion/rollback/journalled-rows.ts';
import type { RecordsTaken, RecordsTakenAt } from '../promotion/rollback/roll-back.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { recordsName } from './batch.ts';
import { linkedPlace, placeOf } from './place.ts';

/** The marks of record `r`, as a rollback keeps them; texts in it are the texts of the columns. */
const KEPT = raw(`'"promotion":' || COALESCE(CAST(r.promotion_id AS VARCHAR), 'null')
  || ',"at":' || COALESCE(CAST(to_json(CAST(r.promoted_at AS VARCHAR)) AS VARCHAR), 'null')
  || ',"to":' || COALESCE(CAST(to_json(CAST(r.promoted_to AS VARCHAR)) AS VARCHAR), 'null')`);

const NOTHING: RecordsTaken = { held: 0, pruned: 0, waiting: 0, promoted: 0, duplicate: 0 };

const UNMARKED =
  raw(`promoted = false, duplicate = false, failed = false, promoted_to = NULL, promoted_at = NULL,
  promotion_id = NULL`);

/**
 * Marks records as the rollback of a promotion leaves them, before it changes core. Those that made the rows are held;
 * those that were linked to a row that goes or changes wait, because the next promotion may find otherwise. Where the
 * rollback gives rows back, the marks that were taken with them come back too, unless a record was promoted or linked
 * since.
 */
export async function markRecords(
  session: Session,
  scratch: SessionTables,
  rows: JournalledRows,
  at: RecordsTakenAt,
): Promise<RecordsTaken> {
  const { dataset } = rows;
  if (!isRecordsDataset(dataset)) return NOTHING;
  const marked = await markAsBefore(session, dataset, { of: rows.record.promotionId, by: at.by });
  if (marked !== null) return { ...NOTHING, ...marked };
  const waiting = await unlink(session, scratch, rows, { dataset, of: at.root.promotionId });
  if (!at.givesBack) return { ...NOTHING, ...(await hold(session, dataset, at)), waiting };
  return { ...NOTHING, waiting, ...(await giveBack(session, dataset, at.root.promotionId)) };
}

/** Whichever rollback of the promotion gives the rows back gives these marks back. */
function taken(of: number): Sql {
  return sql`taken_back = CAST('{"of":' || ${String(of)} || ',' || ${KEPT} || '}' AS JSON)`;
}

/** The marks that a promotion takes from records by making core again, so that its rollback can give them back. */
export function marksBefore(promotionId: number): Sql {
  return sql`CAST('{"by":' || ${String(promotionId)} || ',"rebuilt":true,"waits":'
    || CASE WHEN ${raw('r.waits')} THEN 'true' ELSE 'false' END || ',' || ${KEPT} || '}' AS JSON)`;
}

/**
 * Core was made again from all records, and becomes what it was before: so do their marks. Null where the promotion was
 * none of that kind.
 */
async function markAsBefore(
  session: Session,
  dataset: RecordsDataset,
  { of, by }: { readonly of: number; readonly by: number },
): Promise<Pick<RecordsTaken, 'promoted' | 'duplicate'> | null> {
  const kept = (name: string) => raw(`(r.taken_back ->> '${name}')`);
  const name = recordsName(dataset);
  const given = sql`${kept('rebuilt')} = 'true' AND CAST(${kept('by')} AS BIGINT) = ${of}`;
  const promotion = sql`CAST(${kept('promotion')} AS BIGINT)`;
  const place = kept('to');
  const [row] = await session.query<{ records: number; promoted: number; linked: number }>(
    sql`SELECT count(*) AS records, count(${promotion}) AS promoted, count(${place}) AS linked FROM ${name} AS r WHERE ${given}`,
  );
  if (Number(row?.records ?? 0) === 0) return null;
  await session.execute(
    sql`UPDATE ${name} AS r SET taken_back = ${marksBefore(by)}, validated = ${place} IS NOT NULL, held_by = NULL,
          waits = ${kept('waits')} = 'true', failed = ${place} IS NULL, promoted = ${promotion} IS NOT NULL,
          duplicate = ${promotion} IS NULL AND ${place} IS NOT NULL, promotion_id = ${promotion},
          promoted_at = CAST(${kept('at')} AS TIMESTAMP), promoted_to = CAST(${place} AS JSON)
        WHERE ${given}`,
  );
  const promoted = Number(row?.promoted ?? 0);
  return { promoted, duplicate: Number(row?.linked ?? 0) - promoted };
}

async function hold(
  session: Session,
  dataset: RecordsDataset,
  { root, by }: RecordsTakenAt,
): Promise<Pick<RecordsTaken, 'held' | 'pruned'>> {
  const own = sql`r.promoted AND r.promotion_id = ${root.promotionId}`;
  const name = recordsName(dataset);
  const pruned = await countRows(session, sql`${name} AS r WHERE ${own} AND r.pruned_at IS NOT NULL`);
  const held = await session.execute(
    sql`UPDATE ${name} AS r SET ${taken(root.promotionId)}, ${UNMARKED}, waits = false, held_by = ${by} WHERE ${own}`,
  );
  return { held, pruned };
}

/** A record is linked to the whole row: where another one changed it, the record may decide now. */
async function unlink(
  session: Session,
  scratch: SessionTables,
  rows: JournalledRows,
  { dataset, of }: { readonly dataset: RecordsDataset; readonly of: number },
): Promise<number> {
  const places = await scratch.create(
    'places',
    sql`SELECT ${placeOf(dataset, 'c', false)} AS place
        FROM ${coreOf(rows)} AS c JOIN ${rows.table} AS t ON ${sameCoreRow(rows, 'c', 't')}`,
  );
  return session.execute(
    sql`UPDATE ${recordsName(dataset)} AS r SET ${taken(of)}, ${UNMARKED}, waits = true
        FROM ${places} AS p WHERE r.duplicate AND ${linkedPlace(dataset)} = p.place`,
  );
}

async function giveBack(
  session: Session,
  dataset: RecordsDataset,
  from: number,
): Promise<Pick<RecordsTaken, 'promoted' | 'duplicate'>> {
  const kept = (name: string) => raw(`(r.taken_back ->> '${name}')`);
  const given = sql`r.taken_back IS NOT NULL AND NOT r.promoted AND NOT r.duplicate
    AND CAST(${kept('of')} AS BIGINT) = ${from}`;
  const promotion = sql`CAST(${kept('promotion')} AS BIGINT)`;
  const [row] = await session.query<{ promoted: number; duplicate: number }>(
    sql`SELECT count(${promotion}) AS promoted, count(*) - count(${promotion}) AS duplicate
        FROM ${recordsName(dataset)} AS r WHERE ${given}`,
  );
  await session.execute(
    sql`UPDATE ${recordsName(dataset)} AS r SET validated = true, failed = false, waits = false, held_by = NULL,
          taken_back = NULL, promoted = ${promotion} IS NOT NULL, duplicate = ${promotion} IS NULL,
          promotion_id = ${promotion}, promoted_at = CAST(${kept('at')} AS TIMESTAMP),
          promoted_to = CAST(${kept('to')} AS JSON)
        WHERE ${given}`,
  );
  return { promoted: Number(row?.promoted ?? 0), duplicate: Number(row?.duplicate ?? 0) };
}
