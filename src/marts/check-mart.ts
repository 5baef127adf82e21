import { counted } from '../domain/count.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { badModel } from '../promotion/model-sql.ts';
import { columnList, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import type { Mart } from './mart.ts';

/** What is wrong with the rows of a mart, as sentences; empty: every check holds. */
export async function failedChecks(
  session: Session,
  mart: Mart,
  rows: Sql,
  columns: readonly ColumnInfo[],
): Promise<string[]> {
  const names = new Set(columns.map((column) => column.name));
  const unknown = mart.grain.find((name) => !names.has(name));
  if (unknown !== undefined)
    throw badModel(mart.model.displayPath, 1, `the grain names '${unknown}', which it does not select`);
  const failed: string[] = [];
  const doubled = await countRows(session, sql`(${doubledGrain(mart, rows)}) AS q`);
  if (doubled > 0) {
    const grain = mart.grain.length === 0 ? 'one row' : `one row for each ${mart.grain.join(', ')}`;
    failed.push(
      `${mart.name}: the grain promises ${grain}, but ${counted(doubled, 'value')} of it are in more than one row`,
    );
  }
  for (const check of mart.checks) {
    const failing = await countFailing(session, mart, check, rows);
    if (failing > 0)
      failed.push(
        `${mart.name}: check ${check.name} (${check.expression}) fails in ${counted(failing, 'row')}`,
      );
  }
  return failed;
}

function doubledGrain(mart: Mart, rows: Sql): Sql {
  if (mart.grain.length === 0) return sql`SELECT 1 AS doubled FROM ${rows} HAVING count(*) > 1`;
  return sql`SELECT 1 AS doubled FROM ${rows} GROUP BY ${columnList(mart.grain)} HAVING count(*) > 1`;
}

async function countFailing(
  session: Session,
  mart: Mart,
  check: Mart['checks'][number],
  rows: Sql,
): Promise<number> {
  try {
    return await countRows(
      session,
      sql`(SELECT 1 AS failing FROM ${rows} WHERE NOT (${raw(check.expression)})) AS q`,
    );
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'statement-failed') throw error;
    const why = `the check '${check.name}' cannot be run: ${error.message.replace(/\.$/, '')}`;
    throw badModel(mart.model.displayPath, check.line, why, error);
  }
}
