import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodAsOf } from '../domain/period.ts';
import type { Model } from '../promotion/model-sql.ts';
import { ident, literal, raw, type Sql, sql } from '../sql/sql.ts';
import { liveView } from '../warehouse/migrate/live-view.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { redirectCore } from './core-references.ts';
import type { Mart } from './mart.ts';

/**
 * Runs `work` with the mart's model as it is to be run: the core tables that it names are temporary views of the live
 * rows. In a period mart, the views of tables with history hold the rows as of the period. The views have the names
 * that the model uses, so that its aliases keep their meaning.
 */
export async function withLiveTables<T>(
  session: Session,
  mart: Mart,
  at: { readonly period: Period; readonly datasets: ReadonlyMap<string, Dataset> },
  work: (model: Model) => Promise<T>,
): Promise<T> {
  const byTable = new Map([...at.datasets.values()].map((dataset) => [dataset.core.table, dataset]));
  const { temporarySchema } = session.capabilities;
  // One text, because the meaning of a name follows from the words before it; NUL marks the places of the period.
  const model = mart.model.pieces.join('\0');
  const redirect = (tables: ReadonlySet<string>) => redirectCore(model, tables, temporarySchema);
  const there = new Set<string>();
  for (const { table } of redirect(new Set(byTable.keys())).references) {
    if ((await session.columns({ schema: 'core', name: table })) !== null) there.add(table);
  }
  const redirected = redirect(there);
  const made = new Map<string, Sql>();
  for (const { name, table } of redirected.references) {
    if (made.has(name)) continue;
    const condition = asOf(mart, byTable.get(table) as Dataset, at.period);
    await session.execute(
      sql`CREATE TEMP VIEW ${ident(name)} AS SELECT * FROM ${liveView(table)}${condition}`,
    );
    made.set(name, sql`${raw(temporarySchema)}.${ident(name)}`);
  }
  const answer = await work({ ...mart.model, pieces: redirected.text.split('\0') });
  for (const view of made.values()) await session.execute(sql`DROP VIEW ${view}`);
  return answer;
}

/** The intervals that contain the period of a period mart; a `full` mart sees all intervals. */
function asOf(mart: Mart, dataset: Dataset, period: Period): Sql {
  if (mart.mode !== 'period' || dataset.core.strategy !== 'history') return raw('');
  const text = periodAsOf(dataset.periodKind, period)?.text;
  if (text === undefined) return raw('');
  // A view accepts no bound values.
  const value = raw(literal(text));
  return sql` WHERE _valid_from <= ${value} AND (_valid_to IS NULL OR _valid_to > ${value})`;
}
