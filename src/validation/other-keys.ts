import { join as joinPath } from 'node:path';
import type { Check, CheckOf } from '../domain/check.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import { ident, join, type Sql, sql } from '../warehouse/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** What a check that looks across deliveries has to compare with: a Parquet file of the keys k0 … and where each stands, w. */
export type OtherKeys = ReadonlyMap<Check, string>;

/**
 * Brings the keys of the dataset's other periods and slices, as loaded in stage, into the scratch folder, for every check
 * `unique` that looks beyond its delivery. A check is left out where stage does not have its columns.
 */
export async function fetchOtherKeys(
  session: Session,
  dataset: Dataset,
  period: Period,
  slice: Slice,
  scratch: string,
): Promise<OtherKeys> {
  const out = new Map<Check, string>();
  const across = dataset.checks.filter(
    (check): check is CheckOf<'unique'> => check.kind === 'unique' && check.across !== 'file',
  );
  if (across.length === 0) return out;
  const columns = await session.columns({ schema: 'stage', name: dataset.name });
  const known = new Set(columns?.map((column) => column.name));
  for (const [i, check] of across.entries()) {
    if (!check.fields.every((name) => known.has(name))) continue;
    const path = joinPath(scratch, `others-${i}.parquet`);
    const keys = check.fields.map((name, n) => sql`${ident(name)} AS ${ident(`k${n}`)}`);
    const filled = check.fields.map((name) => sql`${ident(name)} IS NOT NULL`);
    await session.exportParquet(
      sql`SELECT ${join(keys)}, ${placeOf(check, slice)} AS w FROM ${ident('stage', dataset.name)}
        WHERE ${join([...filled, elsewhere(check, period, slice)], ' AND ')}`,
      path,
    );
    out.set(check, path);
  }
  return out;
}

/** Rows that are not of this delivery, as far as the check looks. */
function elsewhere({ across }: CheckOf<'unique'>, period: Period, slice: Slice): Sql {
  const ownPeriod = sql`_data_period = ${period.text}`;
  const ownSlice = slice.map(([name, value]) => sql`CAST(${ident(name)} AS VARCHAR) = ${value}`);
  if (across === 'slices') return sql`${ownPeriod} AND NOT (${join(ownSlice, ' AND ')})`;
  if (across === 'periods') return join([sql`NOT (${ownPeriod})`, ...ownSlice], ' AND ');
  return sql`NOT (${join([ownPeriod, ...ownSlice], ' AND ')})`;
}

/** Where a row stands, as people say it: 2025-05, or AQA gcse, or both. */
function placeOf({ across }: CheckOf<'unique'>, slice: Slice): Sql {
  const period = sql`CAST(_data_period AS VARCHAR)`;
  const names = slice.map(([name]) => sql`CAST(${ident(name)} AS VARCHAR)`);
  const parts = across === 'periods' ? [period] : across === 'slices' ? names : [period, ...names];
  return join(parts, " || ' ' || ");
}
