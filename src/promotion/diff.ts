import { ident, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { CoreShape } from './core-shape.ts';
import type { SessionTables } from './session-tables.ts';

/**
 * What a promotion does to a core row. `reverted`: its values become those of an earlier period again. `owned`: only
 * its `_data_period` changes, to the period that delivered it last. `shadowed` changes nothing and is only counted.
 */
const OPERATIONS = ['added', 'modified', 'reverted', 'owned', 'closed', 'removed', 'shadowed'] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface DiffCounts {
  readonly read: number;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly closed: number;
  readonly shadowed: number;
  readonly unchanged: number;
  readonly cells: number;
  /** Core rows with which the delivery is compared, without closed ones. */
  readonly scope: number;
}

/** What a promotion would do, in temporary tables. */
export interface Diff {
  /**
   * Key columns, `_op`, `_cells` (how many differ) and `_to_period` (the row's new `_data_period` where it is not the one
   * promoted); a row for every key that is not unchanged.
   */
  readonly change: Sql;
  /** The same by key, as people count, where one key may have several core rows (`history`); else `change`. */
  readonly keys: Sql;
  /** The rows to promote: business columns, `_file_id`, `_source_row`. */
  readonly source: Sql;
  /** Rows of earlier periods whose values `reverted` keys get back (with `_data_period`); null where there are none. */
  readonly earlier: Sql | null;
  readonly byOperation: ReadonlyMap<Operation, number>;
  readonly counts: DiffCounts;
  /** `_closed_period` of the rows that are added or modified. */
  readonly closedPeriod: string | null;
  /** `history`: the next promoted period, where the interval ends; null where there is none. */
  readonly nextPeriod: string | null;
  /** `history`: key, `_file_id` and `_source_row` of the next promoted period, for what is copied into it; null: unknown. */
  readonly following: Sql | null;
}

/** Facts that only the strategy `history` has. */
export const NO_INTERVALS = { nextPeriod: null, following: null } as const;

export interface StagedRows {
  readonly session: Session;
  readonly scratch: SessionTables;
  readonly shape: CoreShape;
  readonly period: string;
  readonly slice: string;
  /** Temporary table of the rows to promote. */
  readonly source: Sql;
}

export function coreTable(shape: CoreShape): Sql {
  return ident('core', shape.table.name);
}

/** Counts a finished change table. Every row that was read is added, modified, shadowed or unchanged. */
export async function countDiff(
  input: StagedRows,
  change: Sql,
  scopeCondition: Sql,
): Promise<{ byOperation: Map<Operation, number>; counts: DiffCounts }> {
  const { session, shape, source } = input;
  const groups = await session.query<{ op: Operation; rows: number; cells: number }>(
    sql`SELECT _op AS op, count(*) AS rows, CAST(sum(_cells) AS BIGINT) AS cells FROM ${change} GROUP BY _op`,
  );
  const rows = await countRows(session, source);
  const open = shape.closes ? sql`AND c._closed_period IS NULL` : sql``;
  const scope = await countRows(session, sql`${coreTable(shape)} AS c WHERE ${scopeCondition} ${open}`);
  const byOperation = new Map(groups.map((group) => [group.op, Number(group.rows)]));
  const of = (op: Operation) => byOperation.get(op) ?? 0;
  return {
    byOperation,
    counts: {
      read: rows,
      added: of('added'),
      modified: of('modified') + of('reverted'),
      removed: of('removed'),
      closed: of('closed'),
      shadowed: of('shadowed'),
      unchanged: rows - of('added') - of('modified') - of('shadowed'),
      cells: groups.reduce((sum, group) => sum + Number(group.cells), 0),
      scope,
    },
  };
}
