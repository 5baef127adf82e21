import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chunkBuffer } from '../../../src/readers/chunk-buffer.ts';

async function bytesFor(content: string, most: number, more?: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-chunk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), content);
  const file = await open(join(folder, 'file'), 'r');
  try {
    return (await chunkBuffer(file, most, more)).length;
  } finally {
    await file.close();
  }
}

it('a small file takes as much memory as it has bytes, a large one no more than a chunk', async () => {
  expect(await bytesFor('x'.repeat(10_000), 4 << 20)).toBe(10_000);
  expect(await bytesFor('x'.repeat(10_000), 4 << 20, 2)).toBe(10_002);
  expect(await bytesFor('x'.repeat(10_000), 6000, 2)).toBe(6002);
});

it('an empty file leaves room for what may still be appended, and a chunk of a few bytes stays one', async () => {
  expect(await bytesFor('', 4 << 20)).toBe(4096);
  expect(await bytesFor('', 3)).toBe(3);
});
