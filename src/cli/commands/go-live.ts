import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import {
  type DecisionOptions,
  decisionOptions,
  requireDecision,
  seenDetails,
  seenOption,
} from '../decision-options.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';

interface Options extends DecisionOptions {
  readonly seen?: string;
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
  readonly where?: string;
  readonly off?: boolean;
}

export const goLiveCommand: CommandSpec<Options> = {
  name: 'go-live',
  summary: 'make promoted rows live, if the rollout is staged',
  configure: (command) =>
    seenOption(
      decisionOptions(
        command
          .option('--dataset <name>', 'the dataset', nonEmpty)
          .option(
            '--period <period>',
            'only rows that this period brought: 2025-06, 2025-Q2 or 2025',
            periodOption,
          )
          .option('--slice <name=value>', 'only this slice (may be repeated)', sliceOption)
          .option('--where <condition>', "only rows for which this is true: level = 'gcse'", nonEmpty)
          .option('--off', 'make the rows no longer live, instead'),
      ),
    ),
  async run(app, options) {
    const config = await app.config();
    if (!options.dataset)
      throw usage('go-live needs --dataset.', 'Name the dataset whose rows are to be live.');
    const dataset = datasetNamed(config, options.dataset);
    refuseStrangeSlices([dataset], options.slice);
    const decision = requireDecision(app, 'go-live', options);
    const { goLive } = await import('../../steps/go-live.ts');
    const about = { step: 'go-live', dataset: dataset.name, period: options.period?.text ?? null };
    const result = await app.invoke(about, ({ ctx }) =>
      goLive(ctx, {
        ...{ dataset, period: options.period ?? null, slice: options.slice ?? new Map() },
        ...{ where: options.where ?? null, off: options.off ?? false, seen: options.seen ?? null },
        ...decision,
      }),
    );
    return { result, ...seenDetails(result) };
  },
};
