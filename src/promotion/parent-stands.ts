import { raw, type Sql, sql } from '../warehouse/sql.ts';
import type { ColumnInfo } from '../warehouse/warehouse.ts';
import { standsAt } from './core-shape.ts';
import type { Reference } from './foreign-keys.ts';

/**
 * Whether child row `c` has the parent it refers to; `exists` looks for a parent row `p` that also fulfils a condition.
 * A closed parent does not count, nor an interval that has ended. Rows that belong to a period for good may go on
 * referring to what was there then: a payment of January is no orphan because its payee left in March.
 */
export function parentStands(
  { child, parent }: Reference,
  columns: readonly ColumnInfo[],
  exists: (condition: Sql) => Sql,
): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  const { strategy } = child.core;
  const comparable = child.periodKind === parent.periodKind;
  if (has('_is_current')) {
    if (comparable && strategy === 'replace_period') return exists(standsAt(raw('c._data_period'), 'p'));
    if (!comparable || strategy !== 'history') return exists(raw('p._is_current'));
    return sql`(${exists(standsAt(raw('c._valid_from'), 'p'))}
      AND (NOT c._is_current OR ${exists(raw('p._is_current'))}))`;
  }
  if (!has('_closed_period')) return exists(raw('true'));
  return comparable && strategy === 'replace_period'
    ? exists(raw('(p._closed_period IS NULL OR p._closed_period > c._data_period)'))
    : exists(raw('p._closed_period IS NULL'));
}

/** The condition that child row `c` needs its parent: one that is closed, or has ended, does not. */
export function needsParent({ child, parent }: Reference, columns: readonly ColumnInfo[]): Sql {
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has('_closed_period')) return raw('c._closed_period IS NULL');
  const asOfItsTime = child.periodKind === parent.periodKind && parent.core.strategy === 'history';
  return has('_is_current') && !asOfItsTime ? raw('c._is_current') : raw('true');
}
