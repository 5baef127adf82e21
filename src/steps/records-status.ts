import { counted, grouped } from '../domain/count.ts';
import { isRecordsDataset, type RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { RECORD_STATES } from '../records/record-state.ts';
import { type RunOfRecords, recordsByRun } from '../records/records-by-run.ts';
import type { StepContext } from './step.ts';

export interface RecordsStatusInput {
  /** Null: every dataset that takes records. */
  readonly dataset: RecordsDataset | null;
  /** The script's run; null: all runs. */
  readonly run: string | null;
}

export interface RecordsStatus {
  readonly result: StepResult;
  readonly runs: readonly RunOfRecords[];
}

/** The records of scripts become counts by dataset and run. Changes nothing. */
export async function recordsStatus(ctx: StepContext, input: RecordsStatusInput): Promise<RecordsStatus> {
  const datasets =
    input.dataset === null ? [...ctx.config.datasets.values()].filter(isRecordsDataset) : [input.dataset];
  const runs: RunOfRecords[] = [];
  await ctx.warehouse.read(async (session) => {
    for (const dataset of datasets) runs.push(...(await recordsByRun(session, dataset, input.run)));
  });
  const result = stepResult({
    step: 'records status',
    status: runs.length === 0 ? 'skipped' : 'done',
    dataset: input.dataset?.name ?? null,
    message: datasets.length === 0 ? 'No dataset takes records.' : told(runs, input),
  });
  return { result, runs };
}

function told(runs: readonly RunOfRecords[], { run }: RecordsStatusInput): string {
  if (runs.length === 0)
    return run === null ? 'No records were handed over yet.' : `No records were handed over for run ${run}.`;
  const sum = (state: (typeof RECORD_STATES)[number] | 'submitted') =>
    runs.reduce((total, each) => total + each[state], 0);
  const states = RECORD_STATES.map((state) => [state, sum(state)] as const).filter(([, n]) => n > 0);
  const parts = states.map(([state, n]) => `${grouped(n)} ${state}`);
  return `${counted(sum('submitted'), 'record')} of ${counted(runs.length, 'run')}: ${parts.join(', ')}.`;
}
