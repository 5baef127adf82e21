import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { findRecord } from '../records/find-record.ts';
import { type ShownRecord, shownRecord } from '../records/shown-record.ts';
import type { StepContext } from './step.ts';

export interface RecordsShowInput {
  readonly dataset: RecordsDataset;
  readonly stagingId: number;
  readonly showPersonal: boolean;
}

export interface RecordsShown {
  readonly result: StepResult;
  readonly record: ShownRecord;
}

/** A record becomes what its fields read, its errors, and where it went. Changes nothing. Refuses a number without a record. */
export async function showRecord(ctx: StepContext, input: RecordsShowInput): Promise<RecordsShown> {
  const { dataset, stagingId, showPersonal } = input;
  const stored = await ctx.warehouse.read((session) => findRecord(session, dataset, stagingId));
  if (stored === null) {
    throw new TidemarkError('usage', {
      message: `Dataset '${dataset.name}' has no record ${stagingId}.`,
      hint: words`${command('records status', { dataset: dataset.name })} shows what was handed over.`,
    });
  }
  const record = shownRecord(dataset, stored, showPersonal);
  const told = `Record ${stagingId} of run ${stored.run}: ${stateInWords(record)}.`;
  const result = stepResult({
    step: 'records show',
    status: 'done',
    dataset: dataset.name,
    message: showPersonal ? words`${told} Personal data was shown (${option('showPii')}).` : told,
  });
  return { result, record };
}

function stateInWords(record: ShownRecord): string {
  switch (record.state) {
    case 'promoted':
      return `promoted by promotion ${record.promotion_id}`;
    case 'duplicate':
      return 'linked to a row that core has from another record';
    case 'held':
      return `held since promotion ${record.held_by} rolled its promotion back`;
    case 'failed':
      return record.waits
        ? 'failed, because the row that it refers to is missing; each promotion looks again'
        : `failed at attempt ${record.attempt}`;
    case 'waiting':
      if (record.attempt === 0) return 'waits for its first promotion';
      if (record.was_rolled_back) return 'waits again, because its row of core was rolled back';
      return record.validated
        ? 'waits: it is good, and too many others of its run failed'
        : 'waits for another attempt';
  }
}
