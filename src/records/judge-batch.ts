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
import { BAD, foldRecords, keyColumns, ofNoKey, RESULTING, viewAmong } from './resulting-rows.ts';
import type { RecordFault } from './write-batch.ts';

/** How often the rest is looked at again, because a record turned out to be bad. */
const MOST_ROUNDS = 60;

/** What is wrong with bad records, each as it was found out. */
const FOUND = 'found';
const FRESH = 'fresh';
/** The numbers (`rid`) of records that are not judged, because too many bad ones depend on each other; mostly none. */
const OPEN = 'open_records';

export interface ToJudge {
  readonly dataset: RecordsDataset;
  readonly plan: RecordPlan;
  readonly typed: TypedRecords;
  readonly basis: Basis;
  /** Rows build on those before them: some member is absent, and records update rows. */
  readonly folds: boolean;
  /** Core rows are among those in which values are looked for. */
  readonly looksInCore: boolean;
  /** Records may refer to rows of each other. */
  readonly refersToItself: boolean;
  /** How often the rest is looked at again; for tests. */
  readonly mostRounds?: number;
}

/**
 * Checks every record as its row will be. A bad record gives no row, so that what builds on it or refers to it is
 * looked at again without it. Bad ones are in the relation BAD, with their faults in FOUND; the relation of the rows is
 * returned.
 */
export async function judgeBatch(scratch: Scratch, input: ToJudge): Promise<{ readonly resulting: string }> {
  const { dataset, plan, typed, basis, folds, mostRounds = MOST_ROUNDS } = input;
  const resulting = folds ? RESULTING : typed.typed.relation;
  // A surrogate key of a parent follows from its natural key, which must exist like that of a foreign key.
  const judged = { ...dataset, foreignKeys: parentKeys(dataset) };
  await scratch.run(
    `CREATE TABLE ${FOUND} ("row" BIGINT, field VARCHAR, code VARCHAR, message VARCHAR, value VARCHAR, rule VARCHAR)`,
  );
  await scratch.run(`CREATE TABLE ${OPEN} (rid BIGINT)`);
  for (let round = 1; ; round++) {
    if (folds) await foldRecords(scratch, dataset, { plan, typed });
    const all = round === 1 && !input.looksInCore;
    const among = all ? resulting : await viewAmong(scratch, dataset, plan, resulting);
    const checked = await checkRows(scratch, judged, { ...typed, resulting: among }, basis);
    if (checked.rows.rejected === 0 || !(await knowMoreBad(scratch, input, checked))) return { resulting };
    if (round < mostRounds) continue;
    await scratch.run(`INSERT INTO ${OPEN} SELECT rid FROM (${dependOnFresh(input)})`);
    return { resulting };
  }
}

/**
 * Keeps what is wrong with the records that are bad for certain. Where rows build on each other that is the first bad one
 * of a key: those before it were right. Answers whether others have to be looked at again without them.
 */
async function knowMoreBad(scratch: Scratch, input: ToJudge, checked: CheckedRows): Promise<boolean> {
  const rejected = `SELECT rid FROM ${checked.faults.rejected} WHERE rid NOT IN (SELECT rid FROM ${BAD})`;
  // One that is older than its row leaves nothing behind.
  const fresh = input.folds
    ? `SELECT rid FROM ${RESULTING} WHERE rid IN (${rejected}) AND NOT counts
       UNION ALL SELECT arg_min(rid, r) AS rid FROM ${RESULTING} WHERE rid IN (${rejected}) AND counts
       GROUP BY ${keyColumns(input.plan, input.dataset).join(', ')}, ${ofNoKey(input.plan, input.dataset)}`
    : rejected;
  await scratch.run(`CREATE OR REPLACE TABLE ${FRESH} AS ${fresh}`);
  await scratch.run(`INSERT INTO ${BAD} SELECT rid FROM ${FRESH}`);
  await scratch.run(
    `INSERT INTO ${FOUND} SELECT "row", field, code, message, value, rule FROM (${checked.everyFault()})
     WHERE severity = 'error' AND rid IN (SELECT rid FROM ${FRESH})`,
  );
  return (await scratch.count(`SELECT count(*) FROM (${dependOnFresh(input)})`)) > 0;
}

