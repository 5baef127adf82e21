import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { type CoreShape, inSlice, keyColumns, sameKey, sourceRows } from './core-shape.ts';
import { coreTable, countDiff, type Diff, NO_INTERVALS, type StagedRows } from './diff.ts';
import { laterLoads, type NeighbourPeriods } from './neighbour-periods.ts';
import { cellsThatDiffer, valuesDiffer } from './row-difference.ts';
import { withDerived } from './surrogate-keys.ts';

export interface UpsertInput extends StagedRows {
  readonly neighbours: NeighbourPeriods;
  /** Keys that were promoted for this period before, where they are still known; null otherwise. */
  readonly prior: Sql | null;
}

interface Parts extends UpsertInput {
  /** Keys that later promoted periods delivered; null where there are none. */
  readonly later: Sql | null;
  readonly missing: 'keep' | 'close' | 'delete';
  readonly coversAll: boolean;
}

/**
 * Strategy `upsert`. The order in which periods are promoted does not matter: a key has the values of the last promoted
 * period that delivered it. `_data_period` of a core row is a period that delivered it. Whether a later period
 * delivered it too, without any change, is known from the stage rows of the later loads.
 */
export async function diffUpsert(input: UpsertInput): Promise<Diff> {
  const { scratch, shape, neighbours, period } = input;
  const { covers, missing } = shape.dataset.core;
  const parts: Parts = { ...input, later: await laterKeys(input), missing, coversAll: covers === 'all' };
  const next = neighbours.later[0]?.period ?? null;
  const closedPeriod = shape.closes && parts.coversAll ? next : null;
  const change = await scratch.create('change', deliveredRows(parts, closedPeriod));
  const earlier = missing === 'delete' && !parts.coversAll ? await rowsToRevertTo(parts) : null;
  for (const query of missingRows(parts, earlier)) await scratch.add(change, query);
  const ownOnly = covers === 'period' ? sql`c._data_period = ${period} AND ` : raw('');
  const counted = await countDiff(input, change, sql`${ownOnly}${inSlice(shape, input.slice, 'c')}`);
  return { change, keys: change, source: input.source, earlier, closedPeriod, ...NO_INTERVALS, ...counted };
}

async function laterKeys(input: UpsertInput): Promise<Sql | null> {
  const { shape, neighbours, period, scratch } = input;
  const loads = laterLoads(neighbours, { dataset: shape.dataset.name, period, slice: input.slice });
  if (loads.length === 0) return null;
  const selects = loads.map(
    (load) => sql`SELECT ${keyColumns(shape, 'q')} FROM (${sourceRows(shape, load)}) AS q`,
  );
  return scratch.create('later', sql`SELECT DISTINCT * FROM (${join(selects, ' UNION ALL ')}) AS k`);
}

/** Every delivered row that is added, is modified or is shadowed. */
function deliveredRows(parts: Parts, closedPeriod: string | null): Sql {
  const { shape, source } = parts;
  const first = raw('c._updated_by IS NULL');
  const shadowed = shadowCondition(parts);
  const closing = shape.closes
    ? sql` OR c._closed_period IS DISTINCT FROM CAST(${closedPeriod} AS VARCHAR)`
    : raw('');
  return sql`SELECT ${keyColumns(shape, 'n')},
      CASE WHEN ${shadowed} THEN CAST('shadowed' AS VARCHAR) WHEN ${first} THEN 'added' ELSE 'modified' END AS _op,
      CASE WHEN ${shadowed} OR ${first} THEN 0 ELSE ${cellsThatDiffer(shape)} END AS _cells,
      CAST(NULL AS VARCHAR) AS _to_period
    FROM ${source} AS n LEFT JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'n')}
      ${keysBeside(parts.later, shape, 'l', 'n')}
    WHERE ${shadowed} OR ${first} OR ${valuesDiffer(shape)}${closing}`;
}

/**
 * A delivered row is shadowed by a later period that delivered its key. With `delete` over the whole register, core is
 * what the last period delivered, so a key that this period lacks is shadowed too. With `keep` and `close`, a core row
 * of a later period whose restatement lacks it still belongs to that later period.
 */
function shadowCondition({ shape, later, missing, coversAll, period }: Parts): Sql {
  if (missing === 'delete' && coversAll) return raw(later === null ? 'false' : 'true');
  const delivered = isBeside(later, shape, 'l');
  return missing === 'delete'
    ? delivered
    : sql`(${delivered} OR COALESCE(c._data_period > ${period}, false))`;
}

/**
 * Joins a table of keys, so that `isBeside` can test for a match. PostgreSQL evaluates an EXISTS under an OR or a CASE
 * row by row: a million rows against a million keys would never end.
 */
function keysBeside(keys: Sql | null, shape: CoreShape, alias: string, to: string): Sql {
  return keys === null ? raw('') : sql`LEFT JOIN ${keys} AS ${ident(alias)} ON ${sameKey(shape, alias, to)}`;
}

function isBeside(keys: Sql | null, shape: CoreShape, alias: string): Sql {
  return keys === null ? raw('false') : sql`${ident(alias, shape.key[0] as string)} IS NOT NULL`;
}

/** Core rows that neither this delivery nor a later promoted period has. */
function lacking({ shape, source, later, slice }: Parts): Sql {
  const notLater =
    later === null
      ? raw('')
      : sql` AND NOT EXISTS (SELECT 1 FROM ${later} AS l WHERE ${sameKey(shape, 'l', 'c')})`;
  return sql`${inSlice(shape, slice, 'c')}
    AND NOT EXISTS (SELECT 1 FROM ${source} AS n WHERE ${sameKey(shape, 'n', 'c')})${notLater}`;
}

