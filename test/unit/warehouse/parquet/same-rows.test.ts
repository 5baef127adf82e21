import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sameRows } from '../../../../src/warehouse/parquet/same-rows.ts';
import { writeParquet } from '../../../fixtures/parquet.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'same[1]-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const THREE = "SELECT * FROM (VALUES (1, 'a', 2), (2, NULL, 3), (2, NULL, 4)) AS t(id, note, _source_row)";

async function compared(one: string, two: string): Promise<boolean> {
  const [left, right] = [join(folder, 'one.parquet'), join(folder, 'two.parquet')];
  await writeParquet(left, one, {});
  await writeParquet(right, two, {});
  return sameRows(left, right);
}

test.each([
  ['order and place in the file', 'SELECT id, note, _source_row * 7 AS _source_row FROM t ORDER BY id DESC'],
  ['order of columns', 'SELECT note, _source_row, id FROM t'],
  ['a new column that is empty', 'SELECT *, CAST(NULL AS VARCHAR) AS remark FROM t'],
  ['numbers of another type', 'SELECT * REPLACE (CAST(id AS DOUBLE) AS id) FROM t'],
  ['more decimals', 'SELECT * REPLACE (CAST(id AS DECIMAL(12,3)) AS id) FROM t'],
])('the same rows differ in %s alone', async (_what, select) => {
  expect(await compared(THREE, `WITH t AS (${THREE}) ${select}`)).toBe(true);
});

test.each([
  ['a value', "SELECT * REPLACE (coalesce(note, 'b') AS note) FROM t"],
  ['blank is no null', "SELECT * REPLACE (coalesce(note, '') AS note) FROM t"],
  ['a row less', 'SELECT * FROM t WHERE _source_row < 4'],
  ['a row twice', 'SELECT * FROM t UNION ALL SELECT * FROM t WHERE id = 1'],
  ['values that changed places', 'SELECT note AS id, CAST(id AS VARCHAR) AS note, _source_row FROM t'],
  ['a new column that is filled', 'SELECT *, 1 AS remark FROM t'],
  ['no rows', 'SELECT * FROM t WHERE false'],
])('other rows: %s', async (_what, select) => {
  expect(await compared(THREE, `WITH t AS (${THREE}) ${select}`)).toBe(false);
});

test('which rows hold a value twice counts', async () => {
  const rows = (values: string) => `SELECT * FROM (VALUES ${values}) AS t(id, note)`;
  expect(await compared(rows("(1, 'a'), (1, 'a'), (2, 'b')"), rows("(1, 'a'), (2, 'b'), (2, 'b')"))).toBe(
    false,
  );
});