/** Records whose verdict may change without the bad ones that were found last. */
function dependOnFresh({ dataset, plan, typed, folds, refersToItself, looksInCore }: ToJudge): string {
  const fresh = `(SELECT rid FROM ${FRESH})`;
  const open = `rid NOT IN (SELECT rid FROM ${BAD})`;
  const some = `EXISTS (SELECT 1 FROM ${FRESH})`;
  // Without a bad record that would have changed it, a core row has its values as before.
  const givesBack = looksInCore && dataset.core.onDuplicate === 'update';
  if (refersToItself || givesBack) return `SELECT rid FROM ${typed.typed.relation} WHERE ${some} AND ${open}`;
  if (!folds) return 'SELECT NULL AS rid WHERE false';
  const same = keyColumns(plan, dataset).map((name) => `s.${name} = f.${name}`);
  return `SELECT s.rid FROM ${RESULTING} AS s SEMI JOIN (SELECT * FROM ${RESULTING} WHERE rid IN ${fresh}) AS f
    ON ${same.join(' AND ')} AND s.r > f.r WHERE s.${open}`;
}

/**
 * What is wrong with each bad record: `staging_id`, `errors` (JSON), whether a missing parent is all of it, and the `key`
 * (JSON of what could be read of it, null: nothing).
 */
export async function writeJudgements(
  scratch: Scratch,
  { dataset, plan, typed }: ToJudge,
  { attempts, more }: { readonly attempts: string; readonly more: readonly RecordFault[] },
): Promise<string> {
  const path = joinPath(scratch.folder, 'judged.parquet');
  const unreadable = joinPath(scratch.folder, 'unreadable.json');
  writeFileSync(unreadable, `${more.map((fault) => JSON.stringify(fault)).join('\n')}\n`);
  const types = "{stagingId: 'BIGINT', code: 'VARCHAR', message: 'VARCHAR'}";
  const all = `SELECT "row", field, code, message, value, rule FROM ${FOUND}
    UNION ALL SELECT "stagingId", NULL, code, message, NULL, '' FROM read_json(${literal(unreadable)}, format = 'newline_delimited', columns = ${types})`;
  const key = dataset.core.key.map((name) => {
    const column = plan.columns.find((each) => each.name === name);
    return `${literal(name)}: v${column?.index}`;
  });
  const error = `{'attempt': a.attempt + 1, 'field': f.field, 'code': f.code, 'message': f.message, 'value': f.value}`;
  await scratch.run(
    `COPY (SELECT f."row" AS staging_id, CAST(to_json(list(${error} ORDER BY f.rule)) AS VARCHAR) AS errors,
         bool_and(f.code = 'foreign-key') AS lacks_parent, any_value(k.key) AS key
       FROM (${all}) AS f JOIN ${attempts} AS a ON a.staging_id = f."row"
         LEFT JOIN (SELECT r, CAST(to_json({${key.join(', ')}}) AS VARCHAR) AS key FROM ${typed.typed.relation}) AS k ON k.r = f."row"
       GROUP BY f."row")
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
  resulting: string,
): Promise<string> {
  const path = joinPath(scratch.folder, 'good.parquet');
  const columns = plan.columns.filter((column) => column !== plan.marks);
  const values = columns.map(({ index, name }) => `v${index} AS ${quoteName(name)}`).join(', ');
  const good = `rid NOT IN (SELECT rid FROM ${BAD} UNION ALL SELECT rid FROM ${OPEN})`;
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
    `COPY (SELECT r AS staging_id, ${given} AS given, ${values} FROM ${resulting} WHERE ${good}${window})
     TO ${literal(path)} (FORMAT parquet)`,
  );
  return path;
}
