import { type CoreShape, keyColumns, sameKey } from '../promotion/core-shape.ts';
import { coreTable, type Diff, NO_INTERVALS, type Operation } from '../promotion/diff.ts';
import { cellsThatDiffer, valuesDiffer } from '../promotion/row-difference.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { columnList, ident, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { placeOf } from './place.ts';

interface Records {
  readonly session: Session;
  readonly scratch: SessionTables;
  readonly shape: CoreShape;
  /** Rows of good records: `staging_id`, `given`, business columns. */
  readonly good: Sql;
  /** They make all rows of core again: those that are there do not count, and those that no record makes are removed. */
  readonly again: boolean;
}

/**
 * The rows that records make, one per key: under `skip` that of the lowest number, unless core has the key; under `update`
 * that of the highest, unless a later record changed the row before.
 */
export async function winners({ scratch, shape, good, again }: Records): Promise<Sql> {
  const updates = shape.dataset.core.onDuplicate === 'update';
  const columns = columnList(shape.columns.map(({ name }) => name));
  const there = sql`SELECT 1 FROM ${coreTable(shape)} AS c WHERE ${sameKey(shape, 'c', 'g')}${
    updates ? raw(' AND c._updated_by_staging_id > g.staging_id') : raw('')
  }`;
  const place = sql`row_number() OVER (PARTITION BY ${keyColumns(shape, 'g')} ORDER BY g.staging_id${raw(updates ? ' DESC' : '')})`;
  return scratch.create(
    'winners',
    sql`SELECT ${columns}, CAST(NULL AS BIGINT) AS _file_id, staging_id AS _source_row
      FROM (SELECT g.*, ${place} AS _place FROM ${good} AS g${again ? raw('') : sql` WHERE NOT EXISTS (${there})`}) AS w
      WHERE _place = 1`,
    [...shape.key, '_source_row'],
  );
}

/** What these rows change in core. The rows of core are counted only where a guard compares with them. */
export async function diffRecords(
  { session, scratch, shape, good, again }: Records,
  source: Sql,
): Promise<Diff> {
  const isNew = raw('c._updated_by IS NULL');
  const removed = sql` UNION ALL SELECT ${keyColumns(shape, 'c')}, 'removed', 0, NULL FROM ${coreTable(shape)} AS c
    WHERE NOT EXISTS (SELECT 1 FROM ${source} AS n WHERE ${sameKey(shape, 'n', 'c')})`;
  const change = await scratch.create(
    'change',
    sql`SELECT ${keyColumns(shape, 'n')}, CASE WHEN ${isNew} THEN CAST('added' AS VARCHAR) ELSE 'modified' END AS _op,
        CASE WHEN ${isNew} THEN 0 ELSE ${cellsThatDiffer(shape)} END AS _cells, CAST(NULL AS VARCHAR) AS _to_period
      FROM ${source} AS n LEFT JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'n')}
      WHERE ${isNew} OR ${valuesDiffer(shape)}${again ? removed : raw('')}`,
    shape.key,
  );
  const groups = await session.query<{ op: Operation; rows: number; cells: number }>(
    sql`SELECT _op AS op, count(*) AS rows, CAST(sum(_cells) AS BIGINT) AS cells FROM ${change} GROUP BY _op`,
  );
  const byOperation = new Map(groups.map(({ op, rows }) => [op, Number(rows)]));
  const added = byOperation.get('added') ?? 0;
  const modified = byOperation.get('modified') ?? 0;
  const read = await countRows(session, good);
  return {
    ...{ change, keys: change, source, earlier: null, closedPeriod: null, ...NO_INTERVALS, byOperation },
    counts: {
      ...{ read, added, modified, removed: byOperation.get('removed') ?? 0, closed: 0, shadowed: 0 },
      unchanged: (await countRows(session, source)) - added - modified,
      cells: groups.reduce((sum, { cells }) => sum + Number(cells), 0),
      scope: hasGuards(shape) ? await countRows(session, coreTable(shape)) : 0,
    },
  };
}

function hasGuards({ dataset }: CoreShape): boolean {
  const { max_modified, max_added, max_changed } = dataset.core.guards;
  return max_modified !== null || max_added !== null || max_changed.size > 0;
}

/**
 * A query of the outcome of every good record: `staging_id`, whether a value of it is in core now
 * (`promoted`), whether its core row changed, and that row (`place`, JSON of the key and the surrogate key). Called when core is changed.
 */
export function placedRecords(
  { shape, good }: Pick<Records, 'shape' | 'good'>,
  { change, source }: Pick<Diff, 'change' | 'source'>,
): Sql {
  const { onDuplicate } = shape.dataset.core;
  // Under `update`, values of an earlier record of the same batch may be beside those of the last one.
  const isLast = raw(
    onDuplicate === 'update' ? 'g.given AND g.staging_id <= n._source_row' : 'g.staging_id = n._source_row',
  );
  const one = shape.key[0] as string;
  return sql`SELECT g.staging_id, COALESCE(${ident('d', one)} IS NOT NULL AND ${isLast}, false) AS promoted,
        ${ident('d', one)} IS NOT NULL AS changed,
        ${placeOf(shape.dataset, 'c', true)} AS place
      FROM ${good} AS g JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'g')}
        LEFT JOIN ${change} AS d ON ${sameKey(shape, 'd', 'g')}
        LEFT JOIN ${source} AS n ON ${sameKey(shape, 'n', 'g')}`;
}
