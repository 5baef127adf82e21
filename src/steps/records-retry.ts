import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { command, type Words, words } from '../errors/advice.ts';
import { coreLock } from '../promotion/locks.ts';
import type { RecordsAsked } from '../records/batch.ts';
import { type Retried, retryRecords } from '../records/retry-records.ts';
import { transactionUnlessDry } from '../warehouse/rehearse-transaction.ts';
import type { StepContext } from './step.ts';

export interface RecordsRetryInput extends RecordsAsked {
  readonly dataset: RecordsDataset;
}

/**
 * Failed and held records wait for the next promotion again, after rules or data were corrected. Records that are promoted,
 * linked or wait already stay as they are. It waits for a promotion of the dataset that runs.
 */
export async function recordsRetry(ctx: StepContext, input: RecordsRetryInput): Promise<StepResult> {
  const { dataset } = input;
  const retried = await transactionUnlessDry(ctx, async (session) => {
    // On one of the engines a lock is a row, and a dry run must not leave one behind.
    if (!ctx.dryRun) await session.lock([coreLock(dataset.core.table)]);
    return retryRecords(session, dataset, input);
  });
  return stepResult({
    step: 'records retry',
    status: retried.retried === 0 ? 'skipped' : 'done',
    dataset: dataset.name,
    records: { waiting: retried.retried },
    message: told(ctx, dataset, retried),
  });
}

function told({ dryRun }: StepContext, dataset: RecordsDataset, { retried, waiting }: Retried): Words {
  const already =
    waiting === 0
      ? ''
      : ` ${counted(waiting, 'failed record waits', 'failed records wait')} already, for the row referred to.`;
  if (retried === 0) return `No record is failed or held, so there is nothing to retry.${already}`;
  const judge = command('records promote', { dataset: dataset.name, all: true });
  if (dryRun) return `${counted(retried, 'record')} would wait again.${already}`;
  return words`${counted(retried, 'record waits', 'records wait')} again.${already} To judge them: ${judge}`;
}
