import { counted } from '../../domain/count.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { ident, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/**
 * Why the configured strategy cannot take over the rows of a core table; null where it can. Only promotions make
 * intervals: rows without an interval would never end, and ended ones would come back.
 */
export async function strategyMisfit(session: Session, { core }: Dataset): Promise<string | null> {
  const there = await session.columns({ schema: 'core', name: core.table });
  if (there === null) return null;
  const hasIntervals = there.some(({ name }) => name === '_valid_from');
  const toHistory = core.strategy === 'history';
  const wrong = toHistory
    ? hasIntervals
      ? sql`_valid_from IS NULL`
      : sql`true`
    : hasIntervals
      ? sql`_valid_to IS NOT NULL`
      : sql`false`;
  const [row] = await session.query<{ n: number }>(
    sql`SELECT count(*) AS n FROM ${ident('core', core.table)} WHERE ${wrong}`,
  );
  const rows = Number(row?.n ?? 0);
  if (rows === 0) return null;
  const what = toHistory ? 'without an interval of periods' : 'whose interval of periods has ended';
  return `Table core.${core.table} cannot take the strategy ${core.strategy}: it holds ${counted(rows, 'row')} ${what}.`;
}
