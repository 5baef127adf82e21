import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { shownValue } from '../domain/shown-value.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Row, Session } from '../warehouse/warehouse.ts';
import type { CoreShape } from './core-shape.ts';

const SHOWN = 5;

/** Stops with `duplicate-key` where rows to promote share a key or lack a part of it. */
export async function refuseBadKeys(
  session: Session,
  shape: CoreShape,
  rows: Sql,
  period: string,
): Promise<void> {
  const key = columnList(shape.key);
  const anyNull = join(
    shape.key.map((name) => sql`${ident(name)} IS NULL`),
    ' OR ',
  );
  const nulls = await countRows(session, sql`${rows} WHERE ${anyNull}`);
  const groups = sql`SELECT ${key}, count(*) AS "_rows" FROM ${rows} WHERE NOT (${anyNull})
    GROUP BY ${key} HAVING count(*) > 1`;
  const doubled = await countRows(session, sql`(${groups}) AS g`);
  if (nulls === 0 && doubled === 0) return;
  const examples = await session.query(sql`${groups} ORDER BY ${key} LIMIT ${raw(String(SHOWN))}`);
  const parts = [
    doubled > 0
      ? `${counted(doubled, 'key is', 'keys are')} in more than one row (${examples
          .map((row) => `${describeKey(shape.dataset, shape.key, row)}: ${counted(Number(row._rows), 'row')}`)
          .join('; ')}${doubled > SHOWN ? '; …' : ''})`
      : null,
    nulls > 0 ? `${counted(nulls, 'row has', 'rows have')} no ${shape.key.join(', ')}` : null,
  ].filter((part) => part !== null);
  throw new TidemarkError('duplicate-key', {
    message: `Nothing was promoted into core.${shape.table.name}: ${parts.join(', and ')}.`,
    where: { dataset: shape.dataset.name, period },
  });
}

/** `citizen_id=7, region_code=NO`, with personal values masked. */
export function describeKey(dataset: Dataset, key: readonly string[], row: Row): string {
  return key.map((name) => `${name}=${shownValue(dataset, name, row[name] ?? null)}`).join(', ');
}
