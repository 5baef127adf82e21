import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { IngestWhich } from '../../steps/ingest.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { type DecisionOptions, decisionOptions, requireDecision } from '../decision-options.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';

interface Options extends DecisionOptions {
  readonly filePath?: string;
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
  readonly all?: boolean;
  readonly acceptSameBytes?: boolean;
}

export const ingestCommand: CommandSpec<Options> = {
  name: 'ingest',
  summary: 'check name, format and headers of landed files, and log them as deliveries',
  configure: (command) =>
    decisionOptions(
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
        .option(
          '--accept-same-bytes',
          'accept a file whose bytes were delivered for another period or slice',
        ),
    ),
  async run(app, options) {
    const config = await app.config();
    const named = options.dataset ? [fileDatasetNamed(config, options.dataset)] : config.datasets.values();
    refuseStrangeSlices(named, options.slice);
    const acceptSameBytes = options.acceptSameBytes
      ? requireDecision(app, '--accept-same-bytes', options)
      : null;
    const { ingest } = await import('../../steps/ingest.ts');
    const about = { step: 'ingest', dataset: options.dataset ?? null, period: options.period?.text ?? null };
    const result = await app.invoke(about, async ({ ctx }) =>
      ingest(ctx, {
        ...whichFiles(options),
        dataset: options.dataset ?? null,
        slice: options.slice ?? null,
        acceptSameBytes,
      }),
    );
    return { result };
  },
};

function whichFiles({ filePath, period, all = false }: Options): IngestWhich {
  const given = [
    ...(filePath === undefined ? [] : [{ filePath }]),
    ...(period === undefined ? [] : [{ period }]),
    ...(all ? [{ all }] : []),
  ];
  const [only] = given;
  if (given.length === 1 && only !== undefined) return only;
  throw usage(
    'ingest takes exactly one of --file-path, --period and --all.',
    'For a month: tidemark ingest --period 2025-06.',
  );
}
