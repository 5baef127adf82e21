import { join as joinPath } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Dataset, ForeignKey } from '../domain/dataset.ts';
import { type Period, periodAsOf, periodContaining } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ident, join, raw, type Sql, sql } from '../warehouse/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';

/** The keys a foreign key is looked up in, as a Parquet file with columns k0 …. */
export interface ReferenceKeys {
  readonly dataset: string;
  /** Where they came from; a `core` list has no one period. */
  readonly from: 'stage' | 'core' | 'delivery';
  readonly period: string | null;
  readonly path: string;
  readonly pii: boolean;
}

/**
 * Brings the keys of every dataset that is referred to into the scratch folder: the stage rows of the same or containing
 * period if loaded, else core. Throws `reference-not-loaded` where there are none. Same order as `dataset.foreignKeys`.
 */
export async function fetchReferences(
  session: Session,
  config: Config,
  dataset: Dataset,
  period: Period,
  slice: Slice,
  scratch: string,
): Promise<ReferenceKeys[]> {
  const out: ReferenceKeys[] = [];
  for (const [i, key] of dataset.foreignKeys.entries()) {
    const pii = key.fields.some((name) => dataset.fields.find((field) => field.name === name)?.pii ?? false);
    if (key.dataset === dataset.name) {
      out.push({ dataset: key.dataset, from: 'delivery', period: period.text, path: '', pii });
      continue;
    }
    const target = config.datasets.get(key.dataset) as Dataset;
    const path = joinPath(scratch, `keys-${i}.parquet`);
    const source = await sourceOf(session, target, key, { period, part: partOf(key, target, slice) });
    if (source === null) throw notLoaded(dataset, target, period);
    const values = key.referenceFields.map((name, n) => sql`${ident(name)} AS ${ident(`k${n}`)}`);
    await session.exportParquet(
      sql`SELECT DISTINCT ${join(values)} FROM ${ident(source.table.schema, source.table.name)} WHERE ${source.where}`,
      path,
    );
    const anyPii =
      pii ||
      key.referenceFields.some((name) => target.fields.find((field) => field.name === name)?.pii ?? false);
    out.push({ dataset: key.dataset, from: source.from, period: source.period, path, pii: anyPii });
  }
  return out;
}

/**
 * A key that contains the slice of a list in parts is looked up in that part alone: whether another part is loaded tells
 * nothing. A list that comes as a whole lacks what it lacks.
 */
function partOf(key: ForeignKey, target: Dataset, slice: Slice): Sql {
  const inParts = new Set(target.sliceNames);
  const values = new Map(slice);
  const parts = key.fields.flatMap((name, n) => {
    const value = values.get(name);
    return value === undefined || !inParts.has(key.referenceFields[n] as string)
      ? []
      : [sql` AND CAST(${ident(key.referenceFields[n] as string)} AS VARCHAR) = ${value}`];
  });
  return parts.length === 0 ? raw('') : join(parts, '');
}

interface KeySource {
  readonly table: TableRef;
  readonly where: Sql;
  readonly from: 'stage' | 'core';
  readonly period: string | null;
}

async function sourceOf(
  session: Session,
  target: Dataset,
  key: ForeignKey,
  { period, part }: { readonly period: Period; readonly part: Sql },
): Promise<KeySource | null> {
  const containing = periodContaining(target.periodKind, period);
  const stage: TableRef = { schema: 'stage', name: target.name };
  const staged = await session.columns(stage);
  if (containing !== null && hasAll(staged, key.referenceFields)) {
    const where = sql`_data_period = ${containing.text}${part}`;
    if (await hasRows(session, stage, where))
      return { table: stage, where, from: 'stage', period: containing.text };
  }
  const core: TableRef = { schema: 'core', name: target.core.table };
  const columns = await session.columns(core);
  if (!hasAll(columns, key.referenceFields)) return null;
  const open = standing(columns ?? [], target, period);
  return (await hasRows(session, core, sql`1 = 1${part}`))
    ? { table: core, where: sql`${open}${part}`, from: 'core', period: null }
    : null;
}

/** What of core counts for the period: rows that are not closed, intervals that hold it. */
function standing(columns: readonly ColumnInfo[], target: Dataset, period: Period): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has('_closed_period')) return sql`_closed_period IS NULL`;
  const asOf = has('_valid_from') ? periodAsOf(target.periodKind, period)?.text : undefined;
  return asOf === undefined
    ? sql`1 = 1`
    : sql`_valid_from <= ${asOf} AND (_valid_to IS NULL OR _valid_to > ${asOf})`;
}

function hasAll(columns: readonly ColumnInfo[] | null, names: readonly string[]): boolean {
  return columns !== null && names.every((name) => columns.some((column) => column.name === name));
}

async function hasRows(session: Session, table: TableRef, where: Sql): Promise<boolean> {
  const rows = await session.query(
    sql`SELECT 1 AS one FROM ${ident(table.schema, table.name)} WHERE ${where} LIMIT 1`,
  );
  return rows.length > 0;
}

function notLoaded(dataset: Dataset, target: Dataset, period: Period): TidemarkError {
  const due = periodContaining(target.periodKind, period)?.text ?? period.text;
  const flag = target.periodKind === 'none' ? '' : ` --period ${due}`;
  return new TidemarkError('reference-not-loaded', {
    message: `${dataset.title} refers to the list '${target.name}', which was never loaded. No row is to blame.`,
    hint: `Deliver and load '${target.name}' first (tidemark run${flag === '' ? ` --period ${period.text}` : flag} --dataset ${target.name}), then run the same command again.`,
    where: { dataset: dataset.name, period: period.text },
  });
}
