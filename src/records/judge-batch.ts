import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Basis } from '../checks/basis.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { TypedRecords } from '../validation/check-records.ts';
import { checkRows } from '../validation/check-rows.ts';
import type { CheckedRows } from '../validation/checked-rows.ts';
import type { Scratch } from '../validation/scratch.ts';
import { parentKeys } from './record-keys.ts';
import type { RecordPlan } from './record-plan.ts';
import { BAD, foldRecords, keyColumns, STAND, viewAmong } from './rows-as-they-stand.ts';
import type { RecordFault } from './write-batch.ts';

/** How often rows are looked at again, because a record before them turned out to be bad. */
const MOST_ROUNDS = 100;

export interface ToJudge {
  readonly dataset: RecordsDataset;
  readonly plan: RecordPlan;
  readonly typed: TypedRecords;
  readonly basis: Basis;
  /** Rows follow from those before them: some member is absent, and records update rows. */
  readonly folds: boolean;
  /** Core rows are among those in which values are looked for. */
  readonly looksInCore: boolean;
}

/** Checks every record as its row will be; the relation of these rows is returned too. */
export async function judgeBatch(
  scratch: Scratch,
  input: ToJudge,
): Promise<{ readonly checked: CheckedRows; readonly stand: string }> {
  const { dataset, plan, typed, basis, folds } = input;
  // A surrogate key of a parent follows from its natural key, which must exist like that of a foreign key.
  const judged = { ...dataset, foreignKeys: parentKeys(dataset) };
  for (let round = 1; ; round++) {
    if (folds) await foldRecords(scratch, dataset, { plan, typed });
    const stand = folds ? STAND : typed.typed.relation;
    const among = input.looksInCore ? await viewAmong(scratch, plan, stand) : stand;
    const checked = await checkRows(scratch, judged, { ...typed, stand: among }, basis);
    if (!folds || checked.rows.rejected === 0) return { checked, stand };
    if (!(await knowMoreBad(scratch, input, checked)) || round >= MOST_ROUNDS) return { checked, stand };
  }
}

/**
 * Of every key the first record that is bad is known to be: those before it were right. Answers whether a later record of
 * such a key has to be looked at again.
 */
async function knowMoreBad(
  scratch: Scratch,
  { dataset, plan }: ToJudge,
  { faults }: CheckedRows,
): Promise<boolean> {
  const key = keyColumns(plan, dataset).join(', ');
  const fresh = `SELECT rid FROM ${faults.rejected} WHERE rid NOT IN (SELECT rid FROM ${BAD})`;
  const first = `SELECT arg_min(rid, r) AS rid FROM ${STAND} WHERE rid IN (${fresh}) AND counts GROUP BY ${key}`;
  await scratch.run(`CREATE OR REPLACE TEMP TABLE fresh AS ${first}`);
  const again = await scratch.count(
    `SELECT count(*) FROM ${STAND} AS s SEMI JOIN (SELECT * FROM ${STAND} WHERE rid IN (SELECT rid FROM fresh)) AS f
     ON ${keyColumns(plan, dataset)
       .map((name) => `s.${name} = f.${name}`)
       .join(' AND ')} AND s.r > f.r`,
  );
  await scratch.run(`INSERT INTO ${BAD} SELECT rid FROM fresh`);
  return again > 0;
}

/**
 * What is wrong with each bad record: `staging_id`, `errors` (JSON), whether a missing parent is all of it, and the `key`
 * (JSON of what could be read of it, null: nothing).
 */
export async function writeJudgements(
  scratch: Scratch,
  { dataset, plan, typed }: ToJudge,
  {
    checked,
    attempts,
    more,
  }: {
    readonly checked: CheckedRows;
    readonly attempts: string;
    readonly more: readonly RecordFault[];
  },
): Promise<string> {
  const path = joinPath(scratch.folder, 'judged.parquet');
  const unreadable = joinPath(scratch.folder, 'unreadable.json');
  writeFileSync(unreadable, `${more.map((fault) => JSON.stringify(fault)).join('\n')}\n`);
  const types = "{stagingId: 'BIGINT', code: 'VARCHAR', message: 'VARCHAR'}";
  const all = `SELECT row, field, code, message, value, severity, rule FROM (${checked.everyFault()})
    UNION ALL SELECT "stagingId", NULL, code, message, NULL, 'error', '' FROM read_json(${literal(unreadable)}, format = 'newline_delimited', columns = ${types})`;
  const key = dataset.core.key.map((name) => {
    const column = plan.columns.find((each) => each.name === name);
    return `${literal(name)}: v${column?.index}`;
  });
  const error = `{'attempt': a.attempt + 1, 'field': f.field, 'code': f.code, 'message': f.message, 'value': f.value}`;
  await scratch.run(
    `COPY (SELECT f.row AS staging_id, CAST(to_json(list(${error} ORDER BY f.rule)) AS VARCHAR) AS errors,
         bool_and(f.code = 'foreign-key') AS lacks_parent, any_value(k.key) AS key
       FROM (${all}) AS f JOIN ${attempts} AS a ON a.staging_id = f.row
         LEFT JOIN (SELECT r, CAST(to_json({${key.join(', ')}}) AS VARCHAR) AS key FROM ${typed.typed.relation}) AS k ON k.r = f.row
       WHERE f.severity = 'error' GROUP BY f.row)
     TO ${literal(path)} (FORMAT parquet)`,
  );
  return path;
}

/**
 * The rows of good records: `staging_id`, `given` (the record says something that no later one of its key says again) and
 * the fields.
 */
export async function writeGoodRows(
  scratch: Scratch,
  { dataset, plan, folds }: ToJudge,
  { checked, stand }: { readonly checked: CheckedRows; readonly stand: string },
): Promise<string> {
  const path = joinPath(scratch.folder, 'good.parquet');
  const columns = plan.columns.filter((column) => column !== plan.marks);
  const values = columns.map(({ index, name }) => `v${index} AS ${quoteName(name)}`).join(', ');
  const good = `rid NOT IN (SELECT rid FROM ${checked.faults.rejected})`;
  const key = keyColumns(plan, dataset).join(', ');
  const marks = `v${plan.marks.index}`;
  const lasts = columns.map(
    ({ index }) =>
      `r = max(CASE WHEN counts AND substr(${marks}, ${index + 1}, 1) = '1' THEN r END) OVER of_key`,
  );
  const updates = dataset.core.onDuplicate === 'update';
  const given = folds
    ? `coalesce(${lasts.join(' OR ')}, false)`
    : updates
      ? 'r = max(r) OVER of_key'
      : 'true';
  const window = updates ? ` WINDOW of_key AS (PARTITION BY ${key})` : '';
  await scratch.run(
    `COPY (SELECT r AS staging_id, ${given} AS given, ${values} FROM ${stand} WHERE ${good}${window})
     TO ${literal(path)} (FORMAT parquet)`,
  );
  return path;
}
