import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { datasetOf, temporaryFolder, validateCells, validateText } from '../validation/validate-text.ts';

const DATASET = datasetOf([{ name: 'id' }, { name: 'v', type: 'number' }]);

/** How many rows of a cleaned file a filter on 0 finds: readers skip row groups by hashes of their values. */
async function zeros(cleaned: Buffer | null): Promise<number> {
  const path = join(temporaryFolder(), 'cleaned.parquet');
  writeFileSync(path, cleaned as Buffer);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER FROM read_parquet('${path}') WHERE v = 0`,
  );
  const [[count]] = reader.getRows() as [[number]];
  connection.closeSync();
  instance.closeSync();
  return count;
}

test.each([
  ['quickly', 0],
  ['in the exact form', 1e9],
])('minus zero is zero, read %s: a filter on 0 finds it', async (_, quickFrom) => {
  const texts = ['-0', '-0.0', '0', '-.0', '-0.00'];
  const text = `id,v\n${texts.map((value, i) => `${i},${value}\n`).join('')}x,1.5\n`;
  const found = await validateText(DATASET, text, { quickFrom, canonical: quickFrom > 0 });
  expect(found.accepted.map(({ v }) => v)).toEqual([0, 0, 0, 0, 0, 1.5]);
  expect(found.accepted.some(({ v }) => Object.is(v, -0))).toBe(false);
  expect(await zeros(found.cleanedBytes)).toBe(5);
});

test('minus zero of a workbook is zero', async () => {
  const found = await validateCells(DATASET, [
    [
      ['s', 'a'],
      ['n', '-0'],
    ],
    [
      ['s', 'b'],
      ['n', '-0e5'],
    ],
  ]);
  expect(found.accepted.map(({ v }) => Object.is(v, 0))).toEqual([true, true]);
  expect(await zeros(found.cleanedBytes)).toBe(2);
});
