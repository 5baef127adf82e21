import type { Dataset } from '../domain/dataset.ts';
import type { SliceFilter } from '../domain/slice.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { logFlip } from '../ledger/promotion-records.ts';
import { nextPromotionId } from '../ledger/promotions.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { rowOfSlices } from '../warehouse/slice-rows.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { refuseClosedPeriod } from './closed-periods.ts';
import { identityColumns } from './core-shape.ts';
import { imageOf, writeJournalRows } from './journal.ts';
import { badCondition, rowCondition } from './row-condition.ts';

export interface Flip {
  readonly dataset: Dataset;
  /** Whether the rows should be live. */
  readonly live: boolean;
  /** Only rows that this period brought; null: rows of every period. */
  readonly period: string | null;
  readonly slice: SliceFilter;
  /** A condition over the columns of a row, as a person wrote it; null: none. */
  readonly where: string | null;
}

export interface FlipAt extends WhoAndWhy {
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  /** The slice for the log: '' where there is none or several. */
  readonly loggedSlice: string;
  readonly signal: AbortSignal;
}

export interface Flipped {
  readonly rows: number;
  /** The number of the promotion, 0 in a dry run; null where no row had to change. */
  readonly promotionId: number | null;
}

/** How many of the rows were last changed by which promotion: what a flip is about. */
export interface FlippedRows extends Flipped {
  readonly from: readonly { readonly period: string; readonly by: number; readonly rows: number }[];
}

/**
 * Makes rows of core live, or no longer live, as a promotion with a number and a journal. In the caller's transaction,
 * under its lock on the core table. Refuses rows of closed periods, and a text that is not a condition.
 */
export async function flipLive(session: Session, flip: Flip, at: FlipAt): Promise<FlippedRows> {
  const startedAt = at.clock();
  const { dataset, live } = flip;
  const table = dataset.core.table;
  const columns = await session.columns({ schema: 'core', name: table });
  if (columns === null || !columns.some((column) => column.name === '_live'))
    return { rows: 0, promotionId: null, from: [] };
  const which = await chosenRows(flip, columns, at.signal);
  const core = ident('core', table);
  const from = await rowsByPromotion(session, sql`${core} AS c WHERE ${which}`, columns);
  const rows = from.reduce((sum, each) => sum + each.rows, 0);
  if (rows === 0) return { rows, promotionId: null, from };
  for (const period of new Set(from.map((each) => each.period)))
    await refuseClosedPeriod(session, dataset.name, period);

  // A dry run is rolled back, but a sequence would not be.
  const promotionId = at.dryRun ? 0 : await nextPromotionId(session);
  const identity = identityColumns({ dataset, key: dataset.core.key });
  await writeJournalRows(
    session,
    { table, identity, promotionId, operation: 'flipped', now: at.clock() },
    sql`SELECT ${imageOf(columns, 'c')} FROM ${core} AS c WHERE ${which}`,
  );
  await session.execute(
    sql`UPDATE ${core} AS c SET _live = ${live}, _updated_by = ${promotionId} WHERE ${which}`,
  );
  await logFlip(session, {
    ...{ promotionId, dataset: dataset.name, period: flip.period ?? 'none', slice: at.loggedSlice },
    ...{ coreTable: table, strategy: dataset.core.strategy, rows, live, reason: at.reason, by: at.by },
    ...{ runId: at.runId, startedAt, promotedAt: at.clock() },
  });
  return { rows, promotionId, from };
}

async function chosenRows(flip: Flip, columns: readonly ColumnInfo[], signal: AbortSignal): Promise<Sql> {
  const parts = [sql`c._live IS DISTINCT FROM ${flip.live}`];
  if (flip.period !== null) parts.push(sql`c._data_period = ${flip.period}`);
  parts.push(rowOfSlices(flip.slice, { dataset: flip.dataset, columns, alias: 'c' }));
  if (flip.where !== null)
    parts.push(
      await rowCondition(
        flip.where,
        columns.map((column) => column.name),
        signal,
      ),
    );
  return join(parts, ' AND ');
}

/** The first statement that runs the condition: its failure is reported as an error of the condition. */
async function rowsByPromotion(
  session: Session,
  from: Sql,
  columns: readonly ColumnInfo[],
): Promise<FlippedRows['from']> {
  try {
    const found = await session.query<FlippedRows['from'][number]>(
      sql`SELECT c._data_period AS period, c._updated_by AS "by", count(*) AS "rows" FROM ${from}
          GROUP BY c._data_period, c._updated_by ORDER BY 1, 2`,
    );
    return found.map((each) => ({ period: each.period, by: Number(each.by), rows: Number(each.rows) }));
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'statement-failed') throw error;
    // The engine's message about a value that it could not use contains that value.
    throw badCondition(
      'its values do not fit its columns',
      columns.map((column) => column.name),
      error,
    );
  }
}
