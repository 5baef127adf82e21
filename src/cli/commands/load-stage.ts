import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { App } from '../app.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';

interface Options {
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
  readonly parquetPath?: string;
  readonly fileId?: number;
  readonly allowEmpty?: boolean;
  readonly force?: boolean;
}

export const loadStageCommand: CommandSpec<Options> = {
  name: 'load-stage',
  summary: 'replace exactly one period in the stage table, in one transaction',
  configure: (command) =>
    command
      .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      )
      .option('--parquet-path <file>', 'a cleaned Parquet file, instead of the current one', nonEmpty)
      .option('--file-id <n>', 'an earlier delivery, which becomes current again', wholeNumber)
      .option('--allow-empty', 'a delivery without rows may empty the period')
      .option('--force', 'load it again even if it is loaded already'),
  async run(app, options) {
    const config = await app.config();
    const period = options.period;
    if (!period)
      throw usage(
        'load-stage needs --period.',
        'For a month: tidemark load-stage --period 2025-06 --dataset NAME.',
      );
    const named = options.dataset ? [fileDatasetNamed(config, options.dataset)] : config.datasets.values();
    refuseStrangeSlices(named, options.slice);
    if ((options.parquetPath || options.fileId !== undefined) && !options.dataset) {
      throw usage('--parquet-path and --file-id need --dataset.', 'Name the dataset the file belongs to.');
    }
    if (options.parquetPath && options.fileId !== undefined) {
      throw usage('Give --parquet-path or --file-id, not both.', 'Either names what to load.');
    }
    const { loadPeriod } = await import('../../pipeline/load-period.ts');
    const about = { step: 'load-stage', dataset: options.dataset ?? null, period: period.text };
    const result = await app.invoke(about, ({ ctx }) =>
      loadPeriod(ctx, {
        period,
        dataset: options.dataset ?? null,
        slice: options.slice ?? null,
        parquetPath: options.parquetPath ? parquetPath(app, options.parquetPath) : null,
        fileId: options.fileId ?? null,
        allowEmpty: options.allowEmpty ?? false,
        force: options.force ?? false,
      }),
    );
    return { result };
  },
};

/** As the results of validate give it, relative to the project; or as a shell completes it. */
function parquetPath(app: App, given: string): string {
  const inProject = resolve(app.project.root, given);
  return existsSync(inProject) ? inProject : app.pathOf(given);
}
