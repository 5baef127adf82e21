import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import {
  type ApplyAt,
  type CoreShape,
  changingColumns,
  isStaged,
  sameKey,
  sameRow,
  storedColumns,
} from './core-shape.ts';
import { coreTable, type Diff } from './diff.ts';

/**
 * Applies a diff of intervals. Rows that are copied from an interval which is cut or removed are copied first, while it
 * exists. The beginning of an interval never changes, so that no row takes another row's place.
 */
export async function applyHistory(
  session: Session,
  shape: CoreShape,
  diff: Diff,
  at: ApplyAt,
): Promise<void> {
  const has = (op: 'added' | 'modified' | 'removed') => (diff.byOperation.get(op) ?? 0) > 0;
  if (has('added') && diff.nextPeriod !== null) await session.execute(copyAfter(shape, diff, at));
  if (has('removed')) {
    await session.execute(
      sql`DELETE FROM ${coreTable(shape)} AS c WHERE EXISTS (
        SELECT 1 FROM ${diff.change} AS d WHERE d._op = 'removed' AND ${sameRow(shape, 'd', 'c')})`,
    );
  }
  if (has('modified')) {
    await session.execute(sql`UPDATE ${coreTable(shape)} AS c SET ${ends}, _updated_by = ${at.promotionId}
      FROM ${diff.change} AS d WHERE d._op = 'modified' AND d._from = 'self' AND ${sameRow(shape, 'd', 'c')}`);
    await session.execute(setValues(shape, diff, at));
  }
  if (has('added')) await session.execute(addDelivered(shape, diff, at));
}

const ends = raw('_valid_to = d._valid_to, _is_current = d._valid_to IS NULL');

function setValues(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  const values = changingColumns(shape).map((name) => sql`${ident(name)} = ${ident('n', name)}, `);
  return sql`UPDATE ${coreTable(shape)} AS c SET ${join(values, '')}_file_id = n._file_id, _source_row = n._source_row,
      ${ends}, _updated_by = ${at.promotionId}
    FROM ${diff.source} AS n, ${diff.change} AS d
    WHERE d._op = 'modified' AND d._from = 'source' AND ${sameKey(shape, 'd', 'n')} AND ${sameRow(shape, 'd', 'c')}`;
}

function addDelivered(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  return sql`${insert(shape)} SELECT ${values(shape, 'n')}, d._valid_from, n._file_id, n._source_row, ${tail(at)}${raw(isStaged(shape) ? ', d._live' : '')}
    FROM ${diff.source} AS n JOIN ${diff.change} AS d ON ${sameKey(shape, 'd', 'n')}
    WHERE d._op = 'added' AND d._from = 'source'`;
}

/** The part of an interval from the next promoted period on becomes an interval of its own. */
function copyAfter(shape: CoreShape, diff: Diff, at: ApplyAt): Sql {
  const [file, row, beside] =
    diff.following === null
      ? [raw('c._file_id'), raw('c._source_row'), raw('')]
      : [
          raw('COALESCE(f._file_id, c._file_id)'),
          raw('CASE WHEN f._file_id IS NULL THEN c._source_row ELSE f._source_row END'),
          sql`LEFT JOIN ${diff.following} AS f ON ${sameKey(shape, 'f', 'c')}`,
        ];
  return sql`${insert(shape)} SELECT ${values(shape, 'c')}, d._valid_from, ${file}, ${row}, ${tail(at)}${raw(isStaged(shape) ? ', c._live' : '')}
    FROM ${coreTable(shape)} AS c JOIN ${diff.change} AS d ON ${sameKey(shape, 'd', 'c')} AND d._copied = c._valid_from
      ${beside} WHERE d._op = 'added' AND d._from = 'core'`;
}

function insert(shape: CoreShape): Sql {
  const names = columnList(storedColumns(shape));
  return sql`INSERT INTO ${coreTable(shape)} (${names}, _data_period, _file_id, _source_row, _created_by, _updated_by,
    _valid_from, _valid_to, _is_current${raw(isStaged(shape) ? ', _live' : '')})`;
}

function values(shape: CoreShape, alias: string): Sql {
  return join(storedColumns(shape).map((name) => ident(alias, name)));
}

function tail({ promotionId }: ApplyAt): Sql {
  const writer = sql`CAST(${promotionId} AS BIGINT)`;
  return sql`${writer}, ${writer}, d._valid_from, d._valid_to, d._valid_to IS NULL`;
}
