import { isRecordsDataset, type RecordsDataset } from '../../domain/dataset.ts';
import { NO_PERIOD, type Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import { decidedBy } from '../../domain/who-and-why.ts';
import { blank, command, words } from '../../errors/advice.ts';
import type { ApprovalShown, ApproveAnswer } from '../../steps/approve.ts';
import type { App } from '../app.ts';
import { confirmed } from '../ask.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { type DecisionOptions, decisionOptions, requireDecision } from '../decision-options.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';
import { renderComparisons } from '../render-diff.ts';

interface Options extends DecisionOptions {
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
  readonly run?: string;
  readonly all?: boolean;
  readonly note?: string;
  readonly diff?: string;
}

const EXAMPLE = command('approve', { dataset: blank('NAME'), period: '2025-06', ...decidedBy() });

export const approveCommand: CommandSpec<Options> = {
  name: 'approve',
  summary: 'allow the promotion that diff shows: these stage rows, these rules, this change of core',
  configure: (command) =>
    decisionOptions(
      command
        .option('--dataset <name>', 'the dataset', nonEmpty)
        .option('--period <period>', 'its staged rows of this period', periodOption)
        .option('--slice <name=value>', 'only this slice (may be repeated)', sliceOption)
        .option('--run <id>', 'of a dataset that takes records: what waits of this run of a script', nonEmpty)
        .option('--all', 'of a dataset that takes records: what waits of all runs')
        .option(
          '--diff <fingerprint>',
          'the fingerprint that diff printed; without it, the change is shown and you are asked',
          nonEmpty,
        ),
    ).option('--note <text>', 'the old spelling of --reason', nonEmpty),
  async run(app, options) {
    const config = await app.config();
    const { period } = options;
    const named = options.dataset === undefined ? undefined : datasetNamed(config, options.dataset);
    if (named !== undefined && isRecordsDataset(named)) return approveRecordsOf(app, named, options);
    if (options.run !== undefined || options.all === true)
      throw usage('--run and --all belong to datasets that take records.', words`For a month: ${EXAMPLE}`);
    if (options.dataset === undefined || period === undefined)
      throw usage('approve needs --dataset and --period.', words`For a month: ${EXAMPLE}`);
    const decision = requireDecision(app, 'approve', withOldSpelling(options));
    const dataset = datasetNamed(config, options.dataset);
    refuseStrangeSlices([dataset], options.slice);
    const { approve } = await import('../../steps/approve.ts');
    const ask = (shown: ApprovalShown) =>
      confirmed(
        app,
        renderComparisons(shown.comparisons, shown.fingerprint),
        `Approve this as ${decision.by}?`,
      );
    let answer: ApproveAnswer | null = null;
    const about = { step: 'approve', dataset: dataset.name, period: period.text };
    const result = await app.invoke(about, async ({ ctx }) => {
      answer = await approve(ctx, {
        ...{ dataset, period, slice: options.slice ?? new Map() },
        ...decision,
        fingerprint: options.diff ?? null,
        confirm: app.options.yes || app.options.dryRun ? null : ask,
      });
      return answer.result;
    });
    const shown = (answer as ApproveAnswer | null)?.shown ?? null;
    return { result, details: { fingerprint: shown?.fingerprint ?? null } };
  },
};

async function approveRecordsOf(app: App, dataset: RecordsDataset, options: Options) {
  const { run = null, all = false } = options;
  const example = command('approve', { dataset: dataset.name, run: blank('RUN'), ...decidedBy() });
  if ((run === null) === !all)
    throw usage(
      `Dataset '${dataset.name}' takes records: approve takes either --run or --all.`,
      words`For a run: ${example}`,
    );
  if ((options.period !== undefined && options.period.kind !== 'none') || options.slice !== undefined)
    throw usage('Records have no periods and no slices.', words`For a run: ${example}`);
  const decision = requireDecision(app, 'approve', withOldSpelling(options));
  const { approveRecords } = await import('../../steps/approve-records.ts');
  const ask = (shown: ApprovalShown) =>
    confirmed(
      app,
      renderComparisons(shown.comparisons, shown.fingerprint),
      `Approve this as ${decision.by}?`,
    );
  let shown: ApprovalShown | null = null;
  const about = { step: 'approve', dataset: dataset.name, period: NO_PERIOD.text };
  const result = await app.invoke(about, async ({ ctx }) => {
    const answer = await approveRecords(ctx, {
      ...{ dataset, run, ...decision, fingerprint: options.diff ?? null },
      confirm: app.options.yes || app.options.dryRun ? null : ask,
    });
    shown = answer.shown;
    return answer.result;
  });
  return { result, details: { fingerprint: (shown as ApprovalShown | null)?.fingerprint ?? null } };
}

function withOldSpelling({ by, reason, note }: Options): DecisionOptions {
  if (reason !== undefined && note !== undefined)
    throw usage('--note is the old spelling of --reason; both were given.', 'Give --reason alone.');
  const why = reason ?? note;
  return { ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { reason: why }) };
}
