import { timestamp } from '../ledger/deliveries.ts';
import { ident, join, raw, type Sql, sql } from '../warehouse/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import type { CoreShape } from './core-shape.ts';
import { identityColumns, sameRow } from './core-shape.ts';
import { coreTable, type Diff, type Operation } from './diff.ts';

/** Columns of every `history.<table>`. Values stand in the before-image as text, so that none loses a digit. */
export const JOURNAL_COLUMNS: readonly ColumnInfo[] = [
  { name: '_promotion_id', type: 'BIGINT', nullable: true },
  { name: '_operation', type: 'VARCHAR', nullable: true },
  { name: '_key', type: 'VARCHAR', nullable: true },
  { name: '_before', type: 'VARCHAR', nullable: true },
  { name: '_at', type: 'TIMESTAMP', nullable: true },
];

export function journalTable(shape: CoreShape): TableRef {
  return { schema: 'history', name: shape.table.name };
}

/**
 * Writes the before-image of every row a promotion is about to change (an added row has none). Before the change is
 * applied, in the same transaction. `_key` is a JSON array of texts: the key, after `_data_period` where that is part of
 * what makes a core row unique.
 */
export async function writeJournal(
  session: Session,
  shape: CoreShape,
  diff: Diff,
  at: { readonly promotionId: number; readonly period: string; readonly now: Date },
): Promise<void> {
  const core = (await session.columns(shape.table)) ?? [];
  for (const [operation, rows] of diff.byOperation) {
    if (operation === 'shadowed' || rows === 0) continue;
    const from =
      operation === 'added'
        ? addedRows(shape, diff, at.period)
        : changedRows(shape, diff, core, operation, at.period);
    const before =
      operation === 'added' ? raw('CAST(NULL AS VARCHAR)') : raw('CAST(to_json("_tm_row") AS VARCHAR)');
    await session.execute(
      sql`INSERT INTO ${ident('history', shape.table.name)} (_promotion_id, _operation, _key, _before, _at)
          SELECT CAST(${at.promotionId} AS BIGINT), ${raw(`'${operation}'`)}, ${keyJson(shape)}, ${before},
            CAST(${timestamp(at.now)} AS TIMESTAMP)
          FROM (${from}) AS "_tm_row"`,
    );
  }
}

function keyJson(shape: CoreShape): Sql {
  const texts = identityColumns(shape).map((name) => sql`CAST(${ident('_tm_row', name)} AS VARCHAR)`);
  return sql`CAST(to_json(ARRAY[${join(texts)}]) AS VARCHAR)`;
}

function addedRows(shape: CoreShape, diff: Diff, period: string): Sql {
  const ofChange = identityColumns(shape).filter((name) => name !== '_data_period');
  const key = join(ofChange.map((name) => ident('d', name)));
  return sql`SELECT ${key}, CAST(${period} AS VARCHAR) AS _data_period FROM ${diff.change} AS d WHERE d._op = 'added'`;
}

function changedRows(
  shape: CoreShape,
  diff: Diff,
  core: readonly ColumnInfo[],
  operation: Operation,
  period: string,
): Sql {
  const texts = join(core.map(({ name }) => sql`CAST(${ident('c', name)} AS VARCHAR) AS ${ident(name)}`));
  return sql`SELECT ${texts} FROM ${coreTable(shape)} AS c WHERE ${touched(shape, diff, period, operation)}`;
}

/** The condition that core row `c` is one the diff changes by `operation`. */
export function touched(shape: CoreShape, diff: Diff, period: string, operation: Operation): Sql {
  const ofPeriod =
    shape.dataset.core.strategy === 'replace_period' ? sql`c._data_period = ${period} AND ` : raw('');
  return sql`${ofPeriod}EXISTS (SELECT 1 FROM ${diff.change} AS d
    WHERE d._op = ${raw(`'${operation}'`)} AND ${sameRow(shape, 'd', 'c')})`;
}
