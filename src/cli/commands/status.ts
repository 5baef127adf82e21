import { counted, grouped } from '../../domain/count.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod, periodDue } from '../../domain/period.ts';
import { stepResult } from '../../domain/result.ts';
import { type SliceFilter, sliceShown } from '../../domain/slice.ts';
import { interruptedAttempts } from '../../lake/run-records.ts';
import type { LooseFile } from '../../pipeline/landed-loose.ts';
import type { RecordsLine } from '../../records/records-board.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed } from '../datasets.ts';
import { neutralise } from '../log.ts';
import { nonEmpty, periodOption, sliceOption } from '../options.ts';
import { renderTable } from '../render-table.ts';
import { writeWords } from '../write-words.ts';

interface Options {
  readonly period?: Period;
  readonly dataset?: string;
  readonly slice?: SliceFilter;
}

export const statusCommand: CommandSpec<Options> = {
  name: 'status',
  summary: 'show the state of every dataset and period, what is late or closed, and what to do next',
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
    const { looseFiles } = await import('../../pipeline/landed-loose.ts');
    const { nextSteps } = await import('../../pipeline/next-steps.ts');
    const { recordsBoard } = await import('../../records/records-board.ts');
    const { findMarts } = await import('../../marts/find-marts.ts');
    const { staleMarts } = await import('../../marts/stale-marts.ts');
    const asked = {
      period: options.period ?? null,
      dataset: options.dataset ?? null,
      slice: options.slice ?? null,
      now: app.clock(),
    };
    const { board, records, stale, loose } = await app.readUnlogged(async (ctx) => {
      const marts = findMarts(ctx.project, config.datasets, ctx.warehouse.capabilities.dialect);
      const stands = await ctx.warehouse.read(async (session) => ({
        board: await statusBoard(session, ctx.project, config, asked),
        // They have no slices.
        records:
          options.slice === undefined
            ? await recordsBoard(session, config.datasets.values(), asked.dataset)
            : [],
        stale: await staleMarts(session, marts, config.datasets),
      }));
      const files = await looseFiles(ctx.project, config, ctx.warehouse);
      return { ...stands, loose: files.filter((file) => isAsked(file, options, config.datasets)) };
    });
    const next = nextSteps(app.project, config, { board, loose, records, stale });
    const interrupted = interruptedAttempts(app.project);
    const lines = board.map((row) => [
      row.dataset,
      row.period,
      sliceShown(row.slice),
      row.closed === null ? row.state : `${row.state}, closed`,
      row.rows,
      row.fileId,
      row.path ?? (row.dueBy ? `due by ${row.dueBy}` : ''),
    ]);
    lines.push(...records.map(recordsLine));
    let text =
      lines.length > 0
        ? renderTable(['dataset', 'period', 'slice', 'state', 'rows', 'delivery', 'file'], lines, '')
        : 'Nothing has landed yet.\n';
    text += looseText(loose);
    for (const mart of stale)
      text += `mart.${mart.mart} ${mart.period} is older than ${mart.tables.join(', ')}: tidemark publish --period ${mart.period}\n`;
    for (const one of interrupted)
      text += `Interrupted: ${one.step} ${one.dataset ?? ''} ${one.period ?? ''} (run ${one.run_id}, ${one.started_at}); run it again.\n`;
    text += nextText(next.map(writeWords));
    const waiting = [...board, ...records].filter((row) => row.state !== 'promoted').length;
    const message = `${counted(lines.length, 'line')}, ${grouped(waiting)} not promoted; ${counted(stale.length, 'mart is', 'marts are')} older than their core.`;
    const result = stepResult({
      step: 'status',
      status: 'done',
      period: options.period?.text ?? null,
      dataset: options.dataset ?? null,
      message,
    });
    return {
      result,
      text,
      details: { board, records, stale_marts: stale, interrupted, loose_files: loose, next },
    };
  },
};

function recordsLine(line: RecordsLine): (string | number | null)[] {
  const counts = (['waiting', 'failed', 'held'] as const).flatMap((name) =>
    line[name] > 0 ? [`${grouped(line[name])} ${name}`] : [],
  );
  const newest =
    line.promotionId === null
      ? 'nothing promoted yet'
      : `promotion ${line.promotionId} of ${line.promotedAt?.slice(0, 10)}`;
  return [line.dataset, NO_PERIOD.text, '', line.state, null, null, [...counts, newest].join(', ')];
}

/** Files that fit no dataset have no period and dataset, so they are always shown. */
function isAsked(file: LooseFile, asked: Options, datasets: ReadonlyMap<string, Dataset>): boolean {
  const dataset = datasets.get(file.dataset ?? '');
  if (dataset === undefined) return true;
  if (asked.dataset !== undefined && asked.dataset !== dataset.name) return false;
  return asked.period === undefined || periodDue(dataset.periodKind, asked.period)?.text === file.period;
}

/** Limit on the lines shown below the board. */
const SHOWN = 10;

function looseText(loose: readonly LooseFile[]): string {
  const unfit = loose.filter(({ dataset }) => dataset === null);
  const fresh = loose.filter(({ dataset }) => dataset !== null);
  const line = ({ path, dataset, period }: LooseFile) =>
    dataset === null
      ? `Fits no dataset: ${neutralise(path)}\n`
      : `New: ${neutralise(path)} (${dataset}${parsePeriod(period ?? '') === null ? '' : ` ${period}`})\n`;
  const some = (files: readonly LooseFile[], one: string, more: string) =>
    files.slice(0, SHOWN).map(line).join('') +
    (files.length > SHOWN ? `… and ${counted(files.length - SHOWN, one, more)}\n` : '');
  return (
    some(unfit, 'more file that fits no dataset', 'more files that fit no dataset') +
    some(fresh, 'more new file', 'more new files')
  );
}

function nextText(next: readonly string[]): string {
  if (next.length === 0) return '';
  const more =
    next.length > SHOWN
      ? [`… and ${counted(next.length - SHOWN, 'more thing to do', 'more things to do')}`]
      : [];
  const [first, ...rest] = [...next.slice(0, SHOWN), ...more].map(neutralise);
  return `Next: ${first}\n${rest.map((step) => `      ${step}\n`).join('')}`;
}
