import { join as joinPath } from 'node:path';
import type { Needs, OtherPeriod, PreviousPeriod } from '../../checks/basis.ts';
import { measureSql } from '../../checks/measure-sql.ts';
import { moduleOf } from '../../checks/registry.ts';
import { type Dataset, sliceColumns } from '../../domain/dataset.ts';
import { type ColumnMeasure, type Measure, measureText } from '../../domain/measure.ts';
import { type Period, yearBefore } from '../../domain/period.ts';
import type { Slice } from '../../domain/slice.ts';
import { columnList, ident, join, quoteName, raw, sql } from '../../sql/sql.ts';
import { rowOfSlice, stageRowOf } from '../../warehouse/slice-rows.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/**
 * The nearest earlier period of the same slice in stage, with the values that the dataset's checks compare; null where
 * there is none, or no check compares.
 */
export async function fetchPrevious(
  session: Session,
  dataset: Dataset,
  period: Period,
  slice: Slice,
  scratch: string,
): Promise<PreviousPeriod | null> {
  const needed = needsOf(dataset).flatMap(({ previous }) => previous ?? []);
  const whole = needed.some(({ rows }) => rows);
  const known = needed.length > 0 ? await stageColumns(session, dataset) : null;
  if (known === null || period.kind === 'none') return null;
  const table = ident('stage', dataset.name);
  const [found] = await session.query<{ period: string | null }>(
    sql`SELECT max(_data_period) AS period FROM ${table} WHERE _data_period < ${period.text} AND ${rowOfSlice(slice, { dataset })}`,
  );
  if (!found?.period) return null;
  const measures = needed.flatMap((one) => one.measures);
  const measured = await measureStage(session, dataset, known, { period: found.period, slice }, measures);
  let path: string | null = null;
  const names = [...dataset.fields.map((field) => field.name), ...sliceColumns(dataset)];
  if (whole && names.every((name) => known.has(name))) {
    path = joinPath(scratch, 'previous.parquet');
    const rows = stageRowOf(dataset, { period: found.period, slice });
    await session.exportParquet(sql`SELECT ${columnList(names)} FROM ${table} WHERE ${rows}`, path);
  }
  return { ...measured, path };
}

/** The same period one year before, of the same slice; null where stage does not have it, or no check needs it. */
export async function fetchLastYear(
  session: Session,
  dataset: Dataset,
  period: Period,
  slice: Slice,
): Promise<OtherPeriod | null> {
  const before = yearBefore(period);
  const needed = needsOf(dataset).flatMap(({ lastYear }) => lastYear ?? []);
  if (before === null || needed.length === 0) return null;
  const known = await stageColumns(session, dataset);
  if (known === null) return null;
  const measures = needed.flatMap((one) => one.measures);
  const measured = await measureStage(session, dataset, known, { period: before.text, slice }, measures);
  return measured.rows === 0 ? null : measured;
}

function needsOf({ checks }: Dataset): Needs[] {
  return checks.map((check) => moduleOf(check).needs(check));
}

async function stageColumns(session: Session, dataset: Dataset): Promise<ReadonlySet<string> | null> {
  const columns = await session.columns({ schema: 'stage', name: dataset.name });
  return columns === null ? null : new Set(columns.map((column) => column.name));
}

/** Counts and measures one period of a stage table; columns that the table lacks are left out. */
async function measureStage(
  session: Session,
  dataset: Dataset,
  known: ReadonlySet<string>,
  { period, slice }: { readonly period: string; readonly slice: Slice },
  measures: readonly Measure[],
): Promise<OtherPeriod> {
  const asked = new Map<string, ColumnMeasure>();
  for (const measure of measures)
    if (measure !== 'rows' && known.has(measure.field)) asked.set(measureText(measure), measure);
  const values = [...asked.values()].map(({ of, field }, i) => {
    const aggregate = raw(measureSql(of, quoteName(field)));
    return sql`CAST(${aggregate} AS VARCHAR) AS ${ident(`m${i}`)}`;
  });
  const [row] = await session.query<Record<string, string | number | null>>(
    sql`SELECT ${join([sql`count(*) AS n`, ...values])} FROM ${ident('stage', dataset.name)}
      WHERE ${stageRowOf(dataset, { period, slice })}`,
  );
  const found = [...asked.keys()].map(
    (name, i) => [name, row?.[`m${i}`] == null ? null : String(row[`m${i}`])] as const,
  );
  return { period, rows: Number(row?.n ?? 0), measures: new Map(found) };
}
