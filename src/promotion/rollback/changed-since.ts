import { counted } from '../../domain/count.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { promotionById } from '../../ledger/promotion-records.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import { countRows } from '../../warehouse/count-rows.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { describeKey } from '../key-problems.ts';
import type { SessionTables } from '../session-tables.ts';
import { beforeValue, coreOf, type JournalledRows, journalledRows, sameCoreRow } from './journalled-rows.ts';

const SHOWN = 5;

/**
 * Stops with `changed-by-hand` where a row is no longer as the promotion left it: someone wrote to core without
 * Tidemark, and a rollback would silently overwrite that. `_updated_by` shows which promotion wrote a row last.
 */
export async function refuseChangedSince(
  session: Session,
  scratch: SessionTables,
  rows: JournalledRows,
): Promise<void> {
  const { writer, gone, more } = await leftBy(session, scratch, rows);
  const first = ident('c', rows.identity[0] as string);
  const key = join(rows.identity.map((name, i) => sql`${ident('t', `k${i}`)} AS ${ident(name)}`));
  const strange = sql`SELECT ${key} FROM ${rows.table} AS t ${more}
      LEFT JOIN ${coreOf(rows)} AS c ON ${sameCoreRow(rows, 'c', 't')}
    WHERE CASE WHEN ${gone} THEN ${first} IS NOT NULL ELSE ${first} IS NULL OR c._updated_by IS DISTINCT FROM ${writer} END`;
  const n = await countRows(session, sql`(${strange}) AS s`);
  if (n === 0) return;
  const examples = await session.query(sql`${strange} ORDER BY 1 LIMIT ${raw(String(SHOWN))}`);
  const list = examples.map((row) => describeKey(rows.dataset, rows.identity, row)).join('; ');
  const { promotionId, coreTable, dataset, period } = rows.record;
  throw new TidemarkError('changed-by-hand', {
    message:
      `${counted(n, 'row')} of core.${coreTable} ${n === 1 ? 'is' : 'are'} not as promotion ${promotionId} left ` +
      `${n === 1 ? 'it' : 'them'}, and no promotion has changed ${n === 1 ? 'it' : 'them'} since: ${list}${n > SHOWN ? '; …' : ''}. Nothing was changed.`,
    where: { dataset, period },
  });
}

/** How a promotion left its rows: which promotion wrote them last, and which of them did not exist. */
async function leftBy(
  session: Session,
  scratch: SessionTables,
  rows: JournalledRows,
): Promise<{ readonly writer: Sql; readonly gone: Sql; readonly more: Sql }> {
  const { record } = rows;
  const undone = record.takesBack === null ? null : await promotionById(session, record.takesBack);
  if (undone === null)
    return { writer: sql`${record.promotionId}`, gone: raw("t._op = 'removed'"), more: raw('') };
  // A rollback leaves rows as they were before the promotion, audit columns included.
  const left = await journalledRows(session, scratch, rows.dataset, undone);
  const same = join(
    rows.identity.map((_, i) => sql`${ident('l', `k${i}`)} = ${ident('t', `k${i}`)}`),
    ' AND ',
  );
  return {
    writer: beforeValue(left, 'l', '_updated_by'),
    gone: raw('NOT l._existed'),
    more: sql`JOIN ${left.table} AS l ON ${same}`,
  };
}
