import type { RecordsDataset } from '../domain/dataset.ts';
import { approvedRecords, openRecords } from '../ledger/record-approvals.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { HandedOver } from './write-batch.ts';

/** Which records a promotion means. */
export interface RecordsAsked {
  /** The script's run; null: all runs. */
  readonly run: string | null;
  /** Only these, where any are named. */
  readonly stagingIds: readonly number[];
}

/** The records that one transaction takes. */
export interface Chosen {
  /** `waiting`: those that wait; `made`: those that made the rows of core, or were linked to them. */
  readonly which: 'waiting' | 'made';
  readonly asked: RecordsAsked;
  /** Only records that this approval names; null: whether one does is not asked. */
  readonly approval: number | null;
  /** Without the records that these approvals name. */
  readonly besides?: readonly number[];
  /** Only records of higher numbers: those before were judged by this call. */
  readonly after: number;
  /** Only records up to this number: later ones were not seen; null: all. */
  readonly upTo?: number | null;
  /** The most records; null: all. */
  readonly most: number | null;
}

/** The records of one transaction. */
export interface Batch {
  /** A temporary table of `staging_id`, `run_id`, `attempt` and `portion`. */
  readonly table: Sql;
  readonly records: number;
  /** The highest staging_id; the next batch of the call begins after it. */
  readonly last: number;
}

/** Characters of records that are read at once. */
const PORTION = 4_000_000;

/** The name of `stage.<dataset>_records` in a statement. */
export function recordsName(dataset: Pick<RecordsDataset, 'name'>): Sql {
  const { schema, name } = recordsTable(dataset);
  return ident(schema, name);
}

/** Records that the next promotion judges, as `r`. */
export const WAITS = raw('r.waits AND NOT r.promoted AND r.held_by IS NULL');

/** The condition that a record, as `r`, is one of those that were asked for. */
export function isAsked({ run, stagingIds }: RecordsAsked): Sql {
  const ofRun = run === null ? raw('true') : sql`r.run_id = ${run}`;
  const among =
    stagingIds.length === 0
      ? raw('')
      : sql` AND r.staging_id IN (${join(stagingIds.map((id) => sql`${id}`))})`;
  return sql`${ofRun}${among}`;
}

/** The next records, in the order of their numbers; null where none are left. */
export async function chooseBatch(
  session: Session,
  scratch: SessionTables,
  dataset: RecordsDataset,
  { which, asked, approval, besides = [], after, upTo = null, most }: Chosen,
): Promise<Batch | null> {
  const state = which === 'waiting' ? WAITS : raw('(r.promoted OR r.duplicate)');
  const approved =
    approval === null
      ? besides.map((id) => sql` AND r.staging_id NOT IN (${approvedRecords(id)})`)
      : [sql` AND r.staging_id IN (${openRecords(approval)})`];
  const last = upTo === null ? raw('') : sql` AND r.staging_id <= ${upTo}`;
  // OFFSET 0 makes a planner search for what waits, and not go through all records in the order of their numbers.
  const open = sql`SELECT r.staging_id, r.run_id, r.attempt FROM ${recordsName(dataset)} AS r
    WHERE ${state} AND ${isAsked(asked)}${join(approved, '')} AND r.staging_id > ${after}${last} OFFSET 0`;
  const limit = raw(most === null ? '' : ` LIMIT ${most}`);
  const chosen = sql`SELECT c.*, length(CAST(r.raw_data AS VARCHAR)) AS size
    FROM (SELECT * FROM (${open}) AS o ORDER BY staging_id${limit}) AS c
      JOIN ${recordsName(dataset)} AS r ON r.staging_id = c.staging_id`;
  const table = await scratch.create(
    'batch',
    sql`SELECT staging_id, run_id, attempt,
        CAST(floor(sum(size) OVER (ORDER BY staging_id) / ${raw(`${PORTION}.0`)}) AS BIGINT) AS portion
      FROM (${chosen}) AS c`,
    ['staging_id', 'run_id', 'portion'],
  );
  const records = await countRows(session, table);
  if (records === 0) return null;
  const [row] = await session.query<{ last: number }>(sql`SELECT max(staging_id) AS last FROM ${table}`);
  return { table, records, last: Number(row?.last) };
}

/** The texts of a batch, in portions, in the order of their numbers. */
export async function* textsOf(
  session: Session,
  dataset: RecordsDataset,
  { table }: Batch,
): AsyncGenerator<readonly HandedOver[]> {
  const portions = await session.query<{ portion: number }>(
    sql`SELECT DISTINCT portion FROM ${table} ORDER BY portion`,
  );
  for (const { portion } of portions) {
    yield await session.query<{ stagingId: number; text: string; isPruned: boolean }>(
      sql`SELECT b.staging_id AS "stagingId", CAST(r.raw_data AS VARCHAR) AS text, r.pruned_at IS NOT NULL AS "isPruned"
          FROM ${table} AS b JOIN ${recordsName(dataset)} AS r ON r.staging_id = b.staging_id
          WHERE b.portion = ${portion} ORDER BY b.staging_id`,
    );
  }
}

/** Whether a run, or any where none is named, has handed over records. */
export async function runHasRecords(
  session: Session,
  dataset: RecordsDataset,
  run: string | null,
): Promise<boolean> {
  if (run === null) return true;
  // Records that are promoted are the many, and in no index.
  for (const among of [raw(' AND NOT r.promoted'), raw('')]) {
    const rows = await session.query(
      sql`SELECT 1 AS one FROM ${recordsName(dataset)} AS r WHERE r.run_id = ${run}${among} LIMIT 1`,
    );
    if (rows.length > 0) return true;
  }
  return false;
}
