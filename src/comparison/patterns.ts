import { MASK } from '../domain/shown-value.ts';
import { type Delta, deltaDiffers, WITH_CELLS } from '../promotion/change/delta.ts';
import { ident, raw, type Sql, sql } from '../sql/sql.ts';
import type { Cell } from '../warehouse/warehouse.ts';
import type { ColumnChange, Pattern } from './comparison.ts';

const OF_A_COLUMN = 10;
const IN_ALL = 100;
/** Limit on the columns that are searched: a table with hundreds of changed columns is described by its counts. */
const COLUMNS = 50;

/** The same change in many rows, shown once: `412 rows: region empty → North`. Most rows first. */
export async function patternsOf(
  delta: Delta,
  changed: readonly ColumnChange[],
  hidden: (column: string) => boolean,
): Promise<Pattern[]> {
  const found: Pattern[] = [];
  for (const { column: name } of changed.slice(0, COLUMNS)) {
    const column = delta.columns.find((each) => each.name === name);
    if (column === undefined) continue;
    const [before, after] = [ident('d', `b${column.index}`), ident('d', `a${column.index}`)].map((value) =>
      hidden(name) ? masked(value) : value,
    ) as [Sql, Sql];
    const groups = await delta.session.query<{ before: Cell; after: Cell; rows: number }>(
      sql`SELECT q.b AS "before", q.a AS "after", count(*) AS "rows"
          FROM (SELECT ${before} AS b, ${after} AS a FROM ${delta.table} AS d
            WHERE ${WITH_CELLS} AND ${deltaDiffers(delta, column)}) AS q
          GROUP BY q.b, q.a
          ORDER BY count(*) DESC, CAST(q.b AS VARCHAR) COLLATE "C" NULLS FIRST, CAST(q.a AS VARCHAR) COLLATE "C" NULLS FIRST
          LIMIT ${raw(String(OF_A_COLUMN))}`,
    );
    for (const group of groups) found.push({ column: name, ...group, rows: Number(group.rows) });
  }
  return found.sort((a, b) => b.rows - a.rows).slice(0, IN_ALL);
}

/** Only whether there is a value. */
export function masked(value: Sql): Sql {
  return sql`CASE WHEN ${value} IS NULL THEN NULL ELSE ${raw(`'${MASK}'`)} END`;
}
