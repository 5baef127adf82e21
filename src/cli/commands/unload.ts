import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import { decidedBy } from '../../domain/who-and-why.ts';
import { command, words } from '../../errors/advice.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { decisionOptions, requireDecision, seenDetails, seenOption } from '../decision-options.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';

interface Options {
  readonly seen?: string;
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
  readonly reason?: string;
  readonly by?: string;
}

export const unloadCommand: CommandSpec<Options> = {
  name: 'unload',
  summary: 'empty exactly one period of a stage table; core does not change',
  configure: (command) =>
    seenOption(
      decisionOptions(
        command
          .option('--dataset <name>', 'the dataset', nonEmpty)
          .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
          .option('--slice <name=value>', 'only this slice (may be repeated)', sliceOption),
      ),
    ),
  async run(app, options) {
    const config = await app.config();
    const { period } = options;
    if (!options.dataset || !period)
      throw usage('unload needs --dataset and --period.', 'Both say which part of stage is to be emptied.');
    const decision = requireDecision(app, 'unload', options);
    const dataset = fileDatasetNamed(
      config,
      options.dataset,
      (name) =>
        words`To take its newest promotion back: ${command('rollback', { dataset: name, ...decidedBy() })}`,
    );
    refuseStrangeSlices([dataset], options.slice);
    const { unload } = await import('../../steps/unload.ts');
    const about = { step: 'unload', dataset: dataset.name, period: period.text };
    const result = await app.invoke(about, ({ ctx }) =>
      unload(ctx, { dataset, period, slice: options.slice ?? null, ...decision, seen: options.seen ?? null }),
    );
    return { result, ...seenDetails(result) };
  },
};
