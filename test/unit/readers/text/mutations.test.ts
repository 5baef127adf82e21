import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import type { Extract, RawRow, SheetInfo, Source } from '../../../../src/readers/reader.ts';
import { canonicalRows } from '../../../../src/readers/text/canonical-rows.ts';
import { DEFAULT_TEXT_RULES } from '../../../../src/readers/text/dialect.ts';
import { openText } from '../../../../src/readers/text/open-text.ts';
import { mutatedText } from './mutate-text.ts';
import { type PlainRow, parsePlainly, windowsText } from './plain-parser.ts';

/** More of them: TIDEMARK_FUZZ=10000 npx vitest run --project unit test/unit/readers/text/mutations.test.ts */
const COUNT = Number(process.env.TIDEMARK_FUZZ ?? 300);
const FIRST = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);
const SHEET: SheetInfo = { name: null, index: 1, visible: true };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutations-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const textsOf = (rows: readonly RawRow[]): PlainRow[] =>
  rows.map(({ row, cells }) => ({ row, cells: cells.map(({ text }) => text) }));

async function allRows(source: Source): Promise<(PlainRow & { unsure?: boolean })[]> {
  const rows: RawRow[] = [];
  for await (const row of source.rows(SHEET)) rows.push(row);
  return textsOf(rows).map((row, i) => ({ ...row, ...(rows[i]?.unsure ? { unsure: true } : {}) }));
}

/** The text, or null where the bytes are not of that encoding throughout. */
function whole(bytes: Buffer, encoding: string): string | null {
  if (encoding === 'windows-1252') return windowsText(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Rows of an extract with their true number of cells, as a scan of it would see them. */
function scanned(extract: Extract): { row: number; n: number; cells: string[] }[] {
  if (extract.form === 'canonical') {
    return readFileSync(extract.path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [row] = textsOf(canonicalRows(Buffer.from(`${line}\n`)));
        return { row: row?.row ?? 0, n: Number(line.split('\x1f')[1]), cells: [...(row?.cells ?? [])] };
      });
  }
  const lines = readFileSync(extract.path, 'utf8')
    .replace(/^\ufeff/, '')
    .split(extract.newline);
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(extract.skip).map((line, i) => {
    const cells = line.split(extract.delimiter);
    const n = cells.length;
    while (cells.length < extract.width) cells.push('');
    return { row: extract.firstRow + i, n, cells: cells.slice(0, extract.width) };
  });
}

const isBlank = ({ cells }: PlainRow) => cells.every((text) => text === '');
const ENCODING_AMISS = /UTF-8|Windows-1252|UTF-16|half a character/;

test(`${COUNT} text files gone wrong end in exact rows or a refusal for cause, in both forms`, async () => {
  const path = join(folder, 'a.csv');
  let refused = 0;
  let lines = 0;
  let damaged = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const { bytes, delimiter, what } = mutatedText(seed);
    if (bytes.length === 0) continue;
    writeFileSync(path, bytes);
    const rules = { ...DEFAULT_TEXT_RULES, delimiter: seed % 2 ? 'auto' : delimiter };
    const started = process.cpuUsage();
    const outcome = await openText(path, DEFAULT_LIMITS, rules).then(
      async (source) => ({ source, rows: await allRows(source).catch((error: unknown) => error) }),
      (error: unknown) => ({ source: null, rows: error }),
    );
    // The time of the processor: on a busy machine the clock tells nothing.
    expect(process.cpuUsage(started).user / 1000, what).toBeLessThan(2000);
    const { source, rows } = outcome;
    const dialect = source?.dialect;
    if (!Array.isArray(rows)) {
      refused++;
      if (!(rows instanceof TidemarkError)) throw rows;
      expect([rows.code, rows.message], what).toEqual([
        'file-unreadable',
        expect.stringContaining("'a.csv'"),
      ]);
      if (ENCODING_AMISS.test(rows.message)) continue;
      expect(rows.message, what).toMatch(/line \d+/);
      // Damage of the encoding may come after the line that was refused.
      const text = whole(bytes, dialect?.encoding ?? '');
      if (text === null) continue;
      const plain = parsePlainly(text.replaceAll('\0', 'x'), { delimiter, quote: '"', ...dialect });
      if (/NUL/.test(rows.message)) expect(text, what).toContain('\0');
      else expect(plain, what).toBe('quote');
      continue;
    }
    if (!source || !dialect) throw new Error(what);
    const text = whole(bytes, dialect.encoding) ?? '';
    const plain = parsePlainly(text, dialect) as PlainRow[] | 'quote';
    if (plain === 'quote' || rows.some(({ unsure }) => unsure)) {
      damaged++;
      // What becomes of the damage itself has tests of its own; here, that lines without any quote are exact.
      const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
      for (const { row, cells, unsure } of rows) {
        const line = lines[row - 1] as string;
        if (!unsure && !line.includes(dialect.quote))
          expect(cells, what).toEqual(line.split(dialect.delimiter));
      }
      continue;
    }
    expect(rows, what).toEqual(plain);
    const header = plain.find((row) => !isBlank(row));
    if (header === undefined) continue;
    const width = header.cells.length;
    const scratch = mkdtempSync(join(folder, 's'));
    const extract = await source.extract({ sheet: SHEET, headerRow: header.row, width, scratch });
    const expected = plain
      .filter((row) => row.row > header.row && !isBlank(row))
      .map(({ row, cells }) => ({
        row,
        n: cells.length,
        cells: Array.from({ length: width }, (_, i) => cells[i] ?? ''),
      }));
    expect(scanned(extract), what).toEqual(expected);
    if (extract.form === 'lines') {
      lines++;
      expect(scanned(await extract.tokenize()), what).toEqual(expected);
    }
    rmSync(scratch, { recursive: true });
  }
  expect(refused + damaged).toBeGreaterThan(COUNT / 20);
  expect(damaged).toBeLessThan(COUNT / 4);
  expect(lines).toBeGreaterThan(COUNT / 20);
}, 3_600_000);
