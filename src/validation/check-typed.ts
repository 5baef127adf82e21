import type { Basis } from '../checks/basis.ts';
import type { CheckEnv } from '../checks/check-env.ts';
import { Faults } from '../checks/faults.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type CheckedRows, findingTotals } from './checked-rows.ts';
import { everyFault } from './every-fault.ts';
import { checkEachRow, checkWholeFile } from './make-checks.ts';
import type { Scratch } from './scratch.ts';

/** Rows that have their types already, as corrections leave them. */
export interface TypedRows {
  readonly door: 'typed';
  /** A relation in the engine of `rid`, `r`, `m` (always null) and the values `v<index>` of the planned columns. */
  readonly relation: string;
  readonly plan: readonly PlannedColumn[];
}

/** Makes the checks of keys, rows and the whole on rows that are typed already. */
export async function checkTyped(
  engine: Scratch,
  dataset: Dataset,
  { relation, plan }: TypedRows,
  basis: Basis,
): Promise<CheckedRows> {
  const relations = { data: relation, judged: relation };
  const read = await engine.count(`SELECT count(*) FROM ${relation}`);
  const faults = new Faults(engine);
  await faults.begin();
  const env: CheckEnv = {
    ...{ engine, dataset, plan, read, basis, faults },
    rows: relations,
    tableFindings: [],
    keysRepeat: false,
    sent: null,
    readable: () => 'true',
  };
  await checkEachRow(env);
  const rejected = await faults.reject();
  await checkWholeFile(env, read - rejected);
  return {
    ...{ plan, relations, faults },
    tableFindings: env.tableFindings,
    rows: { read, accepted: read - rejected, rejected },
    findings: findingTotals(faults, env.tableFindings),
    everyFault: () =>
      everyFault(faults, relation, {
        relation: `(SELECT rid, [${plan.map(({ index }) => `v${index}::VARCHAR`).join(', ')}] AS cells FROM ${relation})`,
        place: ({ index }) => index,
      }),
  };
}
