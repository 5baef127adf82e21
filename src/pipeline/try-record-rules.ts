import { basisWithout } from '../checks/basis.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { recordPlan } from '../records/record-plan.ts';
import { type HandedOver, writeBatch } from '../records/write-batch.ts';
import { typeRecords } from '../validation/check-records.ts';
import { checkRows } from '../validation/check-rows.ts';
import { Scratch } from '../validation/scratch.ts';
import { verifyConfig } from '../validation/verify-config.ts';

/** A record without a member: its row has the constants and the defaults, and nothing else. */
const EMPTY: readonly HandedOver[] = [{ stagingId: 1, text: '{}' }];

/**
 * Tries the rules of a dataset that takes records. Throws `bad-config` for a rule that cannot be computed, and for
 * constants and defaults that break the rules of their own fields: no record could ever be right.
 */
export async function tryRecordRules(folder: string, dataset: RecordsDataset): Promise<void> {
  const plan = recordPlan(dataset, true);
  const { extract } = await writeBatch(folder, { ...dataset, source: TAKES_ALL }, plan, only(EMPTY));
  const scratch = await Scratch.open(folder, { width: extract.width, bytes: 0 });
  try {
    await verifyConfig(scratch, dataset, plan.columns);
    const typed = await typeRecords(scratch, extract, plan.columns);
    const { everyFault } = await checkRows(scratch, dataset, typed, basisWithout(NO_PERIOD));
    await refuseBadTexts(scratch, dataset, everyFault());
  } finally {
    scratch.close();
  }
}

const TAKES_ALL: RecordsDataset['source'] = { kind: 'records', unknown: 'ignore' };

async function* only(portion: readonly HandedOver[]): AsyncGenerator<readonly HandedOver[]> {
  yield portion;
}

async function refuseBadTexts(scratch: Scratch, dataset: RecordsDataset, faults: string): Promise<void> {
  const found = await scratch.rows<{ readonly field: string; readonly message: string }>(
    `SELECT DISTINCT field, message FROM (${faults})
     WHERE severity = 'error' AND code IN ('type-error', 'constraint-error') ORDER BY field, message`,
  );
  const wrong = found.flatMap(({ field: name, message }) => {
    const field = dataset.fields.find((each) => each.name === name);
    if (field === undefined) return [];
    return [`field '${name}', ${field.value === null ? 'default' : 'value'}: ${message}`];
  });
  if (wrong.length === 0) return;
  throw new TidemarkError('bad-config', {
    message: `Dataset '${dataset.name}': ${wrong.join(' ')}`,
    hint: words`Fix it in the configuration, then run \`${command('config check')}\`.`,
    where: { dataset: dataset.name },
  });
}
