import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLUMNS, EXCEPTIONS, type Facts, FOLDER, facts } from '../../readers/xlsx/producer-facts.ts';
import { SAID } from '../../readers/xlsx/producers-said.ts';
import { drafted } from './drafted.ts';

type Exception = keyof typeof EXCEPTIONS;

/** What types make the same again: outer blanks, notations of date-times and truths, digits past the fifteenth. */
const MADE_EVEN = new Set<Exception>([
  ...(['noBlank', 'zoned', 'milliseconds', 'microseconds', 'smallTruths', 'noise'] as const),
]);

/** The facts as the file says them and a draft reads them; a date that Excel has none of rejects its row. */
function wanted(exceptions: readonly Exception[]): Facts[] {
  const said = exceptions.filter((one) => !MADE_EVEN.has(one));
  return facts()
    .map((fact) => {
      let row = { ...fact, name: fact.name.trim() };
      for (const one of said) row = { ...row, ...EXCEPTIONS[one](row) };
      return row;
    })
    .filter(({ paid_on }) => paid_on !== '#DATE');
}

/** A value of any type as the facts write it. */
function asFact(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  if (type === 'boolean') return String(value).toUpperCase();
  if (type === 'integer' || type === 'number') return String(Number(value));
  if (type === 'datetime')
    return String(value)
      .replace(' ', 'T')
      .replace(/\.\d+$/, (fraction) => fraction.padEnd(4, '0'))
      .replace(/T00:00:00$/, '');
  return String(value);
}

describe('what a draft alone makes of the same facts by many producers', () => {
  it.each(Object.entries(SAID))('%s, but for %j', async (name, exceptions) => {
    const bytes = readFileSync(resolve(FOLDER, name));
    const { dataset, found, notes, rows } = await drafted('facts_2025-06.xlsx', bytes);
    const isLeftOut = exceptions.includes('uncalculated');
    const columns = COLUMNS.filter((column) => column !== 'total' || !isLeftOut);
    expect(dataset.fields.map((field) => field.name)).toEqual(columns);
    const expected = wanted(exceptions);
    expect(found.rows).toMatchObject({ read: 12, accepted: expected.length });
    const values = rows.map((row) => row.map((value, i) => asFact(value, dataset.fields[i]?.type ?? '')));
    // One row in twelve is more than may be rejected: such a file says where, and loads nothing.
    if (expected.length < 12) expect([values, found.told]).toEqual([[], ['type-error F10 #DATE']]);
    else expect(values).toEqual(expected.map((fact) => columns.map((column) => fact[column])));
    expect(notes.some((note) => note.startsWith('total: left out'))).toBe(isLeftOut);
    expect(dataset.primaryKey).toEqual(['id']);
  });
});
