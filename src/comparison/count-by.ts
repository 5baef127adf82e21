import { didYouMean } from '../domain/did-you-mean.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Delta } from '../promotion/change/delta.ts';
import { ident, raw, type Sql, sql } from '../sql/sql.ts';
import type { Cell, Row } from '../warehouse/warehouse.ts';
import type { CountsBy, GroupCounts } from './comparison.ts';
import { masked } from './patterns.ts';

const GROUPS = 50;
const COUNTED = ['added', 'modified', 'removed', 'closed', 'unchanged'] as const;

/** The changes for each value of a column: the value after, or before where the row is gone. */
export async function countBy(
  delta: Delta,
  columns: readonly string[],
  of: { readonly after: Sql; readonly hidden: (column: string) => boolean },
): Promise<CountsBy[]> {
  const out: CountsBy[] = [];
  for (const name of columns) {
    const hide = (value: Sql) => (of.hidden(name) ? masked(value) : value);
    const rows = await delta.session.query<Row>(
      sql`SELECT u.v AS "value", ${sums()}, count(*) OVER () AS "groups" FROM (
            SELECT ${hide(ident('s', name))} AS v, CAST('after' AS VARCHAR) AS op, count(*) AS n
            FROM ${of.after} AS s GROUP BY 1
            UNION ALL
            SELECT ${hide(valueInDelta(delta, name))} AS v, d._op AS op, count(*) AS n FROM ${delta.table} AS d GROUP BY 1, 2
          ) AS u GROUP BY u.v
          ORDER BY sum(CASE WHEN u.op IN ('after', 'shadowed', 'tolerated') THEN 0 ELSE u.n END) DESC,
            CAST(u.v AS VARCHAR) COLLATE "C" NULLS FIRST
          LIMIT ${raw(String(GROUPS))}`,
    );
    const groups = rows.map(
      (row): GroupCounts =>
        ({
          value: row.value as Cell,
          ...Object.fromEntries(COUNTED.map((count) => [count, Number(row[count])])),
        }) as unknown as GroupCounts,
    );
    out.push({ column: name, groups, of: Number(rows[0]?.groups ?? 0) });
  }
  return out;
}

/** Names of columns to count by; an unknown name is a usage error. */
export function refuseUnknownColumns(names: readonly string[], known: readonly string[]): void {
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known);
    throw new TidemarkError('usage', {
      message: `There is no column '${name}' to count by${meant ? `; did you mean '${meant}'?` : '.'}`,
      hint: `Columns: ${known.join(', ')}.`,
    });
  }
}

function sums(): Sql {
  const sum = (condition: string, name: string) =>
    `CAST(sum(CASE WHEN ${condition} THEN u.n ELSE 0 END) AS BIGINT) AS "${name}"`;
  const without = `sum(CASE WHEN u.op = 'after' THEN u.n WHEN u.op IN ('added', 'modified', 'reopened', 'shadowed') THEN -u.n ELSE 0 END)`;
  return raw(
    [
      sum(`u.op = 'added'`, 'added'),
      sum(`u.op IN ('modified', 'reopened', 'reverted')`, 'modified'),
      sum(`u.op = 'removed'`, 'removed'),
      sum(`u.op = 'closed'`, 'closed'),
      `CAST(${without} AS BIGINT) AS "unchanged"`,
    ].join(', '),
  );
}

function valueInDelta(delta: Delta, name: string): Sql {
  const key = delta.key.findIndex((column) => column.name === name);
  if (key >= 0) return ident('d', `k${key}`);
  const index = delta.columns.find((column) => column.name === name)?.index;
  const [before, after] = [ident('d', `b${index}`), ident('d', `a${index}`)];
  return sql`CASE WHEN d._op IN ('removed', 'closed') THEN ${before} ELSE ${after} END`;
}
