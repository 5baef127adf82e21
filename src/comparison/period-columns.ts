import type { Dataset } from '../domain/dataset.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { fieldType } from '../types/registry.ts';
import type { Session } from '../warehouse/warehouse.ts';

/**
 * Columns of a key that hold only the period: one value in all rows before, another in all rows after. With these
 * columns in the key, all rows of one period would be removed and all rows of the other added.
 */
export async function periodColumns(
  session: Session,
  of: {
    readonly dataset: Dataset;
    readonly key: readonly string[];
    readonly periods: readonly [before: string, after: string];
    readonly before: Sql;
    readonly after: Sql;
  },
): Promise<string[]> {
  if (of.periods[0] === of.periods[1]) return [];
  const found: string[] = [];
  for (const name of of.key) {
    const field = of.dataset.fields.find((one) => one.name === name);
    // Values that cannot lie in a period are not its name either.
    if (field === undefined || fieldType(field).compare.within === null) continue;
    const before = await onlyValue(session, of.before, name);
    const after = await onlyValue(session, of.after, name);
    if (before === null || after === null || before === after) continue;
    // A text that is the same in all rows may mean anything; if it is the period's own name, it is the period.
    if (!fieldType(field).cells.anyText || (before === of.periods[0] && after === of.periods[1]))
      found.push(name);
  }
  return found.length < of.key.length ? found : [];
}

async function onlyValue(session: Session, rows: Sql, name: string): Promise<string | null> {
  const values = await session.query<{ v: string | null }>(
    sql`SELECT DISTINCT CAST(${ident('s', name)} AS VARCHAR) AS v FROM ${rows} AS s LIMIT 2`,
  );
  return values.length === 1 ? (values[0]?.v ?? null) : null;
}