/** SELECTs of what happens to core rows that the delivery lacks. */
function missingRows(parts: Parts, earlier: Sql | null): Sql[] {
  const { shape, missing, coversAll, period } = parts;
  const select = (op: string, toPeriod: Sql) =>
    sql`SELECT ${keyColumns(shape, 'c')}, ${raw(`'${op}'`)}, 0, ${toPeriod} FROM ${coreTable(shape)} AS c
      ${keysBeside(parts.prior, shape, 'p', 'c')}`;
  const owned = sql`CAST(${period} AS VARCHAR)`;
  const leave = raw('CAST(NULL AS VARCHAR)');
  if (missing === 'keep') {
    return parts.prior === null
      ? []
      : [
          sql`${select('owned', owned)} WHERE c._data_period < ${period} AND ${wasPrior(parts)} AND ${lacking(parts)}`,
        ];
  }
  if (missing === 'close') {
    const own = coversAll ? sql`c._data_period <= ${period}` : ownRows(parts);
    return [
      sql`${select('closed', sql`CASE WHEN ${wasPrior(parts)} THEN ${owned} ELSE ${leave} END`)}
        WHERE ${own} AND (c._closed_period IS NULL OR c._closed_period > ${period}) AND ${lacking(parts)}`,
    ];
  }
  if (coversAll) return [sql`${select('removed', leave)} WHERE ${lacking(parts)}`];
  return missingOfPeriod(parts, earlier, select);
}

/** `covers: period`, `delete`: rows that an earlier period delivered get its values back; the others are removed. */
function missingOfPeriod(parts: Parts, earlier: Sql | null, select: (op: string, to: Sql) => Sql): Sql[] {
  const { shape } = parts;
  if (earlier === null) return [];
  const back = sql`JOIN ${earlier} AS e ON ${sameKey(shape, 'e', 'c')}`;
  const differs = valuesDiffer(shape, 'c', 'e');
  return [
    sql`SELECT ${keyColumns(shape, 'c')}, 'reverted', ${cellsThatDiffer(shape, 'c', 'e')}, e._data_period
      FROM ${coreTable(shape)} AS c ${back} WHERE ${differs}`,
    sql`${select('owned', raw('e._data_period'))} ${back}
      WHERE NOT ${differs} AND c._data_period = ${parts.period}`,
    sql`${select('removed', raw('CAST(NULL AS VARCHAR)'))} WHERE ${candidates(parts)} AND ${lacking(parts)}
      AND NOT EXISTS (SELECT 1 FROM ${earlier} AS e WHERE ${sameKey(shape, 'e', 'c')})`,
  ];
}

/** Rows that this period's own deliveries brought: by their `_data_period`, or by the keys promoted before. */
function ownRows(parts: Parts): Sql {
  return sql`(c._data_period = ${parts.period} OR (c._data_period < ${parts.period} AND ${wasPrior(parts)}))`;
}

/** Only in a FROM that joins the prior keys. */
function wasPrior({ prior, shape }: Parts): Sql {
  return isBeside(prior, shape, 'p');
}

/**
 * Core rows that a restated period may have to remove: those it brought or, where these are not known, every row up to
 * it. Rows of an earlier period that is loaded again and not yet promoted wait for that promotion.
 */
function candidates(parts: Parts): Sql {
  const { neighbours, period } = parts;
  const unsettled = neighbours.earlier.filter((each) => each.standing === null).map((each) => each.period);
  const settled =
    unsettled.length === 0
      ? raw('')
      : sql` AND c._data_period NOT IN (${join(unsettled.map((each) => sql`${each}`))})`;
  const brought = parts.prior === null ? sql`c._data_period <= ${period}` : ownRows(parts);
  return sql`${brought}${settled}`;
}

/**
 * The rows whose values come back to keys that a restatement removes, each from the nearest earlier period that
 * delivered it.
 */
async function rowsToRevertTo(parts: Parts): Promise<Sql | null> {
  const { shape, neighbours, session, scratch } = parts;
  if (neighbours.own === null) return null;
  const wanted = await scratch.create(
    'wanted',
    sql`SELECT ${keyColumns(shape, 'c')} FROM ${coreTable(shape)} AS c ${keysBeside(parts.prior, shape, 'p', 'c')}
        WHERE ${candidates(parts)} AND ${lacking(parts)}`,
  );
  let table: Sql | null = null;
  for (const { period, standing } of [...neighbours.earlier].reverse()) {
    if (standing === null) continue;
    const delivered = await withDerived(session, shape, sourceRows(shape, standing));
    const rows = sql`SELECT q.*, CAST(${period} AS VARCHAR) AS _data_period FROM (${delivered}) AS q
      WHERE EXISTS (SELECT 1 FROM ${wanted} AS w WHERE ${sameKey(shape, 'w', 'q')})`;
    if (table === null) table = await scratch.create('earlier', rows);
    else {
      await scratch.add(
        table,
        sql`${rows} AND NOT EXISTS (SELECT 1 FROM ${table} AS e WHERE ${sameKey(shape, 'e', 'q')})`,
      );
    }
  }
  return (
    table ??
    scratch.create(
      'earlier',
      sql`SELECT q.*, CAST(NULL AS VARCHAR) AS _data_period FROM ${parts.source} AS q WHERE false`,
    )
  );
}
