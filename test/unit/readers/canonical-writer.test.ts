import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CanonicalWriter } from '../../../src/readers/canonical-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canonical-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('lays out row, cell count, kinds and cells, padded and cut to the width', async () => {
  const path = join(folder, 'a');
  const writer = new CanonicalWriter(path, 2);
  await writer.writeRow(2, 2, 's_', ['a']);
  await writer.writeRow(5, 3, '', ['ü', '€', 'x']);
  expect(await writer.close()).toEqual({ rows: 2, escaped: false });
  expect(readFileSync(path, 'utf8')).toBe('2\x1f2\x1fs_\x1fa\x1f\n5\x1f3\x1f\x1fü\x1f€\n');
});

test('escapes what would divide records or cells, in short and in long cells', async () => {
  const path = join(folder, 'a');
  const writer = new CanonicalWriter(path, 1);
  const long = 'x'.repeat(50);
  await writer.writeRow(1, 1, '', ['a\nb\rc\x1fd\x1be\x1bn']);
  await writer.writeRow(2, 1, '', [`${long}\n`]);
  expect((await writer.close()).escaped).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(
    `1\x1f1\x1f\x1fa\x1bnb\x1brc\x1bud\x1bee\x1ben\n2\x1f1\x1f\x1f${long}\x1bn\n`,
  );
});

test('keeps every row in order when the text is many chunks long', async () => {
  const path = join(folder, 'a');
  const writer = new CanonicalWriter(path, 1);
  let waits = 0;
  for (let row = 1; row <= 300_000; row++) {
    const full = writer.writeRow(row, 1, 's', [`cell ${row}`]);
    if (full) {
      waits++;
      await full;
    }
  }
  expect((await writer.close()).rows).toBe(300_000);
  expect(waits).toBeGreaterThan(3);
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.length).toBe(300_001);
  expect(lines[299_999]).toBe('300000\x1f1\x1fs\x1fcell 300000');
});

test('never writes into a file that is there already', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'kept');
  expect(() => new CanonicalWriter(path, 1)).toThrow(/EEXIST/);
  expect(readFileSync(path, 'utf8')).toBe('kept');
});
