import { unescapeExcel } from '../../../../src/readers/xlsx/xml-text.ts';
import { allRows, cellsOf, withSource } from './tiny-workbook.ts';

/** A cell that reads otherwise after another program saved the workbook; `kind:text`, empty where there is none. */
export interface Difference {
  /** As in `Sheet1!A1`. */
  readonly cell: string;
  readonly before: string;
  readonly after: string;
}

/** Every cell of every sheet. */
export async function valuesOf(bytes: Buffer): Promise<Map<string, string>> {
  return withSource(bytes, async (source) => {
    const values = new Map<string, string>();
    for (const sheet of await source.sheets()) {
      const cells = cellsOf(await allRows(source, sheet));
      for (const [address, value] of Object.entries(cells)) values.set(`${sheet.name}!${address}`, value);
    }
    return values;
  });
}

/** Cells whose value, kind or place is another one. */
export async function differences(before: Buffer, after: Buffer): Promise<Difference[]> {
  const [first, second] = [await valuesOf(before), await valuesOf(after)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((cell) => ({ cell, before: first.get(cell) ?? '', after: second.get(cell) ?? '' }))
    .filter(({ before: one, after: other }) => one !== other);
}

/** What programs do to a value by themselves; our reader reads what then stands in the file. */
export const DOINGS = {
  /** White space at the ends of a text that is not marked as kept is none of the text; some keep it, and mark it. */
  keepsBlanks: ({ before, after }) =>
    before.startsWith('s:') && after !== before && `s:${after.slice(2).trim()}` === before,
  /** The escape of `_x0041_` is taken away in reading and not put back in writing. */
  dropsEscape: ({ before, after }) => /_x[0-9a-f]{4}_/i.test(before) && unescapeExcel(before) === after,
  /** Numbers are binary ones in memory. */
  binary: ({ before, after }) =>
    /^n:/.test(before) && /^n:/.test(after) && Number(before.slice(2)) === Number(after.slice(2)),
  /** That formulas are still to be calculated is not kept, and their 0 is. */
  forgetsToCalculate: ({ before, after }) => before === 'e:#FORMULA' && after === 'n:0',
  /** A formula with an empty text for its result is left without one. */
  dropsEmptyResult: ({ before, after }) => before === '' && after === 'e:#FORMULA',
  /** Of a date cell that holds its date as text, the year is taken for a number. */
  yearAsSerial: ({ before, after }) => /^d:/.test(before) && /^d:1905-0[37]-1[467]$/.test(after),
  /** True and False in a cell without a type. */
  wordsAsNumbers: ({ before, after }) => /^b:/.test(before) && after === 'e:NaN',
} satisfies Record<string, (difference: Difference) => boolean>;
export type Doing = keyof typeof DOINGS;

/** The differences that none of the doings explains, and the doings that explain none. */
export function unexplained(found: readonly Difference[], doings: readonly Doing[]): unknown[] {
  const open = found.filter((one) => !doings.some((doing) => DOINGS[doing](one)));
  return [...open, ...doings.filter((doing) => !found.some((one) => DOINGS[doing](one)))];
}
