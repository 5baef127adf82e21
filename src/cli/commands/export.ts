import type { Period } from '../../domain/period.ts';
import type { CommandSpec } from '../command.ts';
import { usage } from '../datasets.ts';
import { choice, nonEmpty, periodOption } from '../options.ts';

interface Options {
  readonly period?: Period;
  readonly format?: string;
  readonly file?: string;
  readonly force?: boolean;
}

export const exportCommand: CommandSpec<Options> = {
  name: 'export',
  summary: 'write a table, or one period of it, to a file',
  configure: (command) =>
    command
      .argument('<table>', 'stage.…, core.…, mart.… or meta.…')
      .option('--period <period>', 'only this period', periodOption)
      .option('--format <format>', 'parquet, csv, xlsx or arrow', choice('parquet', 'csv', 'xlsx', 'arrow'))
      .option('--file <path>', 'the file to write', nonEmpty)
      .option('--force', 'replace an existing file'),
  async run(app, options, [table]) {
    if (!options.file || !options.format) {
      throw usage(
        'export needs --format and --file.',
        `For example: tidemark export ${table} --format csv --file out.csv.`,
      );
    }
    const { exportTable } = await import('../../steps/export.ts');
    const onlyReads = true;
    const result = await app.invoke(
      { step: 'export', dataset: null, period: options.period?.text ?? null },
      ({ ctx }) =>
        exportTable(ctx, {
          table: table as string,
          ...(options.period ? { period: options.period } : {}),
          format: options.format as 'csv',
          file: app.pathOf(options.file as string),
          force: options.force ?? false,
        }),
      onlyReads,
    );
    return { result };
  },
};
