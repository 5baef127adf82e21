import type { RecordsSummary } from '../../../steps/records-summary.ts';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { nonEmpty } from '../../options.ts';
import { renderSummary } from '../../render-records.ts';
import { writeWords } from '../../write-words.ts';

interface Options {
  readonly dataset?: string;
  readonly by?: string;
}

export const recordsSummaryCommand: CommandSpec<Options> = {
  name: 'summary',
  group: 'records',
  summary: 'show, by the value of a field, how many rows core has and how many records wait or failed',
  configure: (command) =>
    command
      .option('--dataset <name>', 'the dataset that the records are of', nonEmpty)
      .option('--by <field>', 'the field by whose values rows and records are counted', nonEmpty),
  async run(app, options) {
    const { dataset: name, by } = options;
    if (name === undefined || by === undefined) {
      throw usage(
        'records summary needs --dataset and --by.',
        'Such as: tidemark records summary --dataset postings --by location',
      );
    }
    const dataset = recordsDatasetNamed(await app.config(), name);
    const { recordsSummary } = await import('../../../steps/records-summary.ts');
    let made: RecordsSummary | null = null;
    const onlyReads = true;
    const result = await app.invoke(
      { step: 'records summary', dataset: name, period: null },
      async ({ ctx }) => {
        made = await recordsSummary(ctx, { dataset, by });
        return made.result;
      },
      onlyReads,
    );
    const told = made as RecordsSummary | null;
    if (told === null) return { result };
    const text = renderSummary(by, told.summary, writeWords(result.message ?? ''));
    return { result, text, details: { by, ...told.summary } };
  },
};
