import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';

interface Options {
  readonly filePath?: string;
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
  readonly all?: boolean;
  readonly acceptSameBytes?: boolean;
  readonly reason?: string;
}

export const ingestCommand: CommandSpec<Options> = {
  name: 'ingest',
  summary: 'the gate: file name, format, headers and hash of what has landed',
  configure: (command) =>
    command
      .option('--file-path <path>', 'one file in data/landed', nonEmpty)
      .option('--period <period>', 'what has landed for 2025-06, 2025-Q2 or 2025', periodOption)
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      )
      .option('--all', 'everything in data/landed')
      .option('--accept-same-bytes', 'let a file pass that was delivered for another period or slice')
      .option('--reason <text>', 'why; goes into the log', nonEmpty),
  async run(app, options) {
    const config = await app.config();
    const named = options.dataset ? [datasetNamed(config, options.dataset)] : config.datasets.values();
    refuseStrangeSlices(named, options.slice);
    if (options.acceptSameBytes && !options.reason) {
      throw usage('--accept-same-bytes needs a reason.', 'Add --reason "why the same file serves twice".');
    }
    const { ingest } = await import('../../steps/ingest.ts');
    const about = { step: 'ingest', dataset: options.dataset ?? null, period: options.period?.text ?? null };
    const result = await app.invoke(about, ({ ctx }) =>
      ingest(ctx, {
        filePath: options.filePath ?? null,
        period: options.period ?? null,
        all: options.all ?? false,
        dataset: options.dataset ?? null,
        slice: options.slice ?? null,
        acceptSameBytes: options.acceptSameBytes && options.reason ? { reason: options.reason } : null,
      }),
    );
    return { result };
  },
};
