import type { PlannedColumn } from '../checks/planned-column.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { TypedRecords } from '../validation/check-records.ts';
import type { Scratch } from '../validation/scratch.ts';
import type { CoreAround } from './core-around.ts';
import type { RecordPlan } from './record-plan.ts';

/** Relations of the scratch engine, beside those of the checks. */
export const RESULTING = 'resulting';
/** The numbers (`rid`) of records that are known to be bad, whose cells no later record takes over. */
export const BAD = 'bad';
const HELD = 'held';
const OTHERS = 'others';

/** Makes the relations of the core rows, each empty where none were read, and the list of bad records, still empty. */
export async function viewCore(
  scratch: Scratch,
  plan: RecordPlan,
  { held, others }: Pick<CoreAround, 'held' | 'others'>,
): Promise<void> {
  await scratch.run(`CREATE TABLE ${BAD} (rid BIGINT)`);
  for (const [name, path] of [
    [HELD, held],
    [OTHERS, others],
  ] as const) {
    const values = plan.columns.map((column) => {
      if (column === plan.marks) return `${literal('1'.repeat(column.index))} AS v${column.index}`;
      const value = path === null ? 'NULL' : quoteName(column.name);
      return `CAST(${value} AS ${column.sqlType}) AS v${column.index}`;
    });
    const from = path === null ? '' : ` FROM read_parquet(${literal(path)})`;
    const by = path === null ? 'NULL::BIGINT' : '_updated_by_staging_id';
    await scratch.run(
      `CREATE VIEW ${name} AS SELECT ${values.join(', ')}, ${by} AS updated_by${from}${path === null ? ' WHERE false' : ''}`,
    );
  }
}

/**
 * The rows as they will be, each after the records of its key before it: a member that is absent leaves the cell as it
 * is. Bad records leave nothing behind, and neither do those older than the one that changed the core row last.
 */
export async function foldRecords(
  scratch: Scratch,
  dataset: RecordsDataset,
  { plan, typed }: { readonly plan: RecordPlan; readonly typed: TypedRecords },
): Promise<void> {
  const columns = plan.columns.filter((column) => column !== plan.marks);
  const marks = `v${plan.marks.index}`;
  const given = ({ index }: PlannedColumn) => `substr(${marks}, ${index + 1}, 1) = '1'`;
  const left = (column: PlannedColumn) =>
    `last_value(CASE WHEN counts AND ${given(column)} THEN {'v': v${column.index}} END IGNORE NULLS) OVER earlier AS s${column.index}`;
  const resultOf = ({ index, ...column }: PlannedColumn) =>
    `CASE WHEN ${given({ index, ...column })} OR s${index} IS NULL THEN v${index} ELSE s${index}.v END AS v${index}`;
  const values = columns.map(({ index }) => `v${index}`).join(', ');
  const key = keyColumns(plan, dataset);
  const same = key.map((name) => `t.${name} = h.${name}`).join(' AND ');
  const rows = `
    SELECT -1 AS rid, 0 AS r, NULL::UINTEGER[] AS m, ${values}, ${marks}, true AS counts FROM ${HELD}
    UNION ALL
    SELECT t.rid, t.r, t.m, ${plan.columns.map(({ index }) => `t.v${index}`).join(', ')},
      t.rid NOT IN (SELECT rid FROM ${BAD}) AND coalesce(t.r > h.updated_by, true) AS counts
    FROM ${typed.typed.relation} AS t LEFT JOIN ${HELD} AS h ON ${same}`;
  await scratch.run(
    `CREATE OR REPLACE TABLE ${RESULTING} AS
     SELECT rid, r, m, ${columns.map(resultOf).join(', ')}, ${marks}, counts
     FROM (SELECT *, ${columns.map(left).join(', ')} FROM (${rows})
       WINDOW earlier AS (PARTITION BY ${key.join(', ')}, ${ofNoKey(plan, dataset)} ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
     WHERE rid >= 0 ORDER BY rid`,
  );
}

/**
 * The rows among which values are looked for: those as they will be, without those of bad records, and core rows that
 * no record changes, with negative numbers.
 */
export async function viewAmong(
  scratch: Scratch,
  dataset: RecordsDataset,
  plan: RecordPlan,
  resulting: string,
): Promise<string> {
  const values = plan.columns.map(({ index }) => `v${index}`).join(', ');
  const same = (left: string, right: string) =>
    keyColumns(plan, dataset)
      .map((name) => `${left}.${name} = ${right}.${name}`)
      .join(' AND ');
  const changed =
    dataset.core.onDuplicate === 'skip'
      ? ''
      : `ANTI JOIN (SELECT s.* FROM ${resulting} AS s LEFT JOIN ${HELD} AS h ON ${same('s', 'h')}
           WHERE s.rid NOT IN (SELECT rid FROM ${BAD}) AND coalesce(s.r > h.updated_by, true)) AS g
         ON ${same('o', 'g')}`;
  await scratch.run(
    `CREATE OR REPLACE VIEW among AS SELECT rid, r, m, ${values} FROM ${resulting}
       WHERE rid NOT IN (SELECT rid FROM ${BAD})
     UNION ALL SELECT -2 - row_number() OVER (), 0, NULL, ${values} FROM (SELECT o.* FROM ${OTHERS} AS o ${changed})`,
  );
  return 'among';
}

/** Sets each record apart whose key is not whole: it builds on no other one. */
export function ofNoKey(plan: RecordPlan, dataset: RecordsDataset): string {
  const blank = keyColumns(plan, dataset).map((name) => `${name} IS NULL`);
  return `CASE WHEN ${blank.join(' OR ')} THEN r END`;
}

/** The columns of the key in the scratch engine. */
export function keyColumns({ columns }: RecordPlan, { core }: RecordsDataset): string[] {
  return core.key.map((name) => `v${columns.find((column) => column.name === name)?.index}`);
}
