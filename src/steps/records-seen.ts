import type { Dataset, RecordsDataset } from '../domain/dataset.ts';
import { newestPromotionOf } from '../ledger/promotions.ts';
import type { AcceptedGuard } from '../promotion/guards.ts';
import { batchIdentity, recordRules } from '../records/approved.ts';
import type { RecordsAsked } from '../records/batch.ts';
import { targetOf } from '../records/gates.ts';
import type { Weighed } from '../records/weigh-batch.ts';
import type { Now } from './seen.ts';

/** What a promotion of records is made from: the records, the rules, and the state of the core tables that it reads. */
export async function recordsBasis(
  weighed: Weighed,
  datasets: ReadonlyMap<string, Dataset>,
): Promise<object> {
  const { session, dataset, shape } = weighed;
  const parents = [...dataset.foreignKeys, ...dataset.core.references].map((key) => key.dataset);
  const tables = new Set([dataset.core.table]);
  for (const name of parents) tables.add(datasets.get(name)?.core.table ?? '');
  const after: (readonly [string, number])[] = [];
  for (const table of tables) after.push([table, Number((await newestPromotionOf(session, table)) ?? 0)]);
  return { ...(await batchIdentity(weighed)), rules: recordRules(shape), after };
}

/** The call again, for the refusal of one whose preview has changed. */
export function recordsNow(
  step: string,
  input: RecordsAsked & { readonly dataset: RecordsDataset; readonly acceptGuards: readonly AcceptedGuard[] },
): Omit<Now, 'told'> {
  const { dataset, run, stagingIds, acceptGuards } = input;
  const options = {
    dataset: dataset.name,
    ...(run === null ? { all: true as const } : { run }),
    ...(stagingIds.length === 0 ? {} : { stagingId: stagingIds }),
    ...(acceptGuards.length === 0 ? {} : { acceptGuard: acceptGuards.map(({ name }) => name) }),
  };
  const { period } = targetOf(dataset);
  return { step, options, decided: acceptGuards[0], where: { dataset: dataset.name, period } };
}
