import type { FindingEntry } from '../../checks/finding-entry.ts';
import { counted, grouped } from '../../domain/count.ts';
import { fileSource } from '../../domain/dataset.ts';
import type { Severity } from '../../domain/finding.ts';
import type { Extract, MergedCells, SwallowedRows } from '../../readers/reader.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'merged-cells',
    title: 'Cells among the data are merged',
    meaning:
      'A merged range shows one value over several cells. `source.merged` says what happens to it: `fill` gives every cell the value and says so, with a warning where it is a number; `keep` leaves it in the first cell; `refuse` refuses the file.',
    example: 'The region is written once, merged over the five rows that belong to it.',
    cure: 'Unmerge the cells and write the value into each cell it is meant for.',
  },
  {
    code: 'hidden-rows',
    title: 'Rows are hidden in the workbook',
    meaning: 'Hidden rows, also those that a filter hides, are read and checked like any other, and counted.',
    example: 'A filter on one region was left on when the workbook was saved.',
    cure: 'Nothing needs to be done where they belong to the data; otherwise delete them.',
  },
  {
    code: 'hidden-columns',
    title: 'Columns are hidden in the workbook',
    meaning: 'Hidden columns under an expected header are read and checked like any other.',
    example: 'Column D was hidden for printing.',
    cure: 'Nothing needs to be done where they belong to the data; otherwise take them out.',
  },
  {
    code: 'zero-formulas',
    title: 'All formulas of a column gave 0',
    meaning:
      'Programs that write formulas without calculating them leave 0 in their cells until somebody opens and saves the workbook.',
    example: 'A column of totals that a script wrote as formulas, all of them 0.',
    cure: 'Open the workbook in Excel or LibreOffice and save it, unless the values really are 0.',
  },
  {
    code: 'code-page',
    title: 'The text may be in the code page of another language',
    meaning:
      'Text that is not UTF-8 is read as Windows-1252. Signs inside words, or many words of accented letters only, show that it may be another one. `encoding: windows-1252` says that it is not.',
    example: "A Polish file in which 'dużego' is read as 'du¿ego'.",
    cure: 'Save the file again as UTF-8.',
  },
  {
    code: 'rows-in-cell',
    title: 'A quoted cell holds lines that look like rows',
    meaning:
      'A quote that is missing or too many lets a cell of a text file go on to the next quote, with whole rows in it. What is in the quotes is read as one cell.',
    example: 'A cell begins with a quote in line 3, and the next quote is in line 50.',
    cure: 'Look at the first and the last line of the cell, and fix the quotes where the lines are rows.',
  },
];

function saySwallowed(env: SourceEnv, { cells, rows, first }: SwallowedRows): void {
  const more = cells > first.length ? ` and ${grouped(cells - first.length)} more` : '';
  const [which, hold] = cells === 1 ? ['The quoted cell', 'holds'] : ['Quoted cells', 'hold'];
  say(
    env,
    'rows-in-cell',
    'warning',
    `${which} of lines ${first.join(', ')}${more} ${hold} ${counted(rows, 'line that looks like a row', 'lines that look like rows')}.`,
    'If they are rows, a quote is missing or too many in the first or the last of these lines.',
  );
}

function sayCodePage(env: SourceEnv, line: number): void {
  say(
    env,
    'code-page',
    'warning',
    `Accented letters may be wrong, as in line ${grouped(line)}: the text seems to be in the code page of another language.`,
    'Look at that line; if letters are wrong, save the file again as UTF-8.',
  );
}

/** Reports what was decided about the sheet's layout in reading: merged cells, hidden rows and columns. */
export async function checkAsRead(env: SourceEnv, extract: Extract): Promise<void> {
  if (extract.form !== 'canonical') return;
  const { hiddenRows, hiddenColumns = [], zeroFormulas = [], merged, swallowed } = extract;
  if (swallowed !== undefined) saySwallowed(env, swallowed);
  if (typeof extract.foreignLine === 'number') sayCodePage(env, extract.foreignLine);
  if (merged !== undefined) await sayMerged(env, merged);
  if (hiddenColumns.length > 0) sayHiddenColumns(env, hiddenColumns);
  if (zeroFormulas.length > 0) sayZeroFormulas(env, zeroFormulas);
  if (hiddenRows === 0) return;
  const rows = counted(hiddenRows, 'hidden row was', 'hidden rows were');
  say(
    env,
    'hidden-rows',
    'info',
    `${rows} read like any other.`,
    'Delete them if they are not part of the data.',
  );
}

function sayHiddenColumns(env: SourceEnv, letters: readonly string[]): void {
  const named = letters.slice(0, 5).join(', ') + (letters.length > 5 ? ' and more' : '');
  const columns = counted(letters.length, 'hidden column');
  const message = `${columns} (${named}) ${letters.length === 1 ? 'was' : 'were'} read like any other.`;
  say(env, 'hidden-columns', 'info', message, 'Take them out if they are not part of the data.');
}

function sayZeroFormulas(env: SourceEnv, letters: readonly string[]): void {
  const named = letters.slice(0, 5).join(', ') + (letters.length > 5 ? ' and more' : '');
  const columns = letters.length === 1 ? `column ${named}` : `the columns ${named}`;
  const message = `All formulas of ${columns} gave 0; the program that wrote them may not have calculated them.`;
  say(
    env,
    'zero-formulas',
    'warning',
    message,
    'Open the workbook, save it and deliver it again, unless 0 is right.',
  );
}

/** A note that is merged over the columns below the last row of data does not count. */
async function sayMerged(env: SourceEnv, merged: MergedCells): Promise<void> {
  const { last } = await env.engine.row<{ last: number | null }>(
    `SELECT max(r) AS last FROM ${env.rows.data}`,
  );
  const among = merged.firstRows.filter((row) => row <= Number(last ?? 0)).length;
  if (among === 0) return;
  const first = merged.first.slice(0, among);
  const rest = among - first.length;
  const where = `${first.join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}`;
  const ranges = `${counted(among, 'merged range')} (${where})`;
  const rule = fileSource(env.dataset).merged;
  const severity = rule === 'refuse' ? 'error' : merged.numbers > 0 ? 'warning' : 'info';
  const message =
    rule === 'refuse'
      ? `Cells among the data are merged: ${ranges}.`
      : rule === 'keep'
        ? `${ranges} among the data; only the first cell of each has its value.`
        : filled(ranges, merged);
  say(
    env,
    'merged-cells',
    severity,
    message,
    'Unmerge them and write the value into each cell it is meant for.',
  );
}

function filled(ranges: string, { filled, kept, numbers }: MergedCells): string {
  const gave = `gave ${counted(filled, 'cell its', 'cells their')} value`;
  const own = kept === 0 ? '' : `; ${grouped(kept)} kept their own`;
  const sums = numbers === 0 ? '' : `; sums count ${counted(numbers, 'number')} again`;
  return `${ranges} ${gave}${own}${sums}.`;
}

function say(
  env: SourceEnv,
  code: 'merged-cells' | 'hidden-rows' | 'hidden-columns' | 'zero-formulas' | 'rows-in-cell' | 'code-page',
  severity: Severity,
  message: string,
  fix: string,
): void {
  env.tableFindings.push({ code, name: code, severity, field: null, message, fix });
}
