import type { RecordsShown } from '../../../steps/records-show.ts';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { nonEmpty } from '../../options.ts';
import { renderRecord } from '../../render-records.ts';
import { writeWords } from '../../write-words.ts';

interface Options {
  readonly dataset?: string;
  readonly showPii?: boolean;
}

export const recordsShowCommand: CommandSpec<Options> = {
  name: 'show',
  group: 'records',
  summary: 'show one record: what its fields read, its errors, and where it went',
  configure: (command) =>
    command
      .argument('[staging-id]', 'the number of the record')
      .option('--dataset <name>', 'the dataset that the record is of', nonEmpty)
      .option('--show-pii', 'show personal data; the log records that it was shown'),
  async run(app, options, [number]) {
    if (number === undefined || options.dataset === undefined || !/^\d{1,15}$/.test(number)) {
      throw usage(
        'records show needs the number of a record, and --dataset.',
        'Such as: tidemark records show 7 --dataset postings',
      );
    }
    const dataset = recordsDatasetNamed(await app.config(), options.dataset);
    const { showRecord } = await import('../../../steps/records-show.ts');
    let shown: RecordsShown | null = null;
    const onlyReads = true;
    const showPersonal = options.showPii ?? false;
    const result = await app.invoke(
      { step: 'records show', dataset: dataset.name, period: null },
      async ({ ctx }) => {
        shown = await showRecord(ctx, { dataset, stagingId: Number(number), showPersonal });
        return shown.result;
      },
      onlyReads,
    );
    const told = shown as RecordsShown | null;
    if (told === null) return { result };
    const text = renderRecord(told.record, writeWords(result.message ?? ''));
    return { result, text, details: told.record };
  },
};
