import { expect, test } from 'vitest';
import { TidemarkError } from '../../../src/errors/tidemark-error.ts';
import { DELIMITERS, HEADER, mutatedText } from '../../unit/readers/text/mutate-text.ts';
import { type PlainRow, parsePlainly, windowsText } from '../../unit/readers/text/plain-parser.ts';
import { datasetOf, type Validated, validateFile } from '../../unit/validation/validate-text.ts';

/** More of them: TIDEMARK_FUZZ=2000 npx vitest run --project inputs test/inputs/validation/text-mutations.test.ts */
const COUNT = Number(process.env.TIDEMARK_FUZZ ?? 25);
const FIRST = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);
const DATA = datasetOf(
  HEADER.map((name) => ({ name })),
  { accept: { max_rejected: '99%' } },
);

/** As the encodings of the mutated files go, read without the reader. */
function textOf(bytes: Buffer): string {
  const marked = bytes.subarray(0, 3).toString('hex');
  if (marked.startsWith('fffe')) return bytes.subarray(2).toString('utf16le');
  if (marked.startsWith('feff')) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\ufffd') ? windowsText(bytes) : utf8;
}

const blank = (text: string) => text.replace(/^[\s\u00a0\ufeff]+|[\s\u00a0\ufeff]+$/g, '');

/** A header is known whatever its case, blanks and invisible marks. */
const labelled = (text: string) => text.toLowerCase().replace(/[\s_\-\p{Cf}]+/gu, '');

/** Rows and where the header stands, under the delimiter that gives one: a mishap may have changed it throughout. */
function tableIn(text: string, what: string): { plain: readonly PlainRow[]; header: number } {
  for (const delimiter of DELIMITERS) {
    const plain = parsePlainly(text, { delimiter, quote: '"' });
    if (typeof plain === 'string') continue;
    const header = plain.findIndex(({ cells }) => HEADER.every((name) => cells.map(labelled).includes(name)));
    if (header >= 0) return { plain, header };
  }
  throw new Error(`no header: ${what}`);
}

async function outcome(bytes: Buffer, canonical: boolean): Promise<Validated | string> {
  try {
    return await validateFile(DATA, 'data_2025-06.csv', bytes, { canonical, quickFrom: canonical ? 1e9 : 0 });
  } catch (error) {
    if (error instanceof TidemarkError) return error.message;
    // What the gate says of the headers.
    if (error instanceof Error && /header|no rows/.test(error.message)) return error.message;
    throw error;
  }
}

test(`${COUNT} text files gone wrong: every accepted row is a row of the file, and all rows are accounted for`, async () => {
  let validated = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const { bytes, what } = mutatedText(seed);
    if (bytes.length === 0) continue;
    const found = await outcome(bytes, false);
    const exact = await outcome(bytes, true);
    if (typeof found === 'string' || typeof exact === 'string') {
      expect(exact, what).toBe(found);
      continue;
    }
    validated++;
    expect(found.rows.accepted + found.rows.rejected, what).toBe(found.rows.read);
    expect({ ...found.rows, accepted: found.accepted, told: found.told }, what).toEqual({
      ...exact.rows,
      accepted: exact.accepted,
      told: exact.told,
    });
    if (found.told.some((one) => one.startsWith('unsure-cells'))) continue;
    const { plain, header } = tableIn(textOf(bytes), what);
    const rows = plain.slice(header + 1).filter(({ cells }) => cells.some((text) => blank(text) !== ''));
    expect(found.rows.read, what).toBe(rows.length);
    expect(found.rows.accepted + found.rows.rejected, what).toBe(rows.length);
    const byLine = new Map(rows.map(({ row, cells }) => [row, cells]));
    for (const row of found.accepted) {
      const cells = byLine.get(Number(row._source_row));
      const labels = plain[header]?.cells.map(labelled) ?? [];
      const expected = HEADER.map((name) => blank(cells?.[labels.indexOf(name)] ?? '') || null);
      expect(
        HEADER.map((name) => row[name]),
        `${what}, line ${row._source_row}`,
      ).toEqual(expected);
      expect(cells?.length, what).toBe(labels.length);
    }
  }
  expect(validated).toBeGreaterThan(COUNT / 5);
}, 3_600_000);
