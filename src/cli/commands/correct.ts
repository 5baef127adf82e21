import type { Config } from '../../config/config.ts';
import { counted } from '../../domain/count.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { type Period, periodDue } from '../../domain/period.ts';
import { stepResult } from '../../domain/result.ts';
import { parseSlice, type SliceFilter, sliceMatches, sliceShown } from '../../domain/slice.ts';
import { command, words } from '../../errors/advice.ts';
import type { App } from '../app.ts';
import type { CommandSpec, Outcome } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { decisionOptions, requireDecision } from '../decision-options.ts';
import { gather, nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';
import { renderTable } from '../render-table.ts';
import { writtenCorrection } from '../written-correction.ts';

interface Options {
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
  readonly key?: readonly string[];
  readonly set?: string;
  readonly expect?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly undo?: number;
  readonly list?: boolean;
}

export const correctCommand: CommandSpec<Options> = {
  name: 'correct',
  summary:
    'give one cell of a delivery another value, in an overlay that load-stage applies; files do not change',
  configure: (command) =>
    decisionOptions(
      command
        .option('--dataset <name>', 'the dataset', nonEmpty)
        .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
        .option('--slice <name=value>', 'the slice (may be repeated)', sliceOption)
        .option('--key <name=value,…>', 'the row, by its primary key (may be repeated)', gather)
        .option('--set <field=value>', 'the right value; nothing or null after the sign: blank', nonEmpty)
        .option('--expect <old>', 'the delivered value; null: blank')
        .option('--undo <n>', 'undo this correction', wholeNumber)
        .option('--list', 'list the corrections, also undone and void ones'),
    ),
  async run(app, options) {
    const config = await app.config();
    const asked = [options.set !== undefined, options.undo !== undefined, options.list === true];
    if (asked.filter(Boolean).length !== 1)
      throw usage('correct takes one of --set, --undo and --list.', 'Run: tidemark correct --help');
    if (options.list) return list(app, config, options);
    const decision = requireDecision(app, 'correct', options);
    if (options.undo !== undefined) {
      const { undoCorrection } = await import('../../steps/correct.ts');
      const undo = { correctionId: options.undo, ...decision };
      const about = { step: 'correct', dataset: null, period: null };
      return { result: await app.invoke(about, ({ ctx }) => undoCorrection(ctx, undo)) };
    }
    const { period, key, set, expect } = options;
    const missing = [
      ...(options.dataset === undefined ? ['--dataset'] : []),
      ...(period === undefined ? ['--period'] : []),
      ...(key === undefined ? ['--key'] : []),
      ...(expect === undefined ? ['--expect'] : []),
    ];
    if (
      missing.length > 0 ||
      !options.dataset ||
      !period ||
      !key ||
      set === undefined ||
      expect === undefined
    )
      throw usage(`correct needs ${missing.join(', ')}.`, 'For a blank value give --expect null.');
    const dataset = correctable(config, options.dataset);
    refuseStrangeSlices([dataset], options.slice);
    const { correct } = await import('../../steps/correct.ts');
    const about = { step: 'correct', dataset: dataset.name, period: period.text };
    const result = await app.invoke(about, async ({ ctx }) => {
      const written = writtenCorrection(dataset, { key: key.join(','), set, expect });
      return correct(ctx, { dataset, period, slice: options.slice ?? null, written, ...decision });
    });
    return { result };
  },
};

function correctable(config: Config, name: string): Dataset {
  return fileDatasetNamed(
    config,
    name,
    (dataset) =>
      words`A record is never changed: hand a better one over with ${command('records submit', { dataset })}; where a rule was wrong, fix the rule, then: ${command('records retry', { dataset, all: true })}`,
  );
}

async function list(app: App, config: Config, options: Options): Promise<Outcome> {
  const dataset = options.dataset === undefined ? null : correctable(config, options.dataset);
  const due = dataset && options.period ? periodDue(dataset.periodKind, options.period) : null;
  const period = due?.text ?? options.period?.text ?? null;
  const { correctionList } = await import('../../pipeline/correction-list.ts');
  const all = await app.readUnlogged((ctx) => ctx.warehouse.read((session) => correctionList(session)));
  const corrections = all.filter(
    (one) =>
      (dataset === null || one.dataset === dataset.name) &&
      (period === null || one.period === period) &&
      sliceMatches(parseSlice(one.slice), options.slice ?? new Map()),
  );
  const rows = corrections.map((one) => [
    ...[one.correctionId, one.at.slice(0, 19), one.dataset, one.period, sliceShown(one.slice)],
    ...[one.text, one.state, one.by, one.reason],
  ]);
  const header = ['number', 'when (UTC)', 'dataset', 'period', 'slice', 'what', 'state', 'by', 'why'];
  const text = rows.length > 0 ? renderTable(header, rows, '', 90) : 'There are no corrections.\n';
  const result = stepResult({
    ...{ step: 'correct', status: 'done', dataset: dataset?.name ?? null, period },
    message: `${counted(corrections.length, 'correction')}.`,
  });
  return { result, text, details: { corrections } };
}
