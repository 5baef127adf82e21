import { sql } from '../sql/sql.ts';
import { inSlice, keyColumns, sameKey } from './core-shape.ts';
import { coreTable, countDiff, type Diff, NO_INTERVALS, type StagedRows } from './diff.ts';
import { cellsThatDiffer, valuesDiffer } from './row-difference.ts';

/** Strategy `replace_period`: core's rows of the period and slice become exactly the delivered rows. */
export async function diffReplacePeriod(input: StagedRows): Promise<Diff> {
  const { scratch, shape, period, slice, source } = input;
  const scope = sql`c._data_period = ${period} AND ${inSlice(shape, slice, 'c')}`;
  const first = sql`c._updated_by IS NULL`;
  const change = await scratch.create(
    'change',
    sql`SELECT ${keyColumns(shape, 'n')},
          CASE WHEN ${first} THEN CAST('added' AS VARCHAR) ELSE 'modified' END AS _op,
          CASE WHEN ${first} THEN 0 ELSE ${cellsThatDiffer(shape)} END AS _cells,
          CAST(NULL AS VARCHAR) AS _to_period
        FROM ${source} AS n
        LEFT JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'n')} AND c._data_period = ${period}
        WHERE ${first} OR ${valuesDiffer(shape)}`,
  );
  await scratch.add(
    change,
    sql`SELECT ${keyColumns(shape, 'c')}, 'removed', 0, NULL FROM ${coreTable(shape)} AS c
        WHERE ${scope} AND NOT EXISTS (SELECT 1 FROM ${source} AS n WHERE ${sameKey(shape, 'n', 'c')})`,
  );
  const counted = await countDiff(input, change, scope);
  return { change, keys: change, source, earlier: null, closedPeriod: null, ...NO_INTERVALS, ...counted };
}
