import { isRecordsDataset } from '../domain/dataset.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { applyHistory } from './apply-history.ts';
import {
  type ApplyAt,
  type CoreShape,
  changingColumns,
  isStaged,
  sameKey,
  storedColumns,
} from './core-shape.ts';
import { coreTable, type Diff } from './diff.ts';
import { touched } from './journal.ts';

/** Applies a diff to the core table. Keys are never updated, and rows that do not change are not touched. */
export async function applyDiff(session: Session, shape: CoreShape, diff: Diff, at: ApplyAt): Promise<void> {
  if (shape.dataset.core.strategy === 'history') return applyHistory(session, shape, diff, at);
  const has = (op: Parameters<typeof diff.byOperation.get>[0]) => (diff.byOperation.get(op) ?? 0) > 0;
  if (has('removed')) {
    await session.execute(
      sql`DELETE FROM ${coreTable(shape)} AS c WHERE ${touched(shape, diff, at.period, 'removed')}`,
    );
  }
  if (has('closed')) await session.execute(close(shape, diff, at));
  if (has('owned')) await session.execute(own(shape, diff, at));
  if (has('modified')) await session.execute(modify(shape, diff, at));
  if (has('reverted') && diff.earlier !== null) await session.execute(revert(shape, diff, diff.earlier, at));
  if (has('added')) await session.execute(add(shape, diff, at));
}

function close(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  return sql`UPDATE ${coreTable(shape)} AS c SET _closed_period = ${at.period}, _updated_by = ${at.promotionId},
      _data_period = COALESCE(d._to_period, c._data_period)
    FROM ${diff.change} AS d WHERE d._op = 'closed' AND ${sameKey(shape, 'd', 'c')}`;
}

function own(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  return sql`UPDATE ${coreTable(shape)} AS c SET _data_period = d._to_period, _updated_by = ${at.promotionId}
    FROM ${diff.change} AS d WHERE d._op = 'owned' AND ${sameKey(shape, 'd', 'c')}`;
}

function modify(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  const closing = shape.closes ? sql`, _closed_period = CAST(${diff.closedPeriod} AS VARCHAR)` : raw('');
  const ofPeriod =
    shape.dataset.core.strategy === 'replace_period' ? sql` AND c._data_period = ${at.period}` : raw('');
  return sql`UPDATE ${coreTable(shape)} AS c SET ${assignments(shape, 'n')}_data_period = ${at.period},
      ${placeSet(shape, 'n')}, _updated_by = ${at.promotionId}${closing}
    FROM ${diff.source} AS n, ${diff.change} AS d
    WHERE d._op = 'modified' AND ${sameKey(shape, 'd', 'n')} AND ${sameKey(shape, 'c', 'n')}${ofPeriod}`;
}

function revert(shape: CoreShape, diff: Diff, earlier: Sql, at: ApplyAt): Sql {
  return sql`UPDATE ${coreTable(shape)} AS c SET ${assignments(shape, 'e')}_data_period = e._data_period,
      _file_id = e._file_id, _source_row = e._source_row, _updated_by = ${at.promotionId}
    FROM ${earlier} AS e, ${diff.change} AS d
    WHERE d._op = 'reverted' AND ${sameKey(shape, 'd', 'e')} AND ${sameKey(shape, 'c', 'e')}`;
}

function assignments(shape: CoreShape, from: string): Sql {
  return join(
    changingColumns(shape).map((name) => sql`${ident(name)} = ${ident(from, name)}, `),
    '',
  );
}

function add(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  const names = storedColumns(shape);
  const closing = shape.closes ? sql`, CAST(${diff.closedPeriod} AS VARCHAR)` : raw('');
  return sql`INSERT INTO ${coreTable(shape)} (${columnList(names)}, _data_period, ${raw(placeColumns(shape))}, _created_by,
      _updated_by${raw(`${shape.closes ? ', _closed_period' : ''}${isStaged(shape) ? ', _live' : ''}`)})
    SELECT ${join(names.map((name) => ident('n', name)))}, ${at.period}, ${placeValues(shape)},
      CAST(${at.promotionId} AS BIGINT), CAST(${at.promotionId} AS BIGINT)${closing}${raw(isStaged(shape) ? ', false' : '')}
    FROM ${diff.source} AS n
    WHERE EXISTS (SELECT 1 FROM ${diff.change} AS d WHERE d._op = 'added' AND ${sameKey(shape, 'd', 'n')})`;
}

/** Where a row came from: file and row, or the record that made it and the one that changed it last. */
function placeColumns({ dataset }: CoreShape): string {
  return isRecordsDataset(dataset)
    ? '_created_by_staging_id, _updated_by_staging_id'
    : '_file_id, _source_row';
}

/** The rows to promote have the number of their record in `_source_row`. */
function placeValues({ dataset }: CoreShape): Sql {
  return raw(isRecordsDataset(dataset) ? 'n._source_row, n._source_row' : 'n._file_id, n._source_row');
}

function placeSet({ dataset }: CoreShape, from: string): Sql {
  const row = ident(from, '_source_row');
  return isRecordsDataset(dataset)
    ? sql`_updated_by_staging_id = ${row}`
    : sql`_file_id = ${ident(from, '_file_id')}, _source_row = ${row}`;
}
