import { counted } from '../../domain/count.ts';
import { columnLetters } from '../../domain/finding.ts';
import { blank, options, type Words, type WriteWords, words } from '../../errors/advice.ts';
import type { SheetInfo } from '../../readers/reader.ts';
import type { TablePlace } from './find-table.ts';
import type { NamePattern } from './name-pattern.ts';
import { periodHeaderDoubt } from './period-headers.ts';
import type { TableSample } from './read-table.ts';

/** Notes on a draft for the engineer, as sentences. */
export function notesOf(
  name: NamePattern,
  place: TablePlace,
  table: TableSample,
  {
    passing,
    sheet,
    write,
  }: { readonly passing: number; readonly sheet: SheetInfo | null; readonly write: WriteWords },
): string[] {
  const notes = name.note === null ? [] : [name.note];
  if (sheet === null && place.otherSheets.length > 0) notes.push(write(chosenSheet(place)));
  if (table.rows === 0) notes.push('The file has headers and no rows, so every type is a guess.');
  notes.push(...refusedAsItIs(table, passing));
  if (table.kept.length < table.rows)
    notes.push(`The key was looked for in the first ${counted(table.kept.length, 'row')}.`);
  const labels = table.columns.map((column) => column.header.toLowerCase());
  const doubled = labels.filter((label, i) => labels.indexOf(label) !== i);
  if (doubled.length > 0)
    notes.push(`A header is there twice (${doubled.join(', ')}); the gate refuses such a file.`);
  const periods = periodHeaderDoubt(table.columns.map((column) => column.header));
  if (periods !== null) notes.push(periods);
  if (place.sheetsLikeIt.length > 0)
    notes.push(
      `The same headers are on ${counted(place.sheetsLikeIt.length, 'more sheet')}, which will not be read.`,
    );
  notes.push(...table.notData.doubts);
  if (table.merged.doubt !== null) notes.push(table.merged.doubt);
  if (table.repeatedHeaders > 0)
    notes.push(`The header is repeated in ${counted(table.repeatedHeaders, 'row')}, not counted as data.`);
  return notes;
}

function chosenSheet({ sheet, otherSheets }: TablePlace): Words {
  const shown = otherSheets.slice(0, 3).map((name) => `'${name}'`);
  const more = otherSheets.length > 3 ? ` and ${otherSheets.length - 3} more` : '';
  return words`The sheet '${sheet.name}' was chosen for its largest table, not ${shown.join(', ')}${more}; ${options({ sheet: blank('NAME') })} takes another.`;
}

/** Problems of the file itself, for which the drafted rules would refuse it. */
function refusedAsItIs(table: TableSample, passing: number): readonly string[] {
  const past = table.unnamed.slice(passing).map(columnLetters);
  const { unsure, titles } = table;
  return [
    ...(past.length === 0
      ? []
      : [
          `Past the last header there are values (${past.length === 1 ? 'column' : 'columns'} ${listed(past)}): the gate refuses such a file. Write a header there, or empty the cells.`,
        ]),
    ...(unsure.length === 0
      ? []
      : [
          `The quotes of ${unsure.length === 1 ? 'line' : 'lines'} ${listed(unsure.map(String))} make no sense: such rows are rejected, and the file with them. Fix the quotes.`,
        ]),
    ...(titles.length === 0
      ? []
      : [
          `${titles.length === 1 ? 'Row' : 'Rows'} ${listed(titles.map(String))} ${titles.length === 1 ? 'looks like the title' : 'look like titles'} of another table, with the headers again below: such a file is refused. Put each table on a sheet of its own.`,
        ]),
  ];
}

function listed(all: readonly string[]): string {
  const more = all.length > 5 ? ` and ${all.length - 5} more` : '';
  return `${all.slice(0, 5).join(', ')}${more}`;
}
