import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';

interface Options {
  readonly fileId?: number;
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
}

export const validateCommand: CommandSpec<Options> = {
  name: 'validate',
  summary: 'clean, type and check every cell and row; writes Parquet, rejected rows and reports',
  configure: (command) =>
    command
      .option('--file-id <n>', 'one delivery', wholeNumber)
      .option('--period <period>', 'the deliveries of 2025-06, 2025-Q2 or 2025', periodOption)
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      ),
  async run(app, options) {
    const config = await app.config();
    const named = options.dataset ? [fileDatasetNamed(config, options.dataset)] : config.datasets.values();
    refuseStrangeSlices(named, options.slice);
    if ((options.fileId === undefined) === (options.period === undefined)) {
      throw usage(
        'validate takes either --file-id or --period.',
        'For a month: tidemark validate --period 2025-06.',
      );
    }
    const { validate } = await import('../../steps/validate.ts');
    const about = {
      step: 'validate',
      dataset: options.dataset ?? null,
      period: options.period?.text ?? null,
    };
    const result = await app.invoke(about, ({ ctx }) =>
      options.period
        ? validate(ctx, {
            period: options.period,
            ...(options.dataset ? { dataset: options.dataset } : {}),
            ...(options.slice ? { slice: options.slice } : {}),
          })
        : validate(ctx, { fileId: options.fileId as number }),
    );
    return { result };
  },
};
