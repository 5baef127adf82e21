import { compareRecords } from '../comparison/compare-records.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { Wanted } from '../comparison/summarise.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { batchIdentity } from '../records/approved.ts';
import type { Chosen } from '../records/batch.ts';
import { targetOf } from '../records/gates.ts';
import { promoteBatch, type RecordCounts } from '../records/promote-batch.ts';
import type { RecordsEnvironment } from '../records/records-environment.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { StepContext } from './step.ts';

/** What the promotion of records would change, and what each record would come to. */
export interface RecordsPreview {
  readonly comparison: Comparison;
  readonly counts: RecordCounts;
  /** The highest number among them. */
  readonly last: number;
}

/** Records that wait, all in one transaction. */
export function waitingRecords(run: string | null, upTo: number | null = null): Chosen {
  const asked = { run, stagingIds: [] };
  return { which: 'waiting', asked, approval: null, after: 0, upTo, most: null };
}

export function recordsEnvironment(ctx: StepContext, dryRun: boolean): RecordsEnvironment {
  const { project, config, runId, clock, signal } = ctx;
  return { project, datasets: config.datasets, runId, clock, dryRun, signal };
}

/** Promotes the records that wait in a transaction that is rolled back, whatever guards say; null where none waits. */
export function previewRecords(
  ctx: StepContext,
  of: { readonly dataset: RecordsDataset; readonly run: string | null },
  wanted: Wanted,
): Promise<RecordsPreview | null> {
  const { dataset, run } = of;
  return rehearseTransaction(ctx.warehouse, async (session) => {
    const shown: Comparison[] = [];
    const gate: Parameters<typeof promoteBatch>[4]['gate'] = async (weighed) => {
      const failed = await countRows(session, weighed.failed);
      const identity = await batchIdentity(weighed);
      const records = weighed.batch.records;
      shown.push(
        await compareRecords(weighed, { target: targetOf(dataset), records, failed, run, identity }, wanted),
      );
      return { accepted: [] };
    };
    const env = recordsEnvironment(ctx, true);
    const done = await promoteBatch(session, env, dataset, waitingRecords(run), { gate, told: 0 });
    const comparison = shown.at(-1);
    return done === null || comparison === undefined
      ? null
      : { comparison, counts: done.counts, last: done.last };
  });
}
