import type { Basis } from '../checks/basis.ts';
import { Faults } from '../checks/faults.ts';
import { labelOf, type PlannedColumn } from '../checks/planned-column.ts';
import { softenedBy } from '../checks/strictness.ts';
import { wordsOf } from '../checks/wording.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { CanonicalExtract } from '../readers/reader.ts';
import { type CheckedRows, findingTotals } from './checked-rows.ts';
import { everyFault } from './every-fault.ts';
import { checkCells } from './form/cells.ts';
import { checkEachRow } from './make-checks.ts';
import { MESSAGES } from './messages.ts';
import { rawTexts } from './raw-rows.ts';
import { ALL_DATA } from './row-bits.ts';
import { rowReadable } from './row-readable.ts';
import type { Scratch } from './scratch.ts';
import type { SourceEnv } from './source-env.ts';
import { type TypedSource, typeRows } from './typed-rows.ts';

/** Records whose cells have their types, before any check. */
export interface TypedRecords {
  readonly door: 'records';
  readonly plan: readonly PlannedColumn[];
  readonly typed: TypedSource;
  /**
   * The rows as they will be, like `typed.relation`; rows of a negative `rid` are those of core, among which values
   * are looked for, and no fault of theirs is reported.
   */
  readonly resulting: string;
  /** Columns that must have a value in the rows as they will be; in the others it is seen cell by cell. */
  readonly mustBeFilled: readonly PlannedColumn[];
}

/** Types the cells of records: every record is a row, whatever its cells say. */
export async function typeRecords(
  engine: Scratch,
  extract: CanonicalExtract,
  plan: readonly PlannedColumn[],
): Promise<TypedRecords> {
  const typed = await typeRows(engine, extract, plan, { format: 'records', rows: ALL_DATA });
  return { door: 'records', plan, typed, resulting: typed.relation, mustBeFilled: [] };
}

/** Makes the checks of cells, keys and rows. Records have no file, so that nothing is said about one. */
export async function checkRecords(
  engine: Scratch,
  dataset: Dataset,
  { plan, typed, resulting, mustBeFilled }: TypedRecords,
  basis: Basis,
): Promise<CheckedRows> {
  const faults = new Faults(engine);
  await faults.begin();
  const read = await engine.count(`SELECT count(*) FROM ${typed.relation}`);
  const kept = new Map<number, number>();
  const relations = { typed: typed.relation, data: typed.relation, judged: resulting };
  const env: SourceEnv = {
    ...{ engine, dataset, basis, plan, faults, kept, read },
    layout: { format: 'records', file: '', sheet: null, headers: [], mapping: [] },
    rows: relations,
    scan: typed.scan,
    tableFindings: [],
    keysRepeat: true,
    sent: null,
    readable: (columns) => rowReadable(kept, columns),
  };
  if (!typed.sound) await checkCells(env);
  for (const column of mustBeFilled) await checkFilled(env, column);
  await checkEachRow(env);
  if (resulting !== typed.relation)
    await faults.drop(`SELECT DISTINCT rid FROM ${faults.relation} WHERE rid < 0`);
  const rejected = await faults.reject();
  return {
    ...{ plan, relations, faults, tableFindings: [] },
    rows: { read, accepted: read - rejected, rejected },
    findings: findingTotals(faults, []),
    everyFault: () =>
      everyFault(faults, typed.relation, {
        // Numbering rows keeps the scan in file order.
        relation: `(SELECT row_number() OVER () - 1 AS rid, ${rawTexts(typed.scan)} AS cells FROM ${typed.scan.records})`,
        place: ({ source }) => source,
      }),
  };
}

async function checkFilled(env: SourceEnv, column: PlannedColumn): Promise<void> {
  const words = wordsOf(MESSAGES['constraint-error.required'], { column: labelOf(column.field) });
  const { required } = column.field.rules;
  await env.faults.add(
    { name: 'required', severity: 'error', columns: [column], ...words },
    `SELECT rid FROM ${env.rows.judged} WHERE v${column.index} IS NULL AND ${env.readable([column])}`,
    required && softenedBy(required, words.summary, env.read),
  );
}
