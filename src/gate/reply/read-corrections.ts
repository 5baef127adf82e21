import { a1 } from '../../domain/finding.ts';
import type { Limits } from '../../domain/limits.ts';
import { HEADINGS, MAKE_BLANK, PROBLEMS_SHEET } from '../../domain/reply-marks.ts';
import type { RawCell } from '../../readers/reader.ts';
import { openXlsx } from '../../readers/xlsx/open-xlsx.ts';
import { replyRefused } from './reply-refusal.ts';

/** What an analyst filled in: cells of the original by row (as the file counts them) and column (from 0). */
export interface Corrections {
  /** Null where the original has no sheets. */
  readonly sheet: string | null;
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly count: number;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** Headings as they stand; people move and widen columns, so that each is looked for by its name. */
const FILL_IN = 'Fill in the corrections.xlsx of the delivery as it was, and save it as .xlsx.';

/**
 * Reads the corrected values out of a filled-in corrections.xlsx. Empty ones change nothing. Refuses (`reply-refused`)
 * what cannot be told: two values for one cell, a cell that is none, a formula without a result.
 */
export async function readCorrections(path: string, limits: Limits): Promise<Corrections> {
  const source = await openXlsx(path, limits);
  try {
    const sheet = (await source.sheets()).find(({ name }) => name === PROBLEMS_SHEET);
    if (sheet === undefined) throw replyRefused(`The sheet '${PROBLEMS_SHEET}' is not in the file.`, FILL_IN);
    const cells = new Map<number, Map<number, string>>();
    let columns: ReturnType<typeof columnsOf> | null = null;
    let about: string | null | undefined;
    for await (const { row, cells: found } of source.rows(sheet)) {
      if (columns === null) {
        columns = columnsOf(found);
        continue;
      }
      const text = correctedText(found[columns.corrected], row);
      if (text === null) continue;
      const place = placeOf(found[columns.cell]?.text ?? '', row);
      const named = columns.sheet < 0 ? null : found[columns.sheet]?.text || null;
      if (about !== undefined && about !== named)
        throw replyRefused(`Row ${row} names another sheet than the rows above.`);
      about = named;
      put(cells, place, text, found[columns.cell]?.text ?? '');
    }
    const count = [...cells.values()].reduce((sum, one) => sum + one.size, 0);
    if (count === 0) throw replyRefused(`No '${HEADINGS.corrected}' is filled in.`, FILL_IN);
    return { sheet: about ?? null, cells, count };
  } finally {
    await source.close();
  }
}

function columnsOf(header: readonly RawCell[]): { cell: number; sheet: number; corrected: number } {
  const at = (heading: string) =>
    header.findIndex(({ text }) => text.trim().toLowerCase() === heading.toLowerCase());
  const columns = { cell: at(HEADINGS.cell), sheet: at(HEADINGS.sheet), corrected: at(HEADINGS.corrected) };
  if (columns.cell < 0 || columns.corrected < 0) {
    const missing = columns.cell < 0 ? HEADINGS.cell : HEADINGS.corrected;
    throw replyRefused(`The sheet '${PROBLEMS_SHEET}' has no column '${missing}' in its first row.`, FILL_IN);
  }
  return columns;
}

/** Null: nothing is to change. */
function correctedText(cell: RawCell | undefined, row: number): string | null {
  if (cell === undefined || cell.kind === '_') return null;
  if (cell.kind === 'e') {
    throw replyRefused(
      `The '${HEADINGS.corrected}' in row ${row} is ${cell.text}, which is no value.`,
      'Write the value itself.',
    );
  }
  if (cell.text.trim() === '') return null;
  return cell.text.trim().toLowerCase() === MAKE_BLANK ? '' : cell.text;
}

/** `B7` of a workbook, `7:2` (line and column) of every other file. */
function placeOf(address: string, row: number): Place {
  const letters = /^\s*\$?([A-Z]{1,3})\$?([1-9]\d{0,6})\s*$/i.exec(address);
  if (letters !== null) {
    let column = 0;
    for (const letter of (letters[1] ?? '').toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
    return { column: column - 1, row: Number(letters[2]) };
  }
  const numbers = /^\s*([1-9]\d{0,11}):([1-9]\d{0,4})\s*$/.exec(address);
  if (numbers !== null) return { column: Number(numbers[2]) - 1, row: Number(numbers[1]) };
  const what = address.trim() === '' ? 'names no cell' : `names '${address.slice(0, 40)}', which is no cell`;
  throw replyRefused(
    `Row ${row} has a '${HEADINGS.corrected}' but ${what}.`,
    `Empty it there: such a problem is corrected in its cells, or in your own file.`,
  );
}

function put(cells: Map<number, Map<number, string>>, place: Place, text: string, address: string): void {
  const row = cells.get(place.row) ?? new Map<number, string>();
  const before = row.get(place.column);
  if (before !== undefined && before !== text) {
    const cell = address.includes(':') ? address : a1(place.column, place.row);
    throw replyRefused(
      `The cell ${cell} is given two different corrected values.`,
      'Give one of them, or the same twice.',
    );
  }
  cells.set(place.row, row.set(place.column, text));
}
