import { stepResult } from '../../domain/result.ts';
import type { CommandSpec } from '../command.ts';
import { choice, nonEmpty, rowNumber } from '../options.ts';
import { writeWords } from '../write-words.ts';

interface Options {
  readonly from?: string;
  readonly dataset?: string;
  readonly sheet?: string;
  readonly headerRow?: number;
  readonly period?: 'month' | 'quarter' | 'year' | 'none';
}

export const initCommand: CommandSpec<Options> = {
  name: 'init',
  summary: 'make a pipeline folder; with --from, draft a dataset from a spreadsheet',
  configure: (command) =>
    command
      .argument('[dir]', 'the folder; the project by default')
      .option('--from <file>', 'a spreadsheet to draft a dataset from', nonEmpty)
      .option('--dataset <name>', 'the name of that dataset', nonEmpty)
      .option('--sheet <sheet>', 'name or number of the sheet with its rows', nonEmpty)
      .option('--header-row <row>', 'the first row of its headers, as the spreadsheet counts rows', rowNumber)
      .option('--period <kind>', 'month, quarter, year or none', choice('month', 'quarter', 'year', 'none')),
  async run(app, options, [dir]) {
    const { initProject } = await import('../../pipeline/init.ts');
    const made = await initProject(dir ?? app.options.project, {
      calledFrom: app.project.calledFrom,
      ...(options.from ? { from: options.from } : {}),
      ...(options.dataset ? { dataset: options.dataset } : {}),
      ...(options.sheet ? { sheet: options.sheet } : {}),
      ...(options.headerRow ? { headerRow: options.headerRow } : {}),
      month: app.clock().toISOString().slice(0, 7),
      ...(options.period ? { period: options.period } : {}),
      dryRun: app.options.dryRun ?? false,
      write: writeWords,
    });
    const did = app.options.dryRun ? 'would be' : 'was';
    const lines = [
      ...made.written.map((path) => `  ${app.options.dryRun ? 'would make' : 'made'} ${path}`),
      ...(made.notes.length > 0 ? ['', 'Please look at:', ...made.notes.map((note) => `  - ${note}`)] : []),
      ...(made.next.length > 0
        ? ['', 'Next:', ...made.next.map((command) => `  ${writeWords(command)}`)]
        : []),
    ];
    const message = options.from ? `A dataset ${did} drafted.` : `A new pipeline ${did} made.`;
    const result = stepResult({
      step: 'init',
      status: 'done',
      outputs: made.written,
      message,
      hint: made.next[0] ?? null,
    });
    return {
      result,
      text: `${message}\n${lines.join('\n')}\n`,
      details: { next: made.next, notes: made.notes },
    };
  },
};
