import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { ColumnInfo } from '../warehouse/warehouse.ts';
import { validAt } from './core-shape.ts';
import type { Reference } from './foreign-keys.ts';

/**
 * Whether child row `c` has its parent; `exists` searches for a parent row `p` that also fulfils a condition. A closed
 * parent does not count, nor an interval that has ended. Rows that belong to one period for good may still refer to
 * what existed then: a payment of January is not an orphan because its payee left in March. An interval needs its
 * parent all the time.
 */
export function parentExists(
  { child, parent, parentFields }: Reference,
  columns: readonly ColumnInfo[],
  exists: (condition: Sql) => Sql,
): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  const { strategy } = child.core;
  const comparable = child.periodKind === parent.periodKind;
  if (has('_is_current')) {
    if (comparable && strategy === 'replace_period') return exists(validAt(raw('c._data_period'), 'p'));
    if (!comparable || strategy !== 'history') return exists(raw('p._is_current'));
    const same = join(
      parentFields.map((name) => sql`${ident('f', name)} = ${ident('p', name)}`),
      ' AND ',
    );
    // No parent interval ends within the child's interval unless another one continues it.
    const gap = sql`p._valid_to > c._valid_from AND (c._valid_to IS NULL OR p._valid_to < c._valid_to)
      AND NOT EXISTS (SELECT 1 FROM ${ident('core', parent.core.table)} AS f
        WHERE ${same} AND ${validAt(raw('p._valid_to'), 'f')})`;
    return sql`(${exists(validAt(raw('c._valid_from'), 'p'))} AND NOT ${exists(gap)})`;
  }
  if (!has('_closed_period')) return exists(raw('true'));
  return comparable && strategy === 'replace_period'
    ? exists(raw('(p._closed_period IS NULL OR p._closed_period > c._data_period)'))
    : exists(raw('p._closed_period IS NULL'));
}

/** The condition that child row `c` needs its parent; a child that is closed, or has ended, does not. */
export function needsParent({ child, parent }: Reference, columns: readonly ColumnInfo[]): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has('_closed_period')) return raw('c._closed_period IS NULL');
  const asOfItsTime = child.periodKind === parent.periodKind && parent.core.strategy === 'history';
  return has('_is_current') && !asOfItsTime ? raw('c._is_current') : raw('true');
}
