import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withMemory } from '../../../../src/warehouse/parquet/in-memory.ts';
import { writeTexts } from '../../../../src/warehouse/parquet/write-texts.ts';

async function* portionsOf(portions: readonly (readonly string[])[]): AsyncGenerator<readonly string[]> {
  yield* portions;
}

/** Writes texts, and reads all files in their order. */
async function written(portions: readonly (readonly string[])[]) {
  const folder = mkdtempSync(join(tmpdir(), 'texts [1]*-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = await writeTexts(folder, portionsOf(portions), undefined);
  const texts: string[] = [];
  for (const { path, count } of files) {
    const escaped = path.replace(/[*?[]/g, '[$&]').replaceAll("'", "''");
    const rows = await withMemory(undefined, async (connection) =>
      (await connection.runAndReadAll(`SELECT n, text FROM read_parquet('${escaped}') ORDER BY n`)).getRows(),
    );
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: count }, (_, i) => i));
    texts.push(...rows.map(([, text]) => text as string));
  }
  return { files: files.length, texts };
}

it('texts come back as they were, in their order, however they came in portions', async () => {
  const odd = ['', ' ', '\n', '\r\n', '\u001f\u001b', "it's", '\\N', 'NULL', '😀', 'a\ufeff', '"', '\t'];
  expect(await written([odd, [], ['last']])).toEqual({ files: 1, texts: [...odd, 'last'] });
});

it('no text is no file', async () => {
  expect(await written([])).toEqual({ files: 0, texts: [] });
  expect(await written([[], []])).toEqual({ files: 0, texts: [] });
});

it('many characters are several files, and a text that is longer than a file is whole', async () => {
  const long = 'ä'.repeat(9_000_000);
  const texts = [
    'first',
    long,
    'between',
    ...Array.from({ length: 20 }, () => 'x'.repeat(1_000_000)),
    'last',
  ];
  const read = await written([texts]);
  expect(read.files).toBe(4);
  expect(read.texts.map((text) => text.length)).toEqual(texts.map((text) => text.length));
  expect(read.texts[1] === long).toBe(true);
});

it('many short texts are several files', async () => {
  const texts = Array.from({ length: 130_000 }, (_, i) => `${i}`);
  const read = await written([texts.slice(0, 7), texts.slice(7)]);
  expect(read.files).toBe(2);
  expect(read.texts).toEqual(texts);
});
