import type { TableMaker } from '../promotion/change/delta.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Cell, Row, Session } from '../warehouse/warehouse.ts';
import type { KeyProblem } from './comparison.ts';
import type { Mask } from './mask.ts';

const EXAMPLES = 5;

export interface CheckedSide {
  readonly rows: number;
  readonly setAside: number;
  readonly problem: KeyProblem | null;
  /** Table of the duplicate keys; null where there are none. */
  readonly duplicates: Sql | null;
}

/** Finds the rows of a side whose key is a duplicate or is not complete. */
export async function checkKeys(
  session: Session,
  tables: TableMaker,
  side: { readonly name: 'before' | 'after'; readonly rows: Sql; readonly key: readonly string[] },
  mask: Mask,
): Promise<CheckedSide> {
  const { key } = side;
  const columns = join(key.map((name) => ident('s', name)));
  const [total] = await session.query<{ n: number; nulls: number }>(
    sql`SELECT count(*) AS n, count(*) FILTER (WHERE ${anyNull(key, 's')}) AS nulls FROM ${side.rows} AS s`,
  );
  const nulls = Number(total?.nulls);
  const groups = sql`SELECT ${columns}, count(*) AS "_rows" FROM ${side.rows} AS s
    WHERE NOT (${anyNull(key, 's')}) GROUP BY ${columns} HAVING count(*) > 1`;
  const found = await session.query<Row>(sql`${groups} ORDER BY ${columns} LIMIT ${raw(String(EXAMPLES))}`);
  const rows = Number(total?.n);
  if (nulls === 0 && found.length === 0) return { rows, setAside: 0, problem: null, duplicates: null };
  const duplicates = found.length === 0 ? null : await tables.create('doubled', groups);
  const [doubled] =
    duplicates === null
      ? []
      : await session.query<{ keys: number; rows: number }>(
          sql`SELECT count(*) AS "keys", CAST(sum("_rows") AS BIGINT) AS "rows" FROM ${duplicates}`,
        );
  const inGroups = Number(doubled?.rows ?? 0);
  const problem: KeyProblem = {
    side: side.name,
    duplicate_keys: Number(doubled?.keys ?? 0),
    duplicate_rows: inGroups,
    null_rows: nulls,
    examples: found.map((row) => ({
      key: Object.fromEntries(key.map((name) => [name, mask(name, row[name] as Cell)])),
      rows: Number(row._rows),
    })),
  };
  return { rows, setAside: nulls + inGroups, problem, duplicates };
}

/** The rows of a side that can be compared: with a complete key that occurs only once on each side. */
export function comparableRows(
  rows: Sql,
  key: readonly string[],
  checked: { readonly before: CheckedSide; readonly after: CheckedSide },
): Sql {
  if (checked.before.problem === null && checked.after.problem === null) return rows;
  return sql`(SELECT s.* FROM ${rows} AS s WHERE NOT (${anyNull(key, 's')})
    ${join(
      doubledKeys(checked).map(
        (table) => sql` AND NOT EXISTS (SELECT 1 FROM ${table} AS x WHERE ${sameKeys(key, 'x', 's')})`,
      ),
      '',
    )})`;
}

export function doubledKeys(checked: { readonly before: CheckedSide; readonly after: CheckedSide }): Sql[] {
  return [checked.before.duplicates, checked.after.duplicates].filter((table) => table !== null);
}

export function sameKeys(key: readonly string[], a: string, b: string): Sql {
  return join(
    key.map((name) => sql`${ident(a, name)} = ${ident(b, name)}`),
    ' AND ',
  );
}

function anyNull(key: readonly string[], alias: string): Sql {
  return join(
    key.map((name) => sql`${ident(alias, name)} IS NULL`),
    ' OR ',
  );
}
