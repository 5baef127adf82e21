import type { Period } from '../../domain/period.ts';
import { periodRange } from '../../domain/period.ts';
import type { StepResult } from '../../domain/result.ts';
import { stepResult } from '../../domain/result.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { RunOutcome, StepName } from '../../pipeline/run.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { choice, nonEmpty, periodOption, sliceOption } from '../options.ts';
import { renderRun } from '../render-run.ts';

interface Options {
  readonly period?: Period;
  readonly from?: Period;
  readonly to?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
  readonly through: StepName;
  readonly revalidate?: boolean;
}

export const runCommand: CommandSpec<Options> = {
  name: 'run',
  summary: 'take everything new through all steps, from landed files to marts',
  configure: (command) =>
    command
      .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
      .option('--from <period>', 'the first of several periods', periodOption)
      .option('--to <period>', 'the last of several periods', periodOption)
      .option('--dataset <name>', 'only this dataset, with the lists it refers to', nonEmpty)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      )
      .option(
        '--through <step>',
        'stop after this step',
        choice('ingest', 'validate', 'load-stage', 'transform', 'publish'),
        'publish',
      )
      .option('--revalidate', 'validate promoted deliveries again if their rules have changed'),
  async run(app, options) {
    const config = await app.config();
    const periods = askedPeriods(options);
    const dataset = options.dataset ? datasetNamed(config, options.dataset) : null;
    refuseStrangeSlices(dataset ? [dataset] : config.datasets.values(), options.slice);
    const { run } = await import('../../pipeline/run.ts');
    const { absentDatasets } = await import('../../pipeline/absent-datasets.ts');
    const { refusedReports } = await import('../../pipeline/refused-reports.ts');
    const { previewMarts } = await import('../../pipeline/preview-marts.ts');
    const only = periods.length === 1 ? (periods[0]?.text ?? null) : null;
    let text = '';
    let details: unknown;
    const about = { step: 'run', dataset: dataset?.name ?? null, period: only };
    const result = await app.invoke(about, async (around) => {
      const { slice = null, through, revalidate = false } = options;
      const outcome = await run(around, { periods, dataset, slice, through, revalidate });
      const marts =
        through === 'publish' && outcome.stoppedAt === null ? await previewMarts(around.ctx, periods) : [];
      const { results } = outcome.result;
      const absent = await around.ctx.warehouse.read((session) =>
        absentDatasets(session, config, lookedAt(periods, outcome), dataset, results),
      );
      text = renderRun(outcome, { absent, reports: refusedReports(app.project, results), marts });
      details = { reconciliation: outcome.reconciliation, stopped_at: outcome.stoppedAt, absent };
      return accountFor(
        outcome.result,
        outcome.reconciliation.flatMap((one) => one.broken),
      );
    });
    return { result, text, details };
  },
};

/** A dry run that stops has searched for files of the periods up to there only, and says nothing about the others. */
function lookedAt(periods: readonly Period[], { stoppedAt, result }: RunOutcome): readonly Period[] {
  if (stoppedAt === null) return periods;
  const seen = new Set(result.results.filter(({ step }) => step === 'ingest').map(({ period }) => period));
  const last = periods.findLastIndex(({ text }) => seen.has(text));
  return periods.slice(0, Math.max(1, last + 1));
}

/** Counts that do not add up are an error of the program, so they are never just a remark. */
function accountFor(result: StepResult, broken: readonly string[]): StepResult {
  if (broken.length === 0) return result;
  const message = `The reconciliation does not hold: ${broken.join('; ')}.`;
  return stepResult({
    ...result,
    status: 'failed',
    exitCode: 1,
    message,
    hint: 'Do not rely on these numbers; report this.',
  });
}

function askedPeriods(options: Options): readonly Period[] {
  const { period, from, to } = options;
  if (period && !from && !to) return [period];
  if (!period && from && to) {
    const range = periodRange(from, to);
    if (range.length > 0) return range;
    throw usage(
      `From ${from.text} to ${to.text} there is no period.`,
      'Give two of a kind, the earlier one first.',
    );
  }
  throw usage(
    'run takes either --period, or --from and --to.',
    'For a month: tidemark run --period 2025-06.',
  );
}
