import { a1 } from '../../domain/finding.ts';
import type { Limits } from '../../domain/limits.ts';
import { BLANK_WORD, HEADINGS, PROBLEMS_SHEET, YES } from '../../domain/reply-marks.ts';
import type { RawCell } from '../../readers/reader.ts';
import { openXlsx } from '../../readers/xlsx/open-xlsx.ts';
import { replyRefused } from './reply-refusal.ts';

/** What an analyst filled in: cells of the original by row (numbered as in the file) and column (from 0). */
export interface Corrections {
  /** Null where the original has no sheets. */
  readonly sheet: string | null;
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** Rows to be deleted, numbered as in the file. */
  readonly deleted: ReadonlySet<number>;
  /** Number of corrected cells. */
  readonly count: number;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** Headings as written. People move and widen columns, so each is found by its name. */
const FILL_IN = 'Fill in the corrections.xlsx of the delivery as it was, and save it as .xlsx.';

/**
 * Reads corrected values and deleted rows from a filled-in corrections.xlsx. Empty cells change nothing. Refuses
 * (`reply-refused`) what is not clear: two values for one cell, an address that is not one, a formula without a result.
 */
export async function readCorrections(path: string, limits: Limits): Promise<Corrections> {
  const source = await openXlsx(path, limits);
  try {
    const sheet = (await source.sheets()).find(({ name }) => name === PROBLEMS_SHEET);
    if (sheet === undefined) throw replyRefused(`The sheet '${PROBLEMS_SHEET}' is not in the file.`, FILL_IN);
    const cells = new Map<number, Map<number, string>>();
    const deleted = new Set<number>();
    let columns: Columns | null = null;
    let about: string | null | undefined;
    for await (const { row, cells: found } of source.rows(sheet)) {
      if (columns === null) {
        columns = columnsOf(found);
        continue;
      }
      const text = correctedText(found, columns, row);
      const isDeleted = saysYes(found[columns.deleteRow], HEADINGS.deleteRow, row);
      if (text === null && !isDeleted) continue;
      const named = columns.sheet < 0 ? null : found[columns.sheet]?.text || null;
      if (about !== undefined && about !== named)
        throw replyRefused(`Row ${row} names another sheet than the rows above.`);
      about = named;
      const address = found[columns.cell]?.text ?? '';
      if (isDeleted) deleted.add(rowOf(address, found[columns.row]?.text ?? '', row));
      if (text !== null) put(cells, placeOf(address, row), text, address);
    }
    const both = [...cells.keys()].find((row) => deleted.has(row));
    if (both !== undefined)
      throw replyRefused(`Row ${both} is deleted and has a corrected cell too.`, 'Do one of the two.');
    const count = [...cells.values()].reduce((sum, one) => sum + one.size, 0);
    if (count + deleted.size === 0)
      throw replyRefused(`No '${HEADINGS.corrected}' is filled in, and no row is deleted.`, FILL_IN);
    return { sheet: about ?? null, cells, deleted, count };
  } finally {
    await source.close();
  }
}

type Columns = Record<'cell' | 'sheet' | 'row' | 'corrected' | 'emptyCell' | 'deleteRow', number>;

function columnsOf(header: readonly RawCell[]): Columns {
  const at = (heading: string) =>
    header.findIndex(({ text }) => text.trim().toLowerCase() === heading.toLowerCase());
  const columns = {
    cell: at(HEADINGS.cell),
    sheet: at(HEADINGS.sheet),
    row: at(HEADINGS.row),
    corrected: at(HEADINGS.corrected),
    emptyCell: at(HEADINGS.emptyCell),
    deleteRow: at(HEADINGS.deleteRow),
  };
  if (columns.cell < 0 || columns.corrected < 0) {
    const missing = columns.cell < 0 ? HEADINGS.cell : HEADINGS.corrected;
    throw replyRefused(`The sheet '${PROBLEMS_SHEET}' has no column '${missing}' in its first row.`, FILL_IN);
  }
  return columns;
}

/** The text that the cell is to hold, whatever it is; null: the cell does not change. */
function correctedText(found: readonly RawCell[], columns: Columns, row: number): string | null {
  const isEmptied = saysYes(found[columns.emptyCell], HEADINGS.emptyCell, row);
  const text = writtenText(found[columns.corrected], row);
  if (!isEmptied) return text?.trim().toLowerCase() === BLANK_WORD && columns.emptyCell < 0 ? '' : text;
  if (text !== null)
    throw replyRefused(
      `Row ${row} has a '${HEADINGS.corrected}' and '${HEADINGS.emptyCell}' too.`,
      'Fill in one of the two.',
    );
  return '';
}

function writtenText(cell: RawCell | undefined, row: number): string | null {
  if (cell === undefined || cell.kind === '_') return null;
  if (cell.kind === 'e') {
    throw replyRefused(
      `The '${HEADINGS.corrected}' in row ${row} is ${cell.text}, which is no value.`,
      'Write the value itself.',
    );
  }
  return cell.text.trim() === '' ? null : cell.text;
}

function saysYes(cell: RawCell | undefined, heading: string, row: number): boolean {
  const text = cell?.text.trim() ?? '';
  if (text === '') return false;
  if (text.toLowerCase() === YES) return true;
  throw replyRefused(
    `The '${heading}' in row ${row} says '${text.slice(0, 40)}'.`,
    `Write ${YES} there, or leave it empty.`,
  );
}

/** The row of the original that a line is about: that of its cell, or the row it gives. */
function rowOf(address: string, named: string, row: number): number {
  if (address.trim() !== '') return placeOf(address, row).row;
  if (/^[1-9]\d{0,11}$/.test(named.trim())) return Number(named);
  throw replyRefused(
    `Row ${row} says '${HEADINGS.deleteRow}' and names no row.`,
    'Empty it there: such a problem is about the whole file.',
  );
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
