import { expect, test } from 'vitest';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import { asZip, type Cells, readCells, tinyParts } from './tiny-workbook.ts';

const rows = Array.from({ length: 40 }, (_, i) => {
  const n = i + 1;
  return `<row r="${n}"><c r="A${n}" t="s"><v>${i % 7}</v></c><c r="B${n}" s="1"><v>${45_000 + i}</v></c><c r="C${n}"><v>${i * 1.5}</v></c><c r="D${n}" t="inlineStr"><is><t>Zeile ${n} &amp; ü</t></is></c></row>`;
}).join('');
const strings = Array.from({ length: 7 }, (_, i) => `<si><t>shared ${i}</t></si>`).join('');
const PARTS = tinyParts({ rows, strings, formats: ['yyyy-mm-dd'] });
const WHOLE = asZip(PARTS);

/** A fixed sequence, so that a failing case can be run again. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function outcome(bytes: Buffer): Promise<Cells | string> {
  const started = performance.now();
  try {
    return await readCells(bytes);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return error.code;
  } finally {
    expect(performance.now() - started).toBeLessThan(2000);
  }
}

test('120 flipped bytes end in the exact cells or a refusal', async () => {
  const exact = await readCells(WHOLE);
  const random = sequence(1);
  let refused = 0;
  for (let i = 0; i < 120; i++) {
    const bytes = Buffer.from(WHOLE);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
    const found = await outcome(bytes);
    if (typeof found === 'string') refused++;
    else expect(found, `byte ${at}`).toEqual(exact);
  }
  expect(refused).toBeGreaterThan(60);
});

test('80 cut files are refused', async () => {
  const random = sequence(2);
  for (let i = 0; i < 80; i++) {
    const end = Math.floor(random() * WHOLE.length);
    expect(await outcome(WHOLE.subarray(0, end)), `cut at ${end}`).toBe('file-unreadable');
  }
});

test('60 files with bytes taken out of the middle or doubled are refused', async () => {
  const random = sequence(3);
  for (let i = 0; i < 60; i++) {
    const at = Math.floor(random() * (WHOLE.length - 60));
    const length = 1 + Math.floor(random() * 50);
    const piece = WHOLE.subarray(at, at + length);
    const bytes =
      i % 2
        ? Buffer.concat([WHOLE.subarray(0, at), WHOLE.subarray(at + length)])
        : Buffer.concat([WHOLE.subarray(0, at), piece, WHOLE.subarray(at)]);
    expect(await outcome(bytes), `${length} bytes at ${at}`).toBe('file-unreadable');
  }
});

test('60 sheets cut or with tags taken out, packed again, never lose cells in silence', async () => {
  const exact = await readCells(WHOLE);
  const sheet = String(PARTS.get('xl/worksheets/sheet1.xml'));
  const tags = [...sheet.matchAll(/<[^>]*>/g)];
  const random = sequence(4);
  for (let i = 0; i < 60; i++) {
    const tag = tags[Math.floor(random() * tags.length)]!;
    const rest = i % 2 ? '' : sheet.slice(tag.index + tag[0].length);
    const found = await outcome(
      asZip(new Map(PARTS).set('xl/worksheets/sheet1.xml', sheet.slice(0, tag.index) + rest)),
    );
    if (typeof found !== 'string') expect(found, `without ${tag[0]} at ${tag.index}`).toEqual(exact);
    if (i % 2) expect(found).toBe('file-unreadable');
  }
});

test('parts swapped for one another end in a refusal, or matter to no cell', async () => {
  const exact = await readCells(WHOLE);
  const names = [...PARTS.keys()];
  let refused = 0;
  for (const one of names) {
    for (const other of names) {
      if (one >= other) continue;
      const found = await outcome(
        asZip(new Map(PARTS).set(one, PARTS.get(other)!).set(other, PARTS.get(one)!)),
      );
      if (typeof found === 'string') refused++;
      else expect(found, `${one} and ${other}`).toEqual(exact);
    }
  }
  expect(refused).toBeGreaterThan(10);
});
