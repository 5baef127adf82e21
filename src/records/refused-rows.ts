import type { SessionTables } from '../promotion/session-tables.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { RuleBroken } from '../warehouse/rule-broken.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** A record whose row the database does not take. */
export interface RefusedRow {
  readonly stagingId: number;
  /** Which rule it breaks. */
  readonly rule: string;
}

/** More of them are no matter of single records: the rule and the dataset do not fit each other. */
export const MOST_REFUSED = 20;

class TakeBack extends Error {}

/**
 * Finds the records whose rows the database refuses, by halving, in the order of their numbers. What it takes stays until
 * all are found, because two rows may break a rule only together; then all of it is rolled back. At most one more than
 * MOST_REFUSED are found. `good`: a temporary table of rows with their `staging_id`; `apply` brings such rows into core.
 */
export async function findRefusedRows(
  session: Session,
  good: Sql,
  apply: (rows: Sql) => Promise<void>,
): Promise<readonly RefusedRow[]> {
  const rows = await session.query<{ id: number }>(
    sql`SELECT staging_id AS id FROM ${good} ORDER BY staging_id`,
  );
  const ids = rows.map(({ id }) => Number(id));
  const refused: RefusedRow[] = [];
  const search = async (from: number, to: number): Promise<void> => {
    if (from >= to || refused.length > MOST_REFUSED) return;
    const part = sql`(SELECT * FROM ${good} AS a WHERE staging_id BETWEEN ${ids[from] as number} AND ${ids[to - 1] as number})`;
    try {
      await session.attempt(() => apply(part));
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      if (to - from === 1) {
        refused.push({ stagingId: ids[from] as number, rule: error.message });
        return;
      }
      const middle = Math.floor((from + to) / 2);
      await search(from, middle);
      await search(middle, to);
    }
  };
  try {
    await session.attempt(async () => {
      await search(0, ids.length);
      throw new TakeBack();
    });
  } catch (error) {
    if (!(error instanceof TakeBack)) throw error;
  }
  return refused;
}

/** Refused records as bad ones: a temporary table like that of the bad records of a batch. */
export function refusedTable(
  scratch: SessionTables,
  batch: Sql,
  refused: readonly RefusedRow[],
): Promise<Sql> {
  const rows = refused.map(({ stagingId, rule }) => {
    const error = {
      ...{ field: null, code: 'refused-by-database', value: null },
      message: `The database refuses the row: it breaks ${rule}.`,
    };
    const text = JSON.stringify(error);
    return sql`SELECT ${stagingId} AS staging_id, CAST(${text.slice(1)} AS VARCHAR) AS error`;
  });
  return scratch.create(
    'refused',
    sql`SELECT b.staging_id, '[{"attempt":' || CAST(b.attempt + 1 AS VARCHAR) || ',' || r.error || ']' AS errors,
          false AS lacks_parent, CAST(NULL AS VARCHAR) AS key
        FROM ${batch} AS b JOIN (${join(rows, ' UNION ALL ')}) AS r ON r.staging_id = b.staging_id`,
    ['staging_id'],
  );
}
