import { periodAsOf } from '../../domain/period.ts';
import { raw, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnInfo } from '../../warehouse/warehouse.ts';
import type { Reference } from './reference-lists.ts';

/** The rows of a list's core table that count for the period: rows that are not closed, intervals that contain it. */
export function validInCore(columns: readonly ColumnInfo[], reference: Reference): Sql {
  const { dataset, list, period } = reference;
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has('_closed_period')) {
    // A row that belongs to its period for good may refer to a row that was closed later, as it may in core.
    const stays = dataset.core.strategy === 'replace_period' && dataset.periodKind === list.periodKind;
    return stays
      ? sql`(_closed_period IS NULL OR _closed_period > ${period.text})`
      : raw('_closed_period IS NULL');
  }
  const asOf = has('_valid_from') ? periodAsOf(list.periodKind, period)?.text : undefined;
  return asOf === undefined
    ? raw('1 = 1')
    : sql`_valid_from <= ${asOf} AND (_valid_to IS NULL OR _valid_to > ${asOf})`;
}
