import { InvalidArgumentError } from 'commander';
import { counted, grouped } from '../../domain/count.ts';
import { type Age, NO_RETENTION, parseAge } from '../../domain/retention.ts';
import type { PruneAnswer, PrunePlan } from '../../steps/prune.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, usage } from '../datasets.ts';
import { nonEmpty, wholeNumber } from '../options.ts';
import { renderResult } from '../render-result.ts';
import { renderTable } from '../render-table.ts';

interface Options {
  readonly keepDeliveries?: number;
  readonly olderThan?: Age;
  readonly journalOlderThan?: Age;
  readonly recordsOlderThan?: Age;
  readonly includePromoted?: boolean;
  readonly dataset?: string;
  readonly apply?: boolean;
}

export const pruneCommand: CommandSpec<Options> = {
  name: 'prune',
  summary: 'list what is no longer needed, or remove it with --apply; landed files are never touched',
  configure: (command) =>
    command
      .option('--keep-deliveries <n>', 'keep the files of the newest n of every period and slice', atLeastOne)
      .option('--older-than <age>', 'only what is older: 30d, 8w, 12m or 2y; run records too', ageOption)
      .option(
        '--journal-older-than <age>',
        'before-images too; their promotions can no longer be rolled back',
        ageOption,
      )
      .option(
        '--records-older-than <age>',
        'what scripts handed over and was promoted before that; only its row remains',
        ageOption,
      )
      .option('--include-promoted', 'also deliveries that were promoted once and no longer are')
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option('--apply', 'remove it'),
  async run(app, options) {
    const config = await app.config();
    const dataset = options.dataset === undefined ? null : datasetNamed(config, options.dataset);
    const given = {
      keepDeliveries: options.keepDeliveries ?? null,
      olderThan: options.olderThan ?? null,
      journalOlderThan: options.journalOlderThan ?? null,
      recordsOlderThan: options.recordsOlderThan ?? null,
    };
    const isGiven = Object.values(given).some((value) => value !== null);
    const policy = isGiven ? given : (config.retention ?? NO_RETENTION);
    if (Object.values(policy).every((value) => value === null)) {
      throw usage(
        'prune needs to know what to keep.',
        'Give --keep-deliveries N or --older-than 12m, or `retention:` in datasets_config.yml.',
      );
    }
    const { prune } = await import('../../steps/prune.ts');
    let answer: PruneAnswer | null = null;
    const about = { step: 'prune', dataset: dataset?.name ?? null, period: null };
    const { apply = false, includePromoted = false } = options;
    const result = await app.invoke(about, async ({ ctx }) => {
      answer = await prune(ctx, { policy, dataset, includePromoted, apply });
      return answer.result;
    });
    const told = answer as PruneAnswer | null;
    if (told === null) return { result };
    return { result, text: `${planText(told.plan)}${renderResult(result)}`, details: told.plan };
  },
};

function planText(plan: PrunePlan): string {
  const rows = [
    ...plan.deliveries.map((one) => ({ ...one, note: plan.applied ? 'removed' : 'would go' })),
    ...plan.held.map((one) => ({ ...one, note: 'kept: was promoted' })),
  ].map((one) => [
    ...[one.file_id, one.dataset, one.period, one.slice, one.paths.length, grouped(one.bytes), one.note],
  ]);
  const deliveries =
    rows.length === 0
      ? ''
      : renderTable(['delivery', 'dataset', 'period', 'slice', 'files', 'bytes', ''], rows, '');
  const journal = plan.journal
    .map(
      (one) => `history.${one.table}: ${counted(one.rows, 'row')}, promotions ${one.promotions.join(', ')}\n`,
    )
    .join('');
  const records = plan.records
    .map((one) => `stage.${one.dataset}_records: ${counted(one.records, 'record')}\n`)
    .join('');
  return deliveries + journal + records;
}

function ageOption(text: string): Age {
  const age = parseAge(text);
  if (age === null) throw new InvalidArgumentError('Write 30d, 8w, 12m or 2y.');
  return age;
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('At least 1.');
  return value;
}
