import { join, raw, type Sql, sql } from '../sql/sql.ts';
import { inSlice, keyColumns, sameKey, sourceRows, validAt } from './core-shape.ts';
import { coreTable, countDiff, type Diff, type Operation, type StagedRows } from './diff.ts';
import { meetingIntervals } from './meeting-intervals.ts';
import type { NeighbourPeriods } from './neighbour-periods.ts';

export interface HistoryInput extends StagedRows {
  readonly neighbours: NeighbourPeriods;
}

interface Parts extends HistoryInput {
  /** The next promoted period, where the interval of this one ends. */
  readonly next: string | null;
  /** A row for every key whose intervals around the period change: see `meetingIntervals`. */
  readonly meeting: Sql;
}

/**
 * Strategy `history`: for `[period, next promoted period)` core's intervals become exactly what was delivered; for all
 * other periods they stay as before. Equal neighbours become one interval. Besides the columns of every change table, a
 * row of `change` (one row per interval) has `_valid_from` and `_valid_to` as they will be, and the source of its
 * values: `_from` is 'source', 'self' (they stay), or 'core', copied from the key's interval that begins at `_copied`.
 */
export async function diffHistory(input: HistoryInput): Promise<Diff> {
  const { session, scratch, shape, period, slice, source } = input;
  const next = input.neighbours.later[0]?.period ?? null;
  const meeting = await scratch.create('meeting', meetingIntervals(input, next));
  const parts: Parts = { ...input, next, meeting };
  const change = await scratch.create('change', join(intervalChanges(parts), ' UNION ALL '));
  const keys = await scratch.create('keys', keyChanges(parts));
  const standing = sql`${inSlice(shape, slice, 'c')} AND ${validAt(period, 'c')}`;
  const { counts } = await countDiff(input, keys, standing);
  const groups = await session.query<{ op: Operation; rows: number }>(
    sql`SELECT _op AS op, count(*) AS rows FROM ${change} GROUP BY _op`,
  );
  return {
    ...{ change, keys, source, earlier: null, closedPeriod: null, nextPeriod: next, counts },
    following: await followingRows(parts, change),
    byOperation: new Map(groups.map((group) => [group.op, Number(group.rows)])),
  };
}

/** SELECTs of every interval that begins, ends elsewhere, gets other values or is removed. */
function intervalChanges(parts: Parts): Sql[] {
  const { shape, meeting, period, next } = parts;
  const [now, then] = [sql`CAST(${period} AS VARCHAR)`, sql`CAST(${next} AS VARCHAR)`];
  // The end of the delivered values: where they are equal to those after them, the end of the later ones.
  const end = sql`CASE WHEN m._same_after THEN m._after_to ELSE ${then} END`;
  const endBefore = sql`CASE WHEN m._same_before THEN ${end} ELSE ${now} END`;
  const select = (
    op: Operation,
    at: { readonly begins: Sql; readonly ends: Sql; readonly from: Sql; readonly copied?: Sql },
  ) =>
    sql`SELECT ${keyColumns(shape, 'm')}, CAST(${raw(`'${op}'`)} AS VARCHAR) AS _op, 0 AS _cells,
      CAST(NULL AS VARCHAR) AS _to_period, ${at.begins} AS _valid_from, ${at.ends} AS _valid_to,
      CAST(${at.from} AS VARCHAR) AS _from, ${at.copied ?? raw('CAST(NULL AS VARCHAR)')} AS _copied, m._live
      FROM ${meeting} AS m WHERE`;
  const none = raw('CAST(NULL AS VARCHAR)');
  const [source, self, core] = [raw("'source'"), raw("'self'"), raw("'core'")];
  const begins = raw('m._delivered AND NOT m._same_before');
  const changes = [
    sql`${select('modified', { begins: raw('m._before_from'), ends: endBefore, from: self })}
      m._before_from IS NOT NULL AND m._before_to IS DISTINCT FROM ${endBefore}`,
    sql`${select('modified', { begins: now, ends: end, from: sql`CASE WHEN m._same_own THEN 'self' ELSE 'source' END` })}
      m._own AND ${begins} AND (NOT m._same_own OR m._own_to IS DISTINCT FROM ${end})`,
    sql`${select('removed', { begins: now, ends: none, from: self })} m._own AND NOT (${begins})`,
    sql`${select('added', { begins: now, ends: end, from: source })} NOT m._own AND ${begins}`,
  ];
  if (next !== null) {
    changes.push(
      sql`${select('removed', { begins: raw('m._next_from'), ends: none, from: self })}
        m._next_from IS NOT NULL AND (m._same_after OR m._next_from < ${next})`,
      sql`${select('added', { begins: then, ends: raw('m._after_to'), from: core, copied: raw('m._after_from') })}
        m._after_from < ${next} AND NOT m._same_after`,
    );
  }
  return [...changes, strays(parts)];
}

/**
 * Intervals that begin between two promoted periods: left by a period that was rolled back while a later promotion
 * stayed.
 */
function strays({ shape, slice, period, next }: Parts): Sql {
  const inside = next === null ? raw('') : sql` AND c._valid_from < ${next} AND c._valid_to <= ${next}`;
  return sql`SELECT ${keyColumns(shape, 'c')}, CAST('removed' AS VARCHAR) AS _op, 0 AS _cells,
      CAST(NULL AS VARCHAR) AS _to_period, c._valid_from, CAST(NULL AS VARCHAR) AS _valid_to,
      CAST('self' AS VARCHAR) AS _from, CAST(NULL AS VARCHAR) AS _copied, false AS _live
    FROM ${coreTable(shape)} AS c
    WHERE ${inSlice(shape, slice, 'c')} AND c._valid_from > ${period}${inside}`;
}

/**
 * What happens to each key in the period. `closed`: it existed before and ends now; `removed`: only this period's own
 * earlier delivery had it. A key whose interval only ends elsewhere counts as modified, with no cell changed.
 */
function keyChanges({ shape, meeting }: Parts): Sql {
  return sql`SELECT ${keyColumns(shape, 'm')},
      CASE WHEN m._delivered THEN CASE WHEN m._stood THEN CAST('modified' AS VARCHAR) ELSE 'added' END
        WHEN m._own THEN 'removed' ELSE 'closed' END AS _op,
      m._cells, CAST(NULL AS VARCHAR) AS _to_period
    FROM ${meeting} AS m WHERE m._delivered OR m._stood`;
}

/**
 * File and row with which the next promoted period delivered the values that are copied into an interval of their own.
 * Null where it did not deliver them, or where its load is no longer in stage: then file and row of the copied interval
 * stay.
 */
async function followingRows({ shape, scratch, neighbours }: Parts, change: Sql): Promise<Sql | null> {
  const standing = neighbours.later[0]?.standing ?? null;
  if (standing === null) return null;
  return scratch.create(
    'following',
    sql`SELECT ${keyColumns(shape, 'q')}, q._file_id, q._source_row FROM (${sourceRows(shape, standing)}) AS q
        WHERE EXISTS (SELECT 1 FROM ${change} AS d WHERE d._from = 'core' AND ${sameKey(shape, 'd', 'q')})`,
  );
}
