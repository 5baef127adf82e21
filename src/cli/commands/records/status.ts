import type { RecordsStatus } from '../../../steps/records-status.ts';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed } from '../../datasets.ts';
import { nonEmpty } from '../../options.ts';
import { renderRecordsStatus } from '../../render-records.ts';
import { writeWords } from '../../write-words.ts';

interface Options {
  readonly dataset?: string;
  readonly run?: string;
}

export const recordsStatusCommand: CommandSpec<Options> = {
  name: 'status',
  group: 'records',
  summary: 'show how many records of each run were handed over, promoted, failed, and wait',
  configure: (command) =>
    command
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option('--run <name>', 'only this run of a script; not --run-id, which names this call', nonEmpty),
  async run(app, options) {
    const config = await app.config();
    const dataset = options.dataset === undefined ? null : recordsDatasetNamed(config, options.dataset);
    const { recordsStatus } = await import('../../../steps/records-status.ts');
    let status: RecordsStatus | null = null;
    const onlyReads = true;
    const result = await app.invoke(
      { step: 'records status', dataset: dataset?.name ?? null, period: null },
      async ({ ctx }) => {
        status = await recordsStatus(ctx, { dataset, run: options.run ?? null });
        return status.result;
      },
      onlyReads,
    );
    const told = status as RecordsStatus | null;
    if (told === null) return { result };
    const text = renderRecordsStatus(told.runs, writeWords(result.message ?? ''));
    return { result, text, details: { runs: told.runs } };
  },
};
