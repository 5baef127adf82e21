import { expect, test } from 'vitest';
import { releaseMemory } from '../../../../src/readers/xlsx/release-memory.ts';
import { TextStore } from '../../../../src/readers/xlsx/text-store.ts';

test('gives back every text, kept or packed, of one byte a letter or more, and none past the end', () => {
  const store = new TextStore();
  const text = (i: number): string => (i % 10_007 === 0 ? `ä😀 ${i}` : i % 5 === 0 ? '' : `text ${i}`);
  const count = (1 << 20) + 2 * (1 << 16) + 17;
  for (let i = 0; i < count; i++) store.push(text(i));
  expect(store.length).toBe(count);
  for (let i = 0; i < count; i += i > 1 << 20 ? 1 : 97)
    if (store.at(i) !== text(i)) expect(store.at(i)).toBe(text(i));
  expect([store.at(count), store.at(Number.MAX_SAFE_INTEGER)]).toEqual([undefined, undefined]);
});

test('packs sooner where the texts are long, and gives them back unchanged', () => {
  const store = new TextStore();
  const long = 'é'.repeat(30_000);
  for (let i = 0; i < 3000; i++) store.push(`${i} ${long}`);
  for (const i of [0, 1118, 1119, 1120, 2999]) expect(store.at(i)).toBe(`${i} ${long}`);
});

test('what nobody refers to any more is given back when asked, not when the next string is made', async () => {
  let texts: Buffer[] | null = Array.from({ length: 50 }, () => Buffer.alloc(2_000_000));
  const held = process.memoryUsage().arrayBuffers;
  expect(held).toBeGreaterThan(100_000_000);
  expect(texts).toHaveLength(50);
  texts = null;
  releaseMemory();
  await expect
    .poll(() => process.memoryUsage().arrayBuffers, { timeout: 10_000 })
    .toBeLessThan(held - 90_000_000);
});
