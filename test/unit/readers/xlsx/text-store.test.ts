import { expect, test } from 'vitest';
import { TextStore } from '../../../../src/readers/xlsx/text-store.ts';

test('gives back every text, kept or packed, of one byte a letter or more, and none past the end', () => {
  const store = new TextStore();
  const text = (i: number): string => (i % 10_007 === 0 ? `ä😀 ${i}` : i % 5 === 0 ? '' : `text ${i}`);
  const count = (1 << 20) + 3 * 4096 + 17;
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
