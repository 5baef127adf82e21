import { columnList, ident, raw, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/**
 * Whether a row of core is live, in tables whose rollout is staged. Rows from before the rollout was staged are live.
 */
export const LIVE_COLUMN = { name: '_live', type: 'BOOLEAN', nullable: true, default: 'true' } as const;

export function liveView(table: string): Sql {
  return ident('core', liveViewName(table));
}

export function liveViewName(table: string): string {
  return `${table}_live`;
}

/**
 * Statements that make `core.<table>_live` as it should be: the live rows, with every column of the table. No statement
 * where it is so already, because replacing a view makes its readers wait. `columns` are the table's, in its order.
 */
export async function planLiveView(
  session: Session,
  table: string,
  columns: readonly string[],
  staged: boolean,
): Promise<Sql[]> {
  const shown = (await session.columns({ schema: 'core', name: liveViewName(table) }))?.map(
    ({ name }) => name,
  );
  if (shown !== undefined && shown.join('\0') === columns.join('\0')) {
    if ((await showsLiveOnly(session, table)) === staged) return [];
  }
  const condition = raw(staged ? ' WHERE _live' : '');
  const make = sql`CREATE OR REPLACE VIEW ${liveView(table)} AS
    SELECT ${columnList(columns)} FROM ${ident('core', table)}${condition}`;
  // A view that stays can only get more columns; if columns were renamed or removed, it is made again.
  const grows = shown === undefined || shown.every((name, i) => name === columns[i]);
  return grows ? [make] : [sql`DROP VIEW ${liveView(table)}`, make];
}

/** Whether the existing view leaves out rows that are not live. */
export async function showsLiveOnly(session: Session, table: string): Promise<boolean> {
  const [view] = await session.query<{ definition: string }>(
    sql`SELECT definition FROM pg_catalog.pg_views WHERE schemaname = 'core' AND viewname = ${liveViewName(table)}`,
  );
  return /\bWHERE[\s(]+"?_live"?[\s);]*$/i.test(view?.definition ?? '');
}
