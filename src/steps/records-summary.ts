import { counted, grouped } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { PersonalMembers } from '../records/personal-members.ts';
import { type ByValue, recordsByValue } from '../records/records-by-value.ts';
import type { StepContext } from './step.ts';

export interface RecordsSummaryInput {
  readonly dataset: RecordsDataset;
  /** The name of a field. */
  readonly by: string;
}

export interface RecordsSummary {
  readonly result: StepResult;
  readonly summary: ByValue;
}

/** What waits, failed and is held becomes counts beside those of core, by the value of a field. Changes nothing. */
export async function recordsSummary(ctx: StepContext, input: RecordsSummaryInput): Promise<RecordsSummary> {
  const { dataset } = input;
  const field = fieldOf(input);
  const folder = new ScratchFolder(ctx.project, 'summary', ctx.dryRun);
  try {
    const summary = await ctx.warehouse.read((session) =>
      recordsByValue(session, dataset, field, folder.path),
    );
    const result = stepResult({
      step: 'records summary',
      status: 'done',
      dataset: dataset.name,
      message: told(summary),
    });
    return { result, summary };
  } finally {
    folder.remove();
  }
}

function fieldOf({ dataset, by }: RecordsSummaryInput) {
  const field = dataset.fields.find(({ name }) => name === by);
  if (field === undefined) {
    const names = dataset.fields.map(({ name }) => name);
    const meant = didYouMean(by, names);
    throw new TidemarkError('usage', {
      message: `Dataset '${dataset.name}' has no field '${by}'${meant === null ? '.' : `; did you mean '${meant}'?`}`,
      hint: `Its fields: ${names.join(', ')}.`,
    });
  }
  if (new PersonalMembers(dataset).has(field)) {
    throw new TidemarkError('usage', {
      message: `The field ${by} is personal data, and a summary by it would show its values.`,
      hint: 'Choose a field that is not personal.',
    });
  }
  return field;
}

function told({ values, unreadable }: ByValue): string {
  const sum = (of: 'core' | 'waiting' | 'failed' | 'held') =>
    grouped(values.reduce((all, one) => all + one[of], 0));
  const odd =
    unreadable === 0
      ? ''
      : ` ${counted(unreadable, 'record')} cannot be read, and ${unreadable === 1 ? 'is' : 'are'} not counted.`;
  return `${counted(values.length, 'value')}: ${sum('core')} in core, ${sum('waiting')} waiting, ${sum('failed')} failed, ${sum('held')} held.${odd}`;
}
