import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cutBands } from '../../../src/readers/cut-bands.ts';
import type { Extract } from '../../../src/readers/reader.ts';
import { trials } from '../../fixtures/trials.ts';

function linesOf(text: string, width: number, over: Partial<Extract> = {}): Extract {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'rows.csv');
  writeFileSync(path, text);
  const lines = { form: 'lines', path, delimiter: ',', newline: '\n', skip: 1, firstRow: 2, width, ...over };
  return { ...lines, tokenize: () => Promise.reject(new Error('not asked for')) } as Extract;
}

async function cut(extract: Extract, columns: number): Promise<string[][] | null> {
  const bands = await cutBands(extract, columns, join(extract.path, '..'));
  return bands === null ? null : bands.map(({ path }) => readFileSync(path, 'utf8').split('\n').slice(0, -1));
}

describe('cutting a file into bands', () => {
  test('every band has its cells of every line', async () => {
    const extract = linesOf('h,h,h,h,h\na,b,c,d,e\n1,,3,,\nä,ö,ü,é,ñ', 5);
    expect(await cut(extract, 2)).toEqual([
      ['a,b', '1,', 'ä,ö'],
      ['c,d', '3,', 'ü,é'],
      ['e', '', 'ñ'],
    ]);
  });

  test('lines end with CRLF', async () => {
    expect(await cut(linesOf('h,h\r\na,b\r\n', 2, { newline: '\r\n' }), 1)).toEqual([['a'], ['b']]);
  });

  for (const line of ['a,b', 'a,b,c,d', 'a', '']) {
    test(`'${line}' is no line of three cells`, async () => {
      expect(await cut(linesOf(`h,h,h\n1,2,3\n${line}\n1,2,3\n`, 3), 2)).toBeNull();
    });
  }

  test('a canonical record keeps row, number of cells, and the kinds of its own cells', async () => {
    const record = (row: number, kinds: string) => [row, 3, kinds, 'a', 'b', 'c'].join('\x1f');
    const text = `${record(4, 'snd')}\n${record(9, '')}\n`;
    expect(await cut(linesOf(text, 3, { form: 'canonical' }), 2)).toEqual([
      ['4\x1f3\x1fsn\x1fa\x1fb', '9\x1f3\x1f\x1fa\x1fb'],
      ['4\x1f3\x1fd\x1fc', '9\x1f3\x1f\x1fc'],
    ]);
  });

  test('side by side the bands are the file again, also where lines are longer than what is read at once', async () => {
    const cell = fc
      .oneof(fc.string({ maxLength: 8 }), fc.constant('x'.repeat(300_000)))
      .map((text) => text.replaceAll(/[,\r\n]/g, ' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 5 }),
        async (rows) => {
          const text = `${rows.map((row) => row.join(',')).join('\n')}\n`;
          const bands = await cut(linesOf(text, 7, { skip: 0 }), 3);
          expect(rows.map((_, n) => bands?.map((band) => band[n]).join(','))).toEqual(
            rows.map((row) => Buffer.from(row.join(',')).toString()),
          );
        },
      ),
      trials(20),
    );
  });
});
