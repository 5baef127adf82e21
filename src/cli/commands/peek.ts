import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { counted } from '../../domain/count.ts';
import { columnLetters } from '../../domain/finding.ts';
import { stepResult } from '../../domain/result.ts';
import type { App } from '../app.ts';
import type { CommandSpec } from '../command.ts';
import { neutralise } from '../log.ts';
import { choice, nonEmpty, wholeNumber } from '../options.ts';

interface Options {
  readonly sheet?: string;
  readonly as?: 'csv' | 'ndjson';
  readonly headerRow?: number;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly encoding?: string;
}

export const peekCommand: CommandSpec<Options> = {
  name: 'peek',
  summary: 'show what the reader finds in a spreadsheet: sheets, header rows, first rows, or every row',
  configure: (command) =>
    command
      .argument('<file>', 'any spreadsheet or text file')
      .option('--sheet <sheet>', 'name or number', nonEmpty)
      .option('--as <format>', 'every row to stdout, as csv or ndjson', choice('csv', 'ndjson'))
      .option('--header-row <n>', 'the row of the headers', wholeNumber)
      .option('--delimiter <char>', 'text files: the character between cells (\\t for tab)', nonEmpty)
      .option('--quote <char>', 'text files: the quote character')
      .option('--escape <char>', 'text files: what escapes a quote')
      .option(
        '--encoding <name>',
        'text files: utf-8, utf-16 or windows-1252',
        choice('auto', 'utf-8', 'utf-16', 'windows-1252'),
      ),
  async run(app, options, [file]) {
    const { peek, writeSheet } = await import('../../steps/peek.ts');
    const input = {
      path: app.pathOf(file as string),
      shownAs: file as string,
      sheet: options.sheet ?? null,
      headerRow: options.headerRow ?? null,
      delimiter: options.delimiter === '\\t' ? '\t' : (options.delimiter ?? 'auto'),
      quote: options.quote ?? '"',
      ...(options.escape === undefined ? {} : { escape: options.escape }),
      encoding: (options.encoding ?? 'auto') as 'auto',
      ...(await limitsOf(app)),
    };
    if (options.as) {
      const unsure = (row: number) => app.log.warn(unsureText(row));
      const rows = await writeSheet({ ...input, as: options.as }, writeTo(app.streams.stdout), unsure);
      const result = stepResult({
        step: 'peek',
        status: 'done',
        rows: { read: rows },
        message: `${counted(rows, 'row')}.`,
      });
      return { result, text: '' };
    }
    const seen = await peek(input);
    for (const row of seen.unsureRows) app.log.warn(unsureText(row));
    const result = stepResult({
      step: 'peek',
      status: 'done',
      message: `${counted(seen.sheets.length, 'sheet')}.`,
    });
    return { result, text: render(file as string, seen), details: seen };
  },
};

function unsureText(row: number): string {
  return `Line ${row}: a quote is missing or too many, so where its cells end is not sure.`;
}

/** Waits while the reader of our output is slower than we are. */
function writeTo(stdout: NodeJS.WritableStream) {
  return async (text: string): Promise<void> => {
    if (!stdout.write(text)) await once(stdout, 'drain');
  };
}

/** Inside a pipeline, its own limits apply. */
async function limitsOf(app: App) {
  if (!existsSync(app.project.configPath)) return {};
  const { limits } = await app.config();
  return { limits };
}

type Seen = Awaited<ReturnType<typeof import('../../steps/peek.ts').peek>>;

function render(file: string, seen: Seen): string {
  const lines = [
    `${neutralise(file)}: ${seen.format === 'xlsx' ? 'Excel workbook' : seen.format === 'text' ? 'text file' : 'JSON lines'}`,
  ];
  if (seen.dialect) {
    const delimiter = seen.dialect.delimiter === '\t' ? 'tab' : seen.dialect.delimiter;
    lines.push(`  delimiter ${delimiter}   quote ${seen.dialect.quote}   encoding ${seen.dialect.encoding}`);
  }
  for (const sheet of seen.sheets) {
    if (sheet.name === null) continue;
    const marks = [
      sheet.visible ? '' : 'hidden',
      sheet.missing ? 'without cells' : '',
      sheet.name === seen.sheet ? 'shown below' : '',
    ]
      .filter(Boolean)
      .join(', ');
    lines.push(`  sheet ${sheet.index}: ${neutralise(sheet.name)}${marks ? ` (${marks})` : ''}`);
  }
  lines.push(
    '',
    'Rows that may hold the headers, the likeliest first:',
    ...seen.headerCandidates.map(rowLine),
  );
  lines.push('', 'First rows:', ...seen.firstRows.map(rowLine), '');
  for (const { column, row } of seen.unnamedColumns.slice(0, SHOWN_CELLS)) {
    const name = seen.format === 'xlsx' ? columnLetters(column) : String(column + 1);
    lines.push(`Column ${name} has no header, but row ${row} has a value in it.`);
  }
  return lines.join('\n');
}

const SHOWN_CELLS = 12;
const SHOWN_CHARACTERS = 24;

function rowLine(row: { readonly row: number; readonly cells: readonly string[] }): string {
  const cells = row.cells.slice(0, SHOWN_CELLS).map((cell) => {
    const text = neutralise(cell).replaceAll('\n', '⏎');
    return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
  });
  const more = row.cells.length > SHOWN_CELLS ? ` … and ${row.cells.length - SHOWN_CELLS} more` : '';
  return `  row ${row.row}: ${cells.join(' | ')}${more}`;
}
