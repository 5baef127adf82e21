import { counted, grouped } from '../../domain/count.ts';
import type { Period } from '../../domain/period.ts';
import { stepResult } from '../../domain/result.ts';
import { type SliceFilter, sliceShown } from '../../domain/slice.ts';
import { interruptedAttempts } from '../../lake/run-records.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';
import { renderTable } from '../render-table.ts';

interface Options {
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
}

export const statusCommand: CommandSpec<Options> = {
  name: 'status',
  summary: 'how far every dataset and period is, what is late, which marts are older than their core',
  configure: (command) =>
    command
      .option('--period <period>', 'only this period', periodOption)
      .option('--dataset <name>', 'only this dataset', nonEmpty)
      .option(
        '--slice <name=value>',
        'only this slice (may be repeated; a name given twice takes either value)',
        sliceOption,
      ),
  async run(app, options) {
    const config = await app.config();
    if (options.dataset) datasetNamed(config, options.dataset);
    const { statusBoard } = await import('../../pipeline/status.ts');
    const { findMarts } = await import('../../marts/find-marts.ts');
    const { staleMarts } = await import('../../marts/stale-marts.ts');
    const asked = {
      period: options.period ?? null,
      dataset: options.dataset ?? null,
      slice: options.slice ?? null,
      now: app.clock(),
    };
    const { board, stale } = await app.look(async (ctx) => {
      const marts = findMarts(ctx.project, config.datasets, ctx.warehouse.capabilities.dialect);
      return ctx.warehouse.read(async (session) => ({
        board: await statusBoard(session, config, asked),
        stale: await staleMarts(session, marts, config.datasets),
      }));
    });
    const interrupted = interruptedAttempts(app.project);
    const lines = board.map((row) => [
      row.dataset,
      row.period,
      sliceShown(row.slice),
      row.state,
      row.rows,
      row.fileId,
      row.path ?? (row.dueBy ? `due by ${row.dueBy}` : ''),
    ]);
    let text =
      board.length > 0
        ? renderTable(['dataset', 'period', 'slice', 'state', 'rows', 'delivery', 'file'], lines, '')
        : 'Nothing has landed yet.\n';
    for (const mart of stale)
      text += `mart.${mart.mart} ${mart.period} is older than ${mart.tables.join(', ')}: tidemark publish --period ${mart.period}\n`;
    for (const one of interrupted)
      text += `Interrupted: ${one.step} ${one.dataset ?? ''} ${one.period ?? ''} (run ${one.run_id}, ${one.started_at}); run it again.\n`;
    const waiting = board.filter((row) => row.state !== 'promoted').length;
    const message = `${counted(board.length, 'line')}, ${grouped(waiting)} not promoted; ${counted(stale.length, 'mart is', 'marts are')} older than their core.`;
    const result = stepResult({
      step: 'status',
      status: 'done',
      period: options.period?.text ?? null,
      dataset: options.dataset ?? null,
      message,
    });
    return { result, text, details: { board, stale_marts: stale, interrupted } };
  },
};
