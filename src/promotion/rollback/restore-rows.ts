import { columnList, ident, join, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { imageOf, writeJournalRows } from '../journal.ts';
import { beforeValue, coreOf, type JournalledRows, sameCoreRow } from './journalled-rows.ts';

/** What the rollback of a promotion does to core. */
export interface RestoredCounts {
  /** Rows that it had added, and that are removed. */
  readonly removed: number;
  /** Rows that it had removed, and that come back. */
  readonly added: number;
  /** Rows that it had changed, and that get their old values. */
  readonly modified: number;
  /** Number of cells among these whose value changes. */
  readonly cells: number;
}

export async function countRestored(session: Session, rows: JournalledRows): Promise<RestoredCounts> {
  const first = ident('c', rows.identity[0] as string);
  const business = rows.columns.map((column) => column.name).filter((name) => !name.startsWith('_'));
  const differs = business.map(
    (name) =>
      sql`CASE WHEN ${ident('c', name)} IS DISTINCT FROM ${beforeValue(rows, 't', name)} THEN 1 ELSE 0 END`,
  );
  const cells = differs.length === 0 ? sql`0` : join(differs, ' + ');
  const [row] = await session.query<Record<keyof RestoredCounts, number | null>>(
    sql`SELECT count(CASE WHEN NOT t._existed THEN 1 END) AS removed,
          count(CASE WHEN t._existed AND ${first} IS NULL THEN 1 END) AS added,
          count(CASE WHEN t._existed AND ${first} IS NOT NULL THEN 1 END) AS modified,
          CAST(sum(CASE WHEN t._existed AND ${first} IS NOT NULL THEN ${cells} ELSE 0 END) AS BIGINT) AS cells
        FROM ${rows.table} AS t LEFT JOIN ${coreOf(rows)} AS c ON ${sameCoreRow(rows, 'c', 't')}`,
  );
  const of = (name: keyof RestoredCounts) => Number(row?.[name] ?? 0);
  return { removed: of('removed'), added: of('added'), modified: of('modified'), cells: of('cells') };
}

/**
 * Restores core as it was before the promotion, audit columns included, with a journal of its own, so that this
 * rollback can be rolled back too. Rows that the promotion did not change are not touched.
 */
export async function restoreRows(
  session: Session,
  rows: JournalledRows,
  at: { readonly promotionId: number; readonly now: Date },
): Promise<void> {
  const core = coreOf(rows);
  const same = sameCoreRow(rows, 'c', 't');
  await journalRestored(session, rows, at);
  // One of the engines loads a unique index when a statement first writes rows. Rows that are deleted before that keep their
  // keys until the commit, and the next rollback of a cascade may bring these rows back.
  await session.execute(sql`INSERT INTO ${core} SELECT * FROM ${core} WHERE false`);
  await session.execute(
    sql`DELETE FROM ${core} AS c USING ${rows.table} AS t WHERE NOT t._existed AND ${same}`,
  );
  const free = rows.columns.map((column) => column.name).filter((name) => !rows.identity.includes(name));
  const assignments = free.map((name) => sql`${ident(name)} = ${beforeValue(rows, 't', name)}`);
  await session.execute(
    sql`UPDATE ${core} AS c SET ${join(assignments)} FROM ${rows.table} AS t WHERE t._existed AND ${same}`,
  );
  const names = rows.columns.map((column) => column.name);
  await session.execute(
    sql`INSERT INTO ${core} (${columnList(names)})
        SELECT ${join(names.map((name) => beforeValue(rows, 't', name)))} FROM ${rows.table} AS t
        WHERE t._existed AND NOT EXISTS (SELECT 1 FROM ${core} AS c WHERE ${same})`,
  );
}

async function journalRestored(
  session: Session,
  rows: JournalledRows,
  at: { readonly promotionId: number; readonly now: Date },
): Promise<void> {
  const entry = { ...at, table: rows.record.coreTable, identity: rows.identity };
  const standing = (existed: Sql) =>
    sql`SELECT ${imageOf(rows.columns, 'c')} FROM ${rows.table} AS t JOIN ${coreOf(rows)} AS c
      ON ${sameCoreRow(rows, 'c', 't')} WHERE ${existed}`;
  await writeJournalRows(session, { ...entry, operation: 'removed' }, standing(sql`NOT t._existed`));
  await writeJournalRows(session, { ...entry, operation: 'modified' }, standing(sql`t._existed`));
  const keys = join(rows.identity.map((name, i) => sql`${ident('t', `k${i}`)} AS ${ident(name)}`));
  const back = sql`SELECT ${keys} FROM ${rows.table} AS t WHERE t._existed
    AND NOT EXISTS (SELECT 1 FROM ${coreOf(rows)} AS c WHERE ${sameCoreRow(rows, 'c', 't')})`;
  await writeJournalRows(session, { ...entry, operation: 'added' }, back, true);
}
