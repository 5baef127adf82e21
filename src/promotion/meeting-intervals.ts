import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { inSlice, isStaged } from './core-shape.ts';
import { coreTable, type StagedRows } from './diff.ts';
import { cellsThatDiffer, valuesDiffer } from './row-difference.ts';

/**
 * Every key whose intervals around a period differ from the delivery, with both. A key has at most three intervals to
 * look at: one that begins before the period and contains it or ends with it (`_before_from`, `_before_to`), one that
 * begins with it (`_own`, `_own_to`) and one that begins later and contains the next promoted period (`_next_from`).
 * `_after_from`, `_after_to` are those of the interval that contains the next period. `_same_*`: its values are those
 * delivered; `_stood`: the key existed in the period, with `_cells` different cells.
 */
export function meetingIntervals({ shape, source, period, slice }: StagedRows, next: string | null): Sql {
  const key = shape.key;
  const first = key[0] as string;
  const which = (condition: Sql) =>
    sql`(SELECT c.* FROM ${coreTable(shape)} AS c WHERE ${inSlice(shape, slice, 'c')} AND ${condition})`;
  const before = which(sql`c._valid_from < ${period} AND (c._valid_to IS NULL OR c._valid_to >= ${period})`);
  const own = which(sql`c._valid_from = ${period} AND (c._valid_to IS NULL OR c._valid_to > ${period})`);
  const has = (alias: string) => sql`${ident(alias, first)} IS NOT NULL`;
  const same = (alias: string) =>
    sql`(${has('n')} AND ${has(alias)} AND NOT ${valuesDiffer(shape, alias, 'n')})`;
  const coversNow = sql`(${has('l')} AND (l._valid_to IS NULL OR l._valid_to > ${period}))`;
  const aliases = ['n', 'l', 'x', ...(next === null ? [] : ['z'])];
  const known = (name: string, of: readonly string[]) =>
    sql`COALESCE(${join(of.map((alias) => ident(alias, name)))})`;
  const meets = (alias: string, of: readonly string[]) =>
    join(
      key.map((name) => sql`${known(name, of)} = ${ident(alias, name)}`),
      ' AND ',
    );
  const nextColumns =
    next === null
      ? raw('CAST(NULL AS VARCHAR) AS _next_from, CAST(NULL AS VARCHAR) AS _next_to, false AS _same_next')
      : sql`z._valid_from AS _next_from, z._valid_to AS _next_to, ${same('z')} AS _same_next`;
  const nextJoin =
    next === null
      ? raw('')
      : sql`FULL JOIN ${which(sql`c._valid_from > ${period} AND c._valid_from <= ${next} AND (c._valid_to IS NULL OR c._valid_to > ${next})`)} AS z
          ON ${meets('z', ['n', 'l', 'x'])}`;
  // The interval that continues a live one is live too.
  const live = isStaged(shape)
    ? join(
        aliases.slice(1).map((alias) => sql`COALESCE(${ident(alias, '_live')}, false)`),
        ' OR ',
      )
    : raw('true');
  const met = sql`SELECT ${join(key.map((name) => sql`${known(name, aliases)} AS ${ident(name)}`))},
      ${has('n')} AS _delivered, ${coversNow} OR ${has('x')} AS _stood, ${has('x')} AS _own,
      l._valid_from AS _before_from, l._valid_to AS _before_to, x._valid_to AS _own_to, ${nextColumns},
      ${same('l')} AS _same_before, ${same('x')} AS _same_own,
      CASE WHEN NOT ${has('n')} THEN 0 WHEN ${coversNow} THEN ${cellsThatDiffer(shape, 'l', 'n')}
        WHEN ${has('x')} THEN ${cellsThatDiffer(shape, 'x', 'n')} ELSE 0 END AS _cells,
      ${live} AS _live
    FROM ${source} AS n FULL JOIN ${before} AS l ON ${meets('l', ['n'])}
      FULL JOIN ${own} AS x ON ${meets('x', ['n', 'l'])} ${nextJoin}`;
  return sql`SELECT * FROM (SELECT q.*, ${afterColumns(period, next)} FROM (${met}) AS q) AS m WHERE ${isChanged(period, next)}`;
}

/** The interval that contains the next promoted period, and whether its values are those delivered. */
function afterColumns(period: string, next: string | null): Sql {
  if (next === null) {
    return raw(
      'CAST(NULL AS VARCHAR) AS _after_from, CAST(NULL AS VARCHAR) AS _after_to, false AS _same_after',
    );
  }
  const holds = (begins: Sql, ends: Sql) => sql`(${begins} AND (${ends} IS NULL OR ${ends} > ${next}))`;
  const before = holds(raw('q._before_from IS NOT NULL'), raw('q._before_to'));
  const own = holds(raw('q._own'), raw('q._own_to'));
  const pick = (b: string, o: Sql, n: string) =>
    sql`CASE WHEN ${before} THEN ${raw(b)} WHEN ${own} THEN ${o} ELSE ${raw(n)} END`;
  return sql`${pick('q._before_from', sql`CAST(${period} AS VARCHAR)`, 'q._next_from')} AS _after_from,
    ${pick('q._before_to', raw('q._own_to'), 'q._next_to')} AS _after_to,
    ${pick('q._same_before', raw('q._same_own'), 'q._same_next')} AS _same_after`;
}

/** False where the intervals already agree with the delivery, as nearly all keys of most deliveries do. */
function isChanged(period: string, next: string | null): Sql {
  const end = sql`CASE WHEN m._same_after THEN m._after_to ELSE CAST(${next} AS VARCHAR) END`;
  const apart = sql`m._delivered AND NOT m._same_before`;
  const changed = [
    sql`m._before_from IS NOT NULL AND m._before_to IS DISTINCT FROM
      CASE WHEN m._same_before THEN ${end} ELSE CAST(${period} AS VARCHAR) END`,
    sql`m._own AND NOT (${apart} AND m._same_own AND m._own_to IS NOT DISTINCT FROM ${end})`,
    sql`NOT m._own AND ${apart}`,
  ];
  if (next !== null) {
    changed.push(
      sql`m._next_from IS NOT NULL AND (m._same_after OR m._next_from < ${next})`,
      sql`m._after_from < ${next} AND NOT m._same_after`,
    );
  }
  return sql`(${join(
    changed.map((each) => sql`(${each})`),
    ' OR ',
  )})`;
}
