import { once } from 'node:events';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { choice, nonEmpty } from '../../options.ts';

interface Options {
  readonly dataset?: string;
  readonly failed?: boolean;
  readonly run?: string;
  readonly format?: 'csv' | 'xlsx';
  readonly output?: string;
  readonly force?: boolean;
  readonly showPii?: boolean;
}

const EXAMPLE =
  'For example: tidemark records export --dataset NAME --failed --format xlsx --output failed.xlsx.';

export const recordsExportCommand: CommandSpec<Options> = {
  name: 'export',
  group: 'records',
  summary: 'write failed records to a file for people: key, errors, and what the fields read',
  configure: (command) =>
    command
      .option('--dataset <name>', 'the dataset that the records are of', nonEmpty)
      .option('--failed', 'the records that failed')
      .option('--run <name>', 'only the records of this run of a script', nonEmpty)
      .option('--format <format>', 'csv or xlsx', choice('csv', 'xlsx'))
      .option('--output <path>', 'the file to write; without it, CSV goes to stdout', nonEmpty)
      .option('--force', 'replace an existing file')
      .option('--show-pii', 'show personal data; the log records that it was shown'),
  async run(app, options) {
    const { dataset: name, format, output } = options;
    if (name === undefined || !options.failed || format === undefined)
      throw usage('records export needs --dataset, --failed and --format.', EXAMPLE);
    if (format === 'xlsx' && output === undefined)
      throw usage('A workbook does not go to stdout: records export needs --output.', EXAMPLE);
    const dataset = recordsDatasetNamed(await app.config(), name);
    const { exportFailed } = await import('../../../steps/records-export.ts');
    const { stdout } = app.streams;
    const onlyReads = true;
    const result = await app.invoke(
      { step: 'records export', dataset: name, period: null },
      ({ ctx }) =>
        exportFailed(ctx, {
          ...{ dataset, format, run: options.run ?? null },
          file: output === undefined ? null : app.pathOf(output),
          ...{ force: options.force ?? false, showPersonal: options.showPii ?? false },
          async write(text) {
            if (!stdout.write(text)) await once(stdout, 'drain');
          },
        }),
      onlyReads,
    );
    const wroteRows = output === undefined && !app.options.dryRun && result.exitCode === 0;
    return wroteRows ? { result, text: '' } : { result };
  },
};
