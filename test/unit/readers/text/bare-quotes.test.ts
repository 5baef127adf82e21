import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { DEFAULT_TEXT_RULES } from '../../../../src/readers/text/dialect.ts';
import { openText } from '../../../../src/readers/text/open-text.ts';

const SHEET = { name: null, index: 1, visible: true };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bare-quotes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether the second line of a file of four columns is one whose cells are not sure. */
async function isUnsure(line: string, quote = '"'): Promise<boolean> {
  const path = join(folder, 'a.csv');
  writeFileSync(path, `id,price,product,note\n${line}\n3,1.00,x,y\n`);
  const source = await openText(path, DEFAULT_LIMITS, { ...DEFAULT_TEXT_RULES, delimiter: ',', quote });
  const unsure: number[] = [];
  for await (const row of source.rows(SHEET)) if (row.unsure) unsure.push(row.row);
  if (unsure.length > 0) expect(unsure).toEqual([2]);
  return unsure.length > 0;
}

describe('quotes inside unquoted cells', () => {
  test.each([
    ['a delimiter lost before the quote', '2,33.83"Shirt, Plaid",b'],
    ['a blank before the quote', '2,1.00, "Shirt, Plaid",b'],
    ['a delimiter hidden between other cells', '2,33.83"Shirt, red, Plaid"'],
    ['a doubled quote within', '2,33.83"a ""b"", Plaid",b'],
    ['past the last column', '2,1.00,x,y,33.83"Shirt, Plaid"'],
  ])('mark the row where they hide a delimiter: %s', async (_, line) => {
    expect(await isUnsure(line)).toBe(true);
  });

  test.each([
    ['inches', '2,10",x,y'],
    ['inches in two cells', '2,10",12",y'],
    ['a place on earth', `2,37.8"N,122.4"W,y`],
    ['a pair in one cell', '2,the "red" one,a "b",y'],
    ['inches and a quoted cell', '2,10","a ""b"", c",y'],
    ['first the end, then the beginning', '2,10",33"Shirt,y'],
  ])('are text where they hide none: %s', async (_, line) => {
    expect(await isUnsure(line)).toBe(false);
  });

  test('an apostrophe that is the quote says nothing of the row', async () => {
    expect(await isUnsure("2,O'Brien,the dogs',y", "'")).toBe(false);
  });

  test('are followed from chunk to chunk, whatever the row is long', async () => {
    const path = join(folder, 'long.csv');
    const filler = `1,1.00,${'x'.repeat(5000)},y\n`.repeat(900);
    writeFileSync(path, `id,price,product,note\n${filler}2,33.83"Shirt,${'z'.repeat(900_000)} Plaid",b\n`);
    const source = await openText(path, DEFAULT_LIMITS, { ...DEFAULT_TEXT_RULES, delimiter: ',' });
    const unsure: number[] = [];
    for await (const row of source.rows(SHEET)) if (row.unsure) unsure.push(row.row);
    expect(unsure).toEqual([902]);
  });
});
