import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { gatherNumbers, nonEmpty } from '../../options.ts';

interface Options {
  readonly dataset?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly stagingId?: readonly number[];
}

export const recordsRetryCommand: CommandSpec<Options> = {
  name: 'retry',
  group: 'records',
  summary: 'let failed or held records wait again, after rules or data were corrected',
  configure: (command) =>
    command
      .option('--dataset <name>', 'the dataset that the records are of', nonEmpty)
      .option('--run <name>', 'the records of this run of a script', nonEmpty)
      .option('--all', 'the records of all runs')
      .option('--staging-id <n>', 'only this record (may be repeated)', gatherNumbers),
  async run(app, options) {
    const { dataset: name, run = null, all = false, stagingId: stagingIds = [] } = options;
    const example = 'For a run: tidemark records retry --dataset NAME --run RUN.';
    if (name === undefined) throw usage('records retry needs --dataset.', example);
    if (run === null && !all && stagingIds.length === 0)
      throw usage('records retry needs --run, --staging-id or --all.', example);
    if (run !== null && all) throw usage('records retry takes either --run or --all.', example);
    const dataset = recordsDatasetNamed(await app.config(), name);
    const { recordsRetry } = await import('../../../steps/records-retry.ts');
    const about = { step: 'records retry', dataset: name, period: null };
    const result = await app.invoke(about, ({ ctx }) => recordsRetry(ctx, { dataset, run, stagingIds }));
    return { result };
  },
};
