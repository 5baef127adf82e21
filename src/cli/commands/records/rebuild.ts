import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import {
  type DecisionOptions,
  decisionOptions,
  requireDecision,
  seenDetails,
  seenOption,
} from '../../decision-options.ts';
import { nonEmpty } from '../../options.ts';

interface Options extends DecisionOptions {
  readonly dataset?: string;
  readonly seen?: string;
}

export const recordsRebuildCommand: CommandSpec<Options> = {
  name: 'rebuild',
  group: 'records',
  summary: 'make core again from the records that made it, by the rules of today',
  configure: (command) =>
    seenOption(
      decisionOptions(command.option('--dataset <name>', 'the dataset that the records are of', nonEmpty)),
    ),
  async run(app, options) {
    const { dataset: name, seen = null } = options;
    if (name === undefined)
      throw usage(
        'records rebuild needs --dataset.',
        'First look: tidemark records rebuild --dataset NAME --dry-run.',
      );
    const dataset = recordsDatasetNamed(await app.config(), name);
    const decision = requireDecision(app, 'records rebuild', options);
    const { recordsRebuild } = await import('../../../steps/records-rebuild.ts');
    const about = { step: 'records rebuild', dataset: name, period: 'none' };
    const result = await app.invoke(about, ({ ctx }) => recordsRebuild(ctx, { dataset, ...decision, seen }));
    return { result, ...seenDetails(result) };
  },
};
