import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { RowTexts } from './traced.ts';

/** A row that core no longer has: its identifying columns, and its last image, if there is one. */
export interface GoneRow {
  readonly identity: readonly (string | null)[];
  readonly image: RowTexts | null;
}

/**
 * Rows of a table that only the journal has, found by the texts of some of the identifying columns (`identity` names
 * all of them, in order).
 */
export async function goneRows(
  session: Session,
  table: string,
  identity: readonly string[],
  wanted: ReadonlyMap<string, string | null>,
  most: number,
): Promise<readonly GoneRow[]> {
  const whole = identity.every((name) => wanted.has(name));
  const where: Sql = whole
    ? sql`j._key = ${JSON.stringify(identity.map((name) => wanted.get(name) ?? null))}`
    : join(
        identity.flatMap((name, i) =>
          wanted.has(name)
            ? [sql`(CAST(j._key AS JSON) ->> ${raw(String(i))}) = ${wanted.get(name) ?? null}`]
            : [],
        ),
        ' AND ',
      );
  const rows = await session.query<{ key: string; before: string | null }>(
    sql`SELECT j._key AS key, max(j._before) AS before FROM ${ident('history', table)} AS j
        WHERE ${where} AND j._promotion_id = (SELECT max(n._promotion_id) FROM ${ident('history', table)} AS n
          WHERE n._key = j._key AND n._operation <> 'shadowed')
        GROUP BY j._key ORDER BY j._key LIMIT ${raw(String(most))}`,
  );
  return rows.map(({ key, before }) => ({
    identity: JSON.parse(key) as (string | null)[],
    image:
      before === null ? null : new Map(Object.entries(JSON.parse(before) as Record<string, string | null>)),
  }));
}
