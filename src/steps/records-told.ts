import { counted, grouped } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { exportOfFailed } from '../domain/failed-records.ts';
import { type RecordCounts, type StepResult, stepResult } from '../domain/result.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { PromotedBatch } from '../records/promote-batch.ts';
import type { StepContext } from './step.ts';

/** What the result of a promotion is about. */
export interface RecordsTold {
  readonly dataset: RecordsDataset;
  /** A failed record makes the call end with exit 3. */
  readonly failOnFailed: boolean;
}

export function sum(batches: readonly PromotedBatch[], of: 'records'): number {
  return batches.reduce((all, batch) => all + batch[of], 0);
}

export function nothingSubmitted(dataset: RecordsDataset, run: string): StepResult {
  const error = new TidemarkError('records-not-submitted', {
    message: `Nothing was submitted for ${dataset.name} by run '${run}'.`,
    where: { dataset: dataset.name },
  });
  return stepResult({
    ...{ step: 'records promote', status: 'retry', dataset: dataset.name },
    ...{ message: error.said, hint: error.hint, records: NO_RECORDS },
  });
}

export const NO_RECORDS: RecordCounts = { promoted: 0, duplicate: 0, failed: 0, waiting: 0 };

export function resultOf(
  ctx: Pick<StepContext, 'dryRun'>,
  input: RecordsTold,
  done: readonly PromotedBatch[],
): StepResult {
  const { dataset } = input;
  const of = (name: 'promoted' | 'duplicate' | 'failed' | 'waiting') =>
    done.reduce((all, { counts }) => all + counts[name], 0);
  const records = {
    ...{ promoted: of('promoted'), duplicate: of('duplicate') },
    ...{ failed: of('failed'), waiting: of('waiting') },
  };
  const heldBack = [...new Set(done.flatMap((batch) => batch.heldBack))];
  const about = {
    step: 'records promote',
    dataset: dataset.name,
    period: 'none',
    records,
    rows: rowsOf(done),
  };
  if (done.length === 0) return stepResult({ ...about, status: 'skipped', message: 'No record waits.' });
  const failed = heldBack.length > 0 || (input.failOnFailed && records.failed > 0);
  const look = exportOfFailed(dataset.name);
  const again = command('records retry', { dataset: dataset.name, all: true });
  return stepResult({
    ...about,
    status: failed ? 'refused' : 'done',
    message: `${sentence(ctx, records, done)}${heldBackSentence(input, heldBack)}`,
    ...(records.failed === 0
      ? {}
      : { hint: words`What is wrong: ${look}. When data or rules are corrected: ${again}` }),
  });
}

function sentence(ctx: Pick<StepContext, 'dryRun'>, records: Outcomes, done: readonly PromotedBatch[]) {
  const numbers = done.flatMap(({ promotionId }) => (promotionId ? [promotionId] : []));
  const [first] = numbers;
  const lead = ctx.dryRun
    ? 'Would be'
    : first === undefined
      ? 'Core did not change'
      : numbers.length === 1
        ? `Promotion ${first}`
        : `Promotions ${first} to ${numbers.at(-1)}`;
  return `${lead}: ${parts(records)}.`;
}

type Outcomes = Required<Omit<RecordCounts, 'submitted' | 'held'>>;

/** What the records came to, or would come to. */
export function outcomes(records: Outcomes, lead = 'The records would be'): string {
  return `${lead}: ${parts(records)}.`;
}

function parts(records: Outcomes): string {
  return (['promoted', 'duplicate', 'failed', 'waiting'] as const)
    .filter((name) => records[name] > 0)
    .map((name) => `${grouped(records[name])} ${name}`)
    .join(', ');
}

function heldBackSentence({ dataset }: RecordsTold, runs: readonly string[]): string {
  if (runs.length === 0) return '';
  const named = runs.map((run) => `'${run}'`).join(', ');
  return ` Of run ${named} more failed than accept.max_rejected allows (${dataset.accept.maxRejected.text}), so that its good ones wait.`;
}

function rowsOf(done: readonly PromotedBatch[]) {
  const of = (name: 'added' | 'modified' | 'cells') =>
    done.reduce((all, { rows }) => all + (rows?.[name] ?? 0), 0);
  return { read: sum(done, 'records'), added: of('added'), modified: of('modified'), cells: of('cells') };
}

/** Members that no field reads: counted, and told aloud where the dataset asks for it. */
export function warnUnread(ctx: StepContext, dataset: RecordsDataset, done: readonly PromotedBatch[]): void {
  const counts = new Map<string, number>();
  for (const { unread } of done)
    for (const [name, n] of unread) counts.set(name, (counts.get(name) ?? 0) + n);
  if (counts.size === 0) return;
  const named = [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
  const list = named.map(([name, n]) => `${name} (${counted(n, 'record')})`).join(', ');
  const message = `${dataset.name}: no field reads ${list}${counts.size > named.length ? ' and more' : ''}.`;
  if (dataset.source.unknown === 'warn') ctx.log.warn(message);
  else ctx.log.detail(message);
}

export function tellTouched(
  { touched }: StepContext,
  dataset: RecordsDataset,
  done: readonly PromotedBatch[],
): void {
  const rows = rowsOf(done);
  if (rows.added + rows.modified === 0) return;
  touched?.read({ schema: 'stage', table: `${dataset.name}_records` });
  touched?.wrote({ schema: 'core', table: dataset.core.table }, rows.added + rows.modified);
}
