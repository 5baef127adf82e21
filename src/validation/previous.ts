import { join as joinPath } from 'node:path';
import { type Dataset, sliceColumns } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import { columnList, ident, join, type Sql, sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { PreviousPeriod } from './check-env.ts';

/**
 * The nearest earlier period of the same slice that stands in stage, with what the dataset's checks compare; null where
 * there is none, or no check that compares.
 */
export async function fetchPrevious(
  session: Session,
  dataset: Dataset,
  period: Period,
  slice: Slice,
  scratch: string,
): Promise<PreviousPeriod | null> {
  const sums = dataset.checks.flatMap((check) =>
    check.kind === 'versus_previous'
      ? check.measures.flatMap(({ measure }) => (measure === 'rows' ? [] : [measure.sum]))
      : [],
  );
  const whole = dataset.checks.some((check) => check.kind === 'differs_from_previous');
  const compares = dataset.checks.some((check) => check.kind === 'versus_previous') || whole;
  const columns = compares ? await session.columns({ schema: 'stage', name: dataset.name }) : null;
  if (columns === null || period.kind === 'none') return null;
  const known = new Set(columns.map((column) => column.name));
  const table = ident('stage', dataset.name);
  const ofSlice = slice.map(([name, value]) => sql`CAST(${ident(name)} AS VARCHAR) = ${value}`);
  const where = (test: Sql) => join([test, ...ofSlice], ' AND ');
  const [found] = await session.query<{ period: string | null }>(
    sql`SELECT max(_data_period) AS period FROM ${table} WHERE ${where(sql`_data_period < ${period.text}`)}`,
  );
  if (!found?.period) return null;
  const own = where(sql`_data_period = ${found.period}`);
  const added = [...new Set(sums)].filter((name) => known.has(name));
  const totals = added.map((name, i) => sql`CAST(sum(${ident(name)}) AS VARCHAR) AS ${ident(`s${i}`)}`);
  const [row] = await session.query<Record<string, string | number | null>>(
    sql`SELECT ${join([sql`count(*) AS n`, ...totals])} FROM ${table} WHERE ${own}`,
  );
  let path: string | null = null;
  const names = [...dataset.fields.map((field) => field.name), ...sliceColumns(dataset)];
  if (whole && names.every((name) => known.has(name))) {
    path = joinPath(scratch, 'previous.parquet');
    await session.exportParquet(sql`SELECT ${columnList(names)} FROM ${table} WHERE ${own}`, path);
  }
  return {
    period: found.period,
    rows: Number(row?.n ?? 0),
    sums: new Map(added.map((name, i) => [name, row?.[`s${i}`] == null ? null : String(row[`s${i}`])])),
    path,
  };
}
