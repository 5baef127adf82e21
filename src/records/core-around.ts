import { join as joinPath } from 'node:path';
import { type Basis, basisWithout, type ReferenceKeys } from '../checks/basis.ts';
import type { Dataset, ForeignKey, RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { hasTree, parentKeys, uniqueFields } from './record-keys.ts';

/** What the records of a batch are compared with: keys of parents, and rows of their own core table. */
export interface CoreAround {
  readonly basis: Basis;
  /** Parquet file of the core rows that the records are about, with `_updated_by_staging_id`; null: none was read. */
  readonly held: string | null;
  /** Parquet file of other core rows among which values of the records are looked for; null: none was read. */
  readonly others: string | null;
}

/**
 * Reads only rows that the batch names, so that a large core table costs no more than a small one. `landed`: the typed
 * rows of the batch. Files are made in `folder`. `again`: the rows of its own table do not count.
 */
export async function coreAround(
  session: Session,
  datasets: ReadonlyMap<string, Dataset>,
  dataset: RecordsDataset,
  of: {
    readonly landed: Sql;
    readonly folder: string;
    readonly folds: boolean;
    readonly again: boolean;
  },
): Promise<CoreAround> {
  const { landed: given, folder, folds } = of;
  const columns = await session.columns({ schema: 'core', name: dataset.core.table });
  const isNamed = matches({ table: given, apart: false }, dataset.core.key, dataset.core.key);
  // A row that is built from several may have the value of one beside that of another.
  const landed: Landed = {
    table: folds && !of.again && columns !== null ? withHeld(dataset, given, isNamed) : given,
    apart: folds,
  };
  const references: ReferenceKeys[] = [];
  for (const [i, key] of parentKeys(dataset).entries()) {
    const path = joinPath(folder, `parents-${i}.parquet`);
    references.push(await parents(session, datasets, dataset, key, { landed, path }));
  }
  const basis = { ...basisWithout(NO_PERIOD), references };
  if (of.again) return { basis, held: null, others: null };
  const names = dataset.fields.map((field) => ident('c', field.name));
  const rows = async (which: Sql, path: string) => {
    if (columns === null) return null;
    const query = sql`SELECT ${join(names)}, c._updated_by_staging_id FROM ${ident('core', dataset.core.table)} AS c
      WHERE ${which}`;
    return (await session.exportParquet(query, path)) === 0 ? null : path;
  };
  const updates = dataset.core.onDuplicate === 'update';
  const among = otherRows(dataset, landed);
  return {
    basis,
    held: updates ? await rows(isNamed, joinPath(folder, 'held.parquet')) : null,
    others: among === null ? null : await rows(inKeys(dataset, among), joinPath(folder, 'others.parquet')),
  };
}

/**
 * Keys of core rows that share a value which may occur once, or to which the batch refers; null: nothing is looked for.
 * One search each: a condition of several would read the whole table for every row.
 */
function otherRows(dataset: RecordsDataset, landed: Landed): Sql | null {
  const own = parentKeys(dataset).filter((key) => key.dataset === dataset.name);
  const tests = hasTree(dataset)
    ? [raw('true')]
    : [
        ...uniqueFields(dataset).map((fields) => matches(landed, fields, fields)),
        ...own.map((key) => matches(landed, key.fields, key.referenceFields)),
      ];
  if (tests.length === 0) return null;
  const keys = join(dataset.core.key.map((name) => ident('c', name)));
  const table = ident('core', dataset.core.table);
  return join(
    tests.map((test) => sql`SELECT ${keys} FROM ${table} AS c WHERE ${test}`),
    ' UNION ',
  );
}

function inKeys({ core }: RecordsDataset, keys: Sql): Sql {
  const pairs = core.key.map((name) => sql`${ident('k', name)} = ${ident('c', name)}`);
  return sql`EXISTS (SELECT 1 FROM (${keys}) AS k WHERE ${join(pairs, ' AND ')})`;
}

/** The condition that core row `c` has, in some columns, the values that a row of the batch has in others. */
function matches(landed: Landed, fields: readonly string[], columns: readonly string[], alias = 'c'): Sql {
  return hasPairs(
    landed,
    fields.map((name, i) => sql`${ident('l', name)} = ${ident(alias, columns[i] as string)}`),
  );
}

/** The rows whose values are looked for. */
interface Landed {
  readonly table: Sql;
  /** The values of one row may come from several of these. */
  readonly apart: boolean;
}

function hasPairs({ table, apart }: Landed, pairs: readonly Sql[]): Sql {
  const parts = apart ? pairs : [join(pairs, ' AND ')];
  return join(
    parts.map((part) => sql`EXISTS (SELECT 1 FROM ${table} AS l WHERE ${part})`),
    ' AND ',
  );
}

/** The rows of the batch, and those of core from which they are built. */
function withHeld({ core, fields }: RecordsDataset, landed: Sql, isNamed: Sql): Sql {
  const names = (alias: string) => join(fields.map((field) => ident(alias, field.name)));
  return sql`(SELECT ${names('b')} FROM ${landed} AS b
    UNION ALL SELECT ${names('c')} FROM ${ident('core', core.table)} AS c WHERE ${isNamed})`;
}

async function parents(
  session: Session,
  datasets: ReadonlyMap<string, Dataset>,
  dataset: RecordsDataset,
  key: ForeignKey,
  { landed, path }: { readonly landed: Landed; readonly path: string },
): Promise<ReferenceKeys> {
  const list = datasets.get(key.dataset) as Dataset;
  const pii = [dataset, list].some((of, i) =>
    (i === 0 ? key.fields : key.referenceFields).some((name) =>
      of.fields.some((field) => field.name === name && field.pii),
    ),
  );
  const isOwn = list.name === dataset.name;
  const about = { dataset: list.name, period: null, path, pii } as const;
  if (isOwn) return { ...about, from: 'own', path: '' };
  const columns = await session.columns({ schema: 'core', name: list.core.table });
  const known = new Map(columns?.map((column) => [column.name, column]));
  const values = key.referenceFields.map((name, n) =>
    known.has(name)
      ? sql`${ident('p', name)} AS ${ident(`k${n}`)}`
      : sql`CAST(NULL AS VARCHAR) AS ${ident(`k${n}`)}`,
  );
  const from =
    columns === null
      ? sql`(SELECT 1 AS none) AS p WHERE false`
      : sql`${ident('core', list.core.table)} AS p WHERE ${countsNow(columns)} AND ${named(key, dataset, known, landed)}`;
  await session.exportParquet(sql`SELECT DISTINCT ${join(values)} FROM ${from}`, path);
  return { ...about, from: 'core' };
}

/** Rows of core that count now: not closed, and of intervals the open one. */
function countsNow(columns: readonly ColumnInfo[]): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has('_closed_period')) return raw('p._closed_period IS NULL');
  return raw(has('_valid_to') ? 'p._valid_to IS NULL' : 'true');
}

/** Parent row `p` is one that the batch names; columns of other types are compared as texts. */
function named(
  key: ForeignKey,
  dataset: RecordsDataset,
  known: ReadonlyMap<string, ColumnInfo>,
  landed: Landed,
): Sql {
  if (!key.referenceFields.every((name) => known.has(name))) return raw('false');
  const pairs = key.fields.map((name, i) => {
    const other = key.referenceFields[i] as string;
    const field = dataset.fields.find((each) => each.name === name);
    const plain = (type: string | undefined) => type?.replace(/\(.*\)$/, '');
    const own = field === undefined ? undefined : columnType(field);
    return plain(own) === plain(known.get(other)?.type)
      ? sql`${ident('l', name)} = ${ident('p', other)}`
      : sql`CAST(${ident('l', name)} AS VARCHAR) = CAST(${ident('p', other)} AS VARCHAR)`;
  });
  return hasPairs(landed, pairs);
}
