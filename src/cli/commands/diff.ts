import { InvalidArgumentError } from 'commander';
import { parseTolerance } from '../../comparison/tolerance.ts';
import type { Config } from '../../config/config.ts';
import { isRecordsDataset, type RecordsDataset } from '../../domain/dataset.ts';
import { NO_PERIOD, type Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import { command, words } from '../../errors/advice.ts';
import type { Tolerance } from '../../promotion/change/cell-differs.ts';
import type { DiffAnswer, DiffSubject } from '../../steps/diff.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { gather, nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';
import { renderDiff } from '../render-diff.ts';

interface Options {
  readonly period?: Period;
  readonly dataset?: string;
  readonly run?: string;
  readonly slice?: SliceFilter;
  readonly fromFile?: number;
  readonly toFile?: number;
  readonly fromPeriod?: Period;
  readonly toPeriod?: Period;
  readonly by?: readonly string[];
  readonly sample: number;
  readonly tolerance?: readonly Tolerance[];
  readonly showPii?: boolean;
  readonly failOnDiff?: boolean;
  readonly html?: string;
  readonly xlsx?: string;
}

export const diffCommand: CommandSpec<Options> = {
  name: 'diff',
  summary: 'show what a promotion would change, or how two deliveries or periods differ',
  configure: (command) =>
    command
      .option('--dataset <name>', 'the dataset', nonEmpty)
      .option('--period <period>', 'its staged rows of this period, against core', periodOption)
      .option(
        '--run <id>',
        'of a dataset that takes records: only what this run of a script handed over',
        nonEmpty,
      )
      .option('--from-file <file_id>', 'the older of two deliveries', wholeNumber)
      .option('--to-file <file_id>', 'the newer of two deliveries', wholeNumber)
      .option('--from-period <period>', 'the older of two periods, as they are in stage', periodOption)
      .option('--to-period <period>', 'the newer of two periods', periodOption)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      )
      .option('--by <column>', 'count the changes for each value of a column (may be repeated)', gather)
      .option('--sample <n>', 'changed cells, and changed rows of each kind, to show', wholeNumber, 20)
      .option(
        '--tolerance <amount>',
        'numbers this close count as equal: 0.01, 1% or column=0.5 (may be repeated)',
        toleranceOption,
      )
      .option('--show-pii', 'show personal data; the log records that it was shown')
      .option('--fail-on-diff', 'exit with 4 if anything differs')
      .option('--html <file>', 'write a page; an existing file is replaced', nonEmpty)
      .option('--xlsx <file>', 'write a workbook; an existing file is replaced', nonEmpty),
  async run(app, options) {
    const config = await app.config();
    const subject = subjectOf(config, options);
    refuseStrangeSlices(
      subject.dataset === null ? config.datasets.values() : [subject.dataset],
      options.slice,
    );
    const { diff } = await import('../../steps/diff.ts');
    let answer: DiffAnswer | null = null;
    const period = periodOf(subject);
    const about = { step: 'diff', dataset: subject.dataset?.name ?? null, period };
    const result = await app.invoke(about, async ({ ctx }) => {
      answer = await diff(ctx, {
        subject,
        slice: options.slice ?? new Map(),
        by: options.by ?? [],
        tolerance: options.tolerance ?? [],
        sample: options.sample,
        showPersonal: options.showPii ?? false,
        failOnDiff: options.failOnDiff ?? false,
        html: options.html === undefined ? null : app.pathOf(options.html),
        xlsx: options.xlsx === undefined ? null : app.pathOf(options.xlsx),
      });
      return answer.result;
    });
    const told = answer as DiffAnswer | null;
    if (told === null) return { result };
    return {
      result,
      text: renderDiff(told),
      details: plain({ fingerprint: told.fingerprint, comparisons: told.comparisons }),
    };
  },
};

const HINT =
  'Give --dataset and --period; or --from-file and --to-file; or --dataset, --from-period and --to-period.';

function periodOf(subject: DiffSubject): string | null {
  if (subject.kind === 'staged') return subject.period.text;
  if (subject.kind === 'records') return NO_PERIOD.text;
  return subject.kind === 'periods' ? subject.to.text : null;
}

/** Records that wait, against core; nothing else of them can be compared. */
function recordsSubject(
  dataset: RecordsDataset,
  { period, run, fromFile, toFile, fromPeriod, toPeriod }: Options,
): DiffSubject {
  const strange = [period?.kind === 'none' ? undefined : period, fromFile, toFile, fromPeriod, toPeriod];
  if (strange.every((given) => given === undefined)) return { kind: 'records', dataset, run: run ?? null };
  throw usage(
    `Dataset '${dataset.name}' takes records from scripts, which have no periods and no files.`,
    words`Look at what waits: ${command('diff', { dataset: dataset.name })}`,
  );
}

function subjectOf(config: Config, options: Options): DiffSubject {
  const { period, fromFile, toFile, fromPeriod, toPeriod } = options;
  const dataset = options.dataset === undefined ? null : datasetNamed(config, options.dataset);
  if (dataset !== null && isRecordsDataset(dataset)) return recordsSubject(dataset, options);
  if (options.run !== undefined) throw usage('--run belongs to datasets that take records.', HINT);
  const kinds = [
    period !== undefined,
    fromFile !== undefined || toFile !== undefined,
    fromPeriod !== undefined || toPeriod !== undefined,
  ];
  if (kinds.filter(Boolean).length !== 1) throw usage('diff needs to know what to compare with what.', HINT);
  if (kinds[1]) {
    if (fromFile === undefined || toFile === undefined)
      throw usage('--from-file and --to-file go together.', HINT);
    return { kind: 'files', dataset, from: fromFile, to: toFile };
  }
  if (dataset === null)
    throw usage(
      'diff needs --dataset.',
      `Known datasets: ${[...config.datasets.keys()].join(', ') || 'none'}.`,
    );
  if (period !== undefined) return { kind: 'staged', dataset, period };
  if (fromPeriod === undefined || toPeriod === undefined)
    throw usage('--from-period and --to-period go together.', HINT);
  return { kind: 'periods', dataset, from: fromPeriod, to: toPeriod };
}

function toleranceOption(text: string, before: readonly Tolerance[] = []): readonly Tolerance[] {
  const tolerance = parseTolerance(text);
  if (tolerance === null) throw new InvalidArgumentError('Write 0.01, 1% or column=0.5.');
  return [...before, tolerance];
}

/** Whole numbers that JSON readers would not keep exactly are texts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)));
}
