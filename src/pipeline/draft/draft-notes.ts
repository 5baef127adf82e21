import type { SheetInfo } from '../../readers/reader.ts';
import type { TablePlace } from './find-table.ts';
import type { NamePattern } from './name-pattern.ts';
import { periodHeaderDoubt } from './period-headers.ts';
import type { TableSample } from './read-table.ts';

/** What the engineer should look at in a draft, in sentences. */
export function notesOf(
  name: NamePattern,
  place: TablePlace,
  table: TableSample,
  { passing, sheet }: { readonly passing: number; readonly sheet: SheetInfo | null },
): string[] {
  const notes = name.note === null ? [] : [name.note];
  if (sheet === null && place.otherSheets.length > 0) notes.push(chosenSheet(place));
  if (table.rows === 0) notes.push('The file has headers and no rows, so every type is a guess.');
  const refused = table.unnamed.length - passing;
  if (refused > 0) {
    const columns =
      refused === 1 ? '1 column past the last header has' : `${refused} columns past the last header have`;
    notes.push(`${columns} values; the gate refuses such a file.`);
  }
  if (table.kept.length < table.rows)
    notes.push(`The key was looked for in the first ${table.kept.length} rows.`);
  const labels = table.columns.map((column) => column.header.toLowerCase());
  const doubled = labels.filter((label, i) => labels.indexOf(label) !== i);
  if (doubled.length > 0)
    notes.push(`A header stands twice (${doubled.join(', ')}); the gate refuses such a file.`);
  const periods = periodHeaderDoubt(table.columns.map((column) => column.header));
  if (periods !== null) notes.push(periods);
  if (place.sheetsLikeIt.length > 0)
    notes.push(`The same headers are on ${place.sheetsLikeIt.length} more sheet(s), which will not be read.`);
  notes.push(...table.notData.doubts);
  if (table.merged.doubt !== null) notes.push(table.merged.doubt);
  if (table.repeatedHeaders > 0)
    notes.push(`The header stands again in ${table.repeatedHeaders} row(s); these are not counted as data.`);
  return notes;
}

function chosenSheet({ sheet, otherSheets }: TablePlace): string {
  const shown = otherSheets.slice(0, 3).map((name) => `'${name}'`);
  const more = otherSheets.length > 3 ? ` and ${otherSheets.length - 3} more` : '';
  return `The sheet '${sheet.name}' was chosen for its largest table, not ${shown.join(', ')}${more}; --sheet NAME takes another.`;
}
