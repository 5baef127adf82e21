import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import type { RawRow } from '../../../../src/readers/reader.ts';
import { canonicalRows } from '../../../../src/readers/text/canonical-rows.ts';
import { DEFAULT_TEXT_RULES } from '../../../../src/readers/text/dialect.ts';
import { openText } from '../../../../src/readers/text/open-text.ts';

/** More: TIDEMARK_FUZZ=20000 npx vitest run --project unit test/unit/readers/text/one-quote-too-many.test.ts */
const COUNT = Number(process.env.TIDEMARK_FUZZ ?? 300);
const SEED = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);
const SHEET = { name: null, index: 1, visible: true };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'one-quote-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows of the file as validation has them; null where it is refused for its quotes. */
async function read(text: string, width: number): Promise<RawRow[] | null> {
  const path = join(folder, 'a.csv');
  writeFileSync(path, text);
  try {
    const source = await openText(path, DEFAULT_LIMITS, { ...DEFAULT_TEXT_RULES, delimiter: ',' });
    const spec = { sheet: SHEET, headerRow: 1, width, scratch: folder };
    const extract = await source.extract(spec);
    const exact = extract.form === 'lines' ? await extract.tokenize() : extract;
    const all = canonicalRows(readFileSync(exact.path));
    const numbers = readFileSync(exact.path, 'utf8')
      .split('\n')
      .map((line) => Number(line.split('\x1f')[1]));
    rmSync(exact.path);
    expect(exact.rows).toBe(all.length);
    return all.map((row, i) => (numbers[i] === width ? row : { ...row, unsure: true as const }));
  } catch (error) {
    if (!(error instanceof TidemarkError) || !/quote|closed/.test(error.message)) throw error;
    return null;
  }
}

const texts = (row: RawRow) => JSON.stringify(row.cells.map((cell) => cell.text));

const words = fc.constantFrom(
  'a',
  'b 1',
  'x',
  '12.5',
  'Shirt, Plaid',
  'two\nlines',
  'p,q\nr',
  'say "hi"',
  '',
  'Town, County\nUK',
  '\nz',
  ', y',
);
const tableOf = (width: number) =>
  fc.array(fc.array(words, { minLength: width - 1, maxLength: width - 1 }), { minLength: 2, maxLength: 7 });

/** Each row begins with its number, so that no row is like another; cells are quoted where they must be, or where it is said. */
function written(rows: readonly (readonly string[])[], all: boolean): string {
  const cell = (text: string) => (all || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row, i) => `${[`${i + 1}`, ...row].map(cell).join(',')}\n`).join('');
}

test('one quote too many, wherever it stands, changes no other row', async () => {
  let refused = 0;
  let exact = 0;
  const table = fc.integer({ min: 2, max: 4 }).chain((width) => fc.tuple(fc.constant(width), tableOf(width)));
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), fc.nat(), async ([width, rows], all, place) => {
      const header = `${Array.from({ length: width }, (_, i) => `h${i}`).join(',')}\n`;
      const lines = rows.map((row, i) => written([row], all).replace(/^("?)1/, `$1${i + 1}`));
      const sound = lines.join('');
      const at = place % (sound.length + 1);
      const damaged = `${sound.slice(0, at)}"${sound.slice(at)}`;
      let end = 0;
      const hit = new Set<number>();
      for (const [i, line] of lines.entries()) {
        // At the edge between two rows the quote belongs to either.
        if (at >= end && at <= end + line.length) hit.add(i);
        end += line.length;
      }
      const found = await read(header + damaged, width);
      if (found === null) {
        refused++;
        return;
      }
      exact++;
      const wanted = rows.map((row, i) => JSON.stringify([`${i + 1}`, ...row]));
      const accepted = found.filter((row) => !row.unsure).map(texts);
      const others = wanted.filter((_, i) => !hit.has(i));
      const context = `${JSON.stringify(damaged)}\n${found.map((row) => `${row.unsure ? '!' : ' '} ${texts(row)}`).join('\n')}`;
      for (const row of others) expect(accepted, context).toContain(row);
      // What else is accepted is the row at fault with the quote in it.
      for (const row of accepted.filter((one) => !others.includes(one))) {
        const same = [...hit].some((i) => row.replaceAll('\\"', '') === wanted[i]?.replaceAll('\\"', ''));
        expect(same, `${row} in ${context}`).toBe(true);
      }
    }),
    { numRuns: COUNT, seed: SEED },
  );
  expect(refused).toBeLessThan((refused + exact) / 10);
}, 600_000);
