import { type Period, periodDue } from '../../domain/period.ts';
import { stepResult } from '../../domain/result.ts';
import { parseSlice, type SliceFilter, sliceMatches, sliceShown } from '../../domain/slice.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, usage } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';
import { renderTable } from '../render-table.ts';

interface Options {
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
}

export const historyCommand: CommandSpec<Options> = {
  name: 'history',
  summary:
    'show everything that happened to a dataset: deliveries, loads, decisions, promotions; who, when and why',
  configure: (command) =>
    command
      .option('--dataset <name>', 'the dataset', nonEmpty)
      .option('--period <period>', 'only this period', periodOption)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      ),
  async run(app, options) {
    const config = await app.config();
    if (!options.dataset)
      throw usage(
        'history needs --dataset.',
        `Known datasets: ${[...config.datasets.keys()].join(', ') || 'none'}.`,
      );
    const dataset = datasetNamed(config, options.dataset);
    const period = options.period
      ? (periodDue(dataset.periodKind, options.period)?.text ?? options.period.text)
      : null;
    const { historyOf } = await import('../../ledger/history.ts');
    const all = await app.readUnlogged((ctx) =>
      ctx.warehouse.read((session) => historyOf(session, dataset.name, period)),
    );
    const events = all.filter((event) => sliceMatches(parseSlice(event.slice), options.slice ?? new Map()));
    const rows = events.map((event) => [
      event.at.slice(0, 19),
      event.period,
      sliceShown(event.slice),
      event.event,
      event.id,
      event.what,
      event.by,
      event.why,
      event.runId,
    ]);
    const text =
      events.length > 0
        ? renderTable(
            ['when (UTC)', 'period', 'slice', 'event', 'number', 'what', 'by', 'why', 'run'],
            rows,
            '',
            90,
          )
        : 'Nothing has happened yet.\n';
    const result = stepResult({
      step: 'history',
      status: 'done',
      dataset: dataset.name,
      period,
      message: `${events.length} events.`,
    });
    return { result, text, details: { events } };
  },
};
