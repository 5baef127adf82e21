import type { Dataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import {
  type Delta,
  makeDelta,
  PLACE,
  pairColumns,
  paired,
  type TableMaker,
} from '../promotion/change/delta.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import type { Comparison } from './comparison.ts';
import { refuseUnknownColumns } from './count-by.ts';
import { checkKeys, comparableRows, sameKeys } from './key-check.ts';
import { maskFor } from './mask.ts';
import { periodColumns } from './period-columns.ts';
import { schemaChanges } from './schema-changes.ts';
import { summarise, type Wanted } from './summarise.ts';
import { toleranceOf } from './tolerance.ts';

/** Rows to compare: a table or a SELECT in brackets, with its columns and `_source_row`. */
export interface Side {
  readonly label: string;
  readonly rows: Sql;
  readonly columns: readonly ColumnInfo[];
}

export interface SidesToCompare {
  readonly dataset: Dataset;
  readonly key: readonly string[];
  readonly before: Side;
  readonly after: Side;
  readonly about: Pick<Comparison, 'kind' | 'period' | 'slice' | 'file_id'>;
  /** The period of both sides. */
  readonly periods: readonly [before: string, after: string];
  readonly identity: unknown;
}

/**
 * Compares two sets of rows of one dataset, matched by key. Columns that only one side has are listed and not compared.
 */
export async function compareSides(
  session: Session,
  tables: TableMaker,
  of: SidesToCompare,
  wanted: Wanted,
): Promise<Comparison> {
  const { dataset } = of;
  const shared = sharedColumns(of);
  const dated = await periodColumns(session, { ...of, before: of.before.rows, after: of.after.rows });
  const key = of.key.filter((name) => !dated.includes(name));
  const both = shared.filter((column) => !dated.includes(column.name));
  refuseUnknownColumns(
    wanted.by,
    both.map((column) => column.name),
  );
  const mask = maskFor(dataset, wanted.showPersonal);
  const before = asShared(of.before, both);
  const after = asShared(of.after, both);
  const checked = {
    before: await checkKeys(session, tables, { name: 'before', rows: before, key }, mask),
    after: await checkKeys(session, tables, { name: 'after', rows: after, key }, mask),
  };
  const comparable = {
    before: comparableRows(before, key, checked),
    after: comparableRows(after, key, checked),
  };
  const delta = await matchedDelta(session, tables, { ...comparable, both, key }, wanted);
  const rowsLeft = async (rows: Sql, all: number): Promise<number> => {
    if (checked.before.problem === null && checked.after.problem === null) return all;
    return countRows(session, sql`${rows} AS s`);
  };
  const all = { before: checked.before.rows, after: checked.after.rows };
  return summarise(
    delta,
    {
      dataset,
      about: { ...of.about, before: of.before.label, after: of.after.label },
      rows: all,
      setAside: {
        before: all.before - (await rowsLeft(comparable.before, all.before)),
        after: all.after - (await rowsLeft(comparable.after, all.after)),
      },
      after: comparable.after,
      schemaChanges: schemaChanges(of.before.columns, of.after.columns),
      keyProblems: [checked.before.problem, checked.after.problem].filter((problem) => problem !== null),
      notes: [
        ...keyNotes(key),
        ...dated.map((name) => `Rows are matched without '${name}', which only names the period.`),
      ],
      identity: of.identity,
    },
    wanted,
  );
}

const NUMERIC = /^(BIGINT|INTEGER|HUGEINT|SMALLINT|DOUBLE|FLOAT|DECIMAL)/;

/**
 * The columns that both sides have, in the order of the side after; where the types cannot be compared, their texts
 * are.
 */
function sharedColumns(of: SidesToCompare): ColumnInfo[] {
  const had = new Map(of.before.columns.map((column) => [column.name, column.type]));
  const both = of.after.columns.flatMap((column) => {
    const earlier = had.get(column.name);
    if (earlier === undefined) return [];
    const comparable = earlier === column.type || (NUMERIC.test(earlier) && NUMERIC.test(column.type));
    return [comparable ? column : { ...column, type: 'VARCHAR' }];
  });
  const names = new Set(both.map((column) => column.name));
  const missing = of.key.filter((name) => !names.has(name));
  if (of.key.length > 0 && missing.length === 0) return both;
  throw new TidemarkError('usage', {
    message:
      of.key.length === 0
        ? `Rows of ${of.dataset.name} cannot be matched: the dataset has no primaryKey.`
        : `Rows cannot be matched: ${missing.map((name) => `'${name}'`).join(', ')} of the key is not in both.`,
    hint: 'Give the dataset a primaryKey whose columns both have.',
    where: { dataset: of.dataset.name },
  });
}

function asShared(side: Side, both: readonly ColumnInfo[]): Sql {
  const types = new Map(side.columns.map((column) => [column.name, column.type]));
  const picked = both.map(({ name, type }) =>
    type === 'VARCHAR' && types.get(name) !== 'VARCHAR'
      ? sql`CAST(${ident(name)} AS VARCHAR) AS ${ident(name)}`
      : ident(name),
  );
  const place = types.has('_source_row') ? raw('') : raw(', _source_row');
  return sql`(SELECT ${join(picked)}${place} FROM ${side.rows} AS r)`;
}

async function matchedDelta(
  session: Session,
  tables: TableMaker,
  of: {
    readonly before: Sql;
    readonly after: Sql;
    readonly both: readonly ColumnInfo[];
    readonly key: readonly string[];
  },
  wanted: Wanted,
): Promise<Delta> {
  const columns = paired(of.both, of.key);
  const key = of.key.map((name) => of.both.find((column) => column.name === name) as ColumnInfo);
  const first = of.key[0] as string;
  const [noBefore, noAfter] = [sql`${ident('c', first)} IS NULL`, sql`${ident('n', first)} IS NULL`];
  const keys = join(
    of.key.map((name, i) => sql`COALESCE(${ident('n', name)}, ${ident('c', name)}) AS ${ident(`k${i}`)}`),
  );
  const differ = columns.map(({ name }) => sql` OR ${ident('c', name)} IS DISTINCT FROM ${ident('n', name)}`);
  const pairs = sql`SELECT CASE WHEN ${noBefore} THEN CAST('added' AS VARCHAR) WHEN ${noAfter} THEN 'removed' ELSE 'modified' END AS _op,
      ${keys}, n._source_row AS _row${pairColumns(columns, 'c', 'n')}
    FROM ${of.before} AS c FULL JOIN ${of.after} AS n ON ${sameKeys(of.key, 'c', 'n')}
    WHERE ${noBefore} OR ${noAfter}${join(differ, '')}`;
  return makeDelta(tables, pairs, {
    session,
    key,
    columns,
    tolerance: toleranceOf(columns, wanted.tolerance),
  });
}

/** What to say about a key with duplicate or blank values. */
export function keyNotes(key: readonly string[]): string[] {
  return key.includes(PLACE.name)
    ? ['No column names a row here: rows are matched by their place in the file.']
    : [];
}

/** The key that tells the rows of a delivery apart. */
export function rowKey(dataset: Dataset): readonly string[] {
  return dataset.primaryKey.length > 0 ? dataset.primaryKey : dataset.core.key;
}
