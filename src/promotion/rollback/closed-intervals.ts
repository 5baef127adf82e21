import { parsePeriod } from '../../domain/period.ts';
import { closedPeriods } from '../../ledger/period-events.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { periodClosed } from '../closed-periods.ts';
import { validAt } from '../core-shape.ts';
import { beforeValue, coreOf, type JournalledRows, sameCoreRow } from './journalled-rows.ts';

/** Stops where a rollback of a promotion of intervals would change the state of a closed period. */
export async function refuseClosedIntervals(session: Session, rows: JournalledRows): Promise<void> {
  for (const event of await closedPeriods(session, rows.dataset.name)) {
    if (parsePeriod(event.period)?.kind !== rows.dataset.periodKind) continue;
    if (await saysOtherwise(session, rows, event.period)) throw periodClosed(event, rows.dataset.name);
  }
}

async function saysOtherwise(session: Session, rows: JournalledRows, period: string): Promise<boolean> {
  const business = rows.columns.map((column) => column.name).filter((name) => !name.startsWith('_'));
  const now = sql`SELECT ${join(business.map((name) => ident('c', name)))} FROM ${coreOf(rows)} AS c
    JOIN ${rows.table} AS t ON ${sameCoreRow(rows, 'c', 't')} WHERE ${validAt(period, 'c')}`;
  const before = (name: string) => beforeValue(rows, 't', name);
  const then = sql`SELECT ${join(business.map(before))} FROM ${rows.table} AS t
    WHERE t._existed AND ${before('_valid_from')} <= ${period}
      AND (${before('_valid_to')} IS NULL OR ${before('_valid_to')} > ${period})`;
  return (await isMore(session, now, then)) || isMore(session, then, now);
}

async function isMore(session: Session, one: Sql, other: Sql): Promise<boolean> {
  const found = await session.query(
    sql`SELECT 1 AS "found" FROM (${one} EXCEPT ALL ${other}) AS e LIMIT ${raw('1')}`,
  );
  return found.length > 0;
}
