import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { headerFit } from '../../../../src/gate/find-header.ts';
import type { RawRow, SheetInfo, Source } from '../../../../src/readers/reader.ts';
import type { HeaderFit } from '../../../../src/readers/text/detect-delimiter.ts';
import { DEFAULT_TEXT_RULES, type TextRules } from '../../../../src/readers/text/dialect.ts';
import { openText } from '../../../../src/readers/text/open-text.ts';
import { trialCount, trials } from '../../../fixtures/trials.ts';
import { dataset, field } from '../../gate/dataset-for-test.ts';
import { parsePlainly } from './plain-parser.ts';

const SHEET: SheetInfo = { name: null, index: 1, visible: true };
const RUNS = trialCount(150);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialects-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Table = readonly (readonly string[])[];
interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Line ends, used in turn. */
  readonly newlines: readonly string[];
  readonly lastNewline: boolean;
  readonly quoteAll: boolean;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly mark: boolean;
  readonly preamble: readonly string[];
}

const DIALECT: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', "'"),
  newlines: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n'], ['\r\n', '\r', '\n']),
  lastNewline: fc.boolean(),
  quoteAll: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'),
  mark: fc.boolean(),
  preamble: fc.constantFrom([], ['Monthly report'], ['Register of May', '', 'as delivered']),
});
/** Letters that all four encodings have, and all that quoting is about. */
const CELL = fc.string({
  unit: fc.constantFrom(...'abcXYZ0189 éßñ€,;|\t\'"\n\r\\-_.=+@/:#'.split('')),
  maxLength: 8,
});
const TABLE: fc.Arbitrary<Table> = fc
  .integer({ min: 1, max: 6 })
  .chain((width) =>
    fc.array(fc.array(CELL, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
  );

function written(table: Table, dialect: Dialect): string {
  const { delimiter, quote, newlines, preamble } = dialect;
  // Whoever quotes line breaks quotes quotes as well; a bare one beside them may be one too many.
  const manyLines = table.some((row) => row.some((text) => /[\r\n]/.test(text)));
  const cell = (text: string) =>
    dialect.quoteAll ||
    text === '' ||
    text.startsWith(quote) ||
    /[\r\n]/.test(text) ||
    (manyLines && text.includes(quote)) ||
    text.includes(delimiter)
      ? `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
      : text;
  const lines = [...preamble, ...table.map((row) => row.map(cell).join(delimiter))];
  return lines
    .map((line, i) => {
      const last = i === lines.length - 1 && !dialect.lastNewline;
      return last ? line : line + newlines[i % newlines.length];
    })
    .join('');
}

function encoded(text: string, { encoding, mark }: Dialect): Buffer {
  const marked = mark && encoding !== 'windows-1252' ? `\ufeff${text}` : text;
  if (encoding === 'utf-8') return Buffer.from(marked);
  if (encoding === 'windows-1252') return Buffer.from(marked.replaceAll('€', '\x80'), 'latin1');
  const little = Buffer.from(marked, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}

let made = 0;
function open(bytes: Buffer, rules: Partial<TextRules>, fit?: HeaderFit): Promise<Source> {
  const path = join(folder, `${++made}.csv`);
  writeFileSync(path, bytes);
  return openText(path, DEFAULT_LIMITS, { ...DEFAULT_TEXT_RULES, ...rules }, fit);
}

async function textsOf(source: Source): Promise<string[][]> {
  const rows: RawRow[] = [];
  for await (const row of source.rows(SHEET)) rows.push(row);
  return rows.map((row) => row.cells.map((cell) => cell.text));
}

/** UTF-16 without a mark shows by its NUL bytes, of which a word or two has too few; 'ß€' is one letter in UTF-8. */
function encodingShows(bytes: Buffer, { encoding, mark }: Dialect): boolean {
  if (encoding !== 'windows-1252') return mark || !encoding.startsWith('utf-16') || bytes.length >= 16;
  const pairs = /[\x80-\xff]{2}/.test(bytes.toString('latin1'));
  return !pairs;
}
const toldEncoding = ({ encoding }: Dialect): TextRules['encoding'] =>
  encoding === 'utf-8' || encoding === 'windows-1252' ? encoding : 'utf-16';
/** The preamble's rows: a text each, as none of the delimiters is in it. */
const withPreamble = (table: Table, { preamble }: Dialect) => [...preamble.map((line) => [line]), ...table];

describe('any table written in any dialect', () => {
  it('comes back the same when the dialect is given', async () => {
    await fc.assert(
      fc.asyncProperty(TABLE, DIALECT, async (table, dialect) => {
        const bytes = encoded(written(table, dialect), dialect);
        const { delimiter, quote } = dialect;
        const source = await open(bytes, {
          delimiter,
          quote,
          escape: quote,
          encoding: toldEncoding(dialect),
        });
        expect(await textsOf(source)).toEqual(withPreamble(table, dialect));
      }),
      trials(150),
    );
  });

  it('comes back the same when its headers are known and the rest is found out', async () => {
    const named = dataset([field('first_name'), field('price_usd'), field('a_note')]);
    const header = ['First name', 'Price, USD', 'A note'];
    const known = dataset([
      field('first_name'),
      field('price_usd', { title: 'Price, USD' }),
      field('a_note', { title: 'A; note|or two' }),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(CELL, { minLength: 3, maxLength: 3 }), { maxLength: 12 }),
        DIALECT.map((dialect) => ({ ...dialect, quote: '"' })),
        fc.boolean(),
        async (rows, dialect, odd) => {
          const table = [odd ? ['First name', 'Price, USD', 'A; note|or two'] : header, ...rows];
          const bytes = encoded(written(table, dialect), dialect);
          fc.pre(encodingShows(bytes, dialect));
          const source = await open(bytes, {}, headerFit(odd ? known : named));
          expect(source.dialect?.delimiter).toBe(dialect.delimiter);
          expect(await textsOf(source)).toEqual(withPreamble(table, dialect));
        },
      ),
      trials(150),
    );
  });

  it('comes back the same, or in doubt, when nothing at all is known', async () => {
    let certain = 0;
    const plain = fc.string({ unit: fc.constantFrom(...'abcXYZ0189 éñ€"\n.-'.split('')), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(plain, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
        DIALECT.map((dialect) => ({ ...dialect, quote: '"' })),
        async (table, dialect) => {
          const bytes = encoded(written(table, dialect), dialect);
          fc.pre(encodingShows(bytes, dialect));
          const source = await open(bytes, {});
          if (source.dialect?.rival) return;
          certain++;
          expect(await textsOf(source)).toEqual(withPreamble(table, dialect));
        },
      ),
      trials(150),
    );
    expect(certain).toBe(RUNS);
  });

  it('is in doubt where two delimiters divide all rows evenly', async () => {
    const rival = async (text: string) => (await open(Buffer.from(text), {})).dialect?.rival ?? null;
    expect(await rival('Name;Income, EUR\nA;1,5\nB;2,5\n')).not.toBeNull();
    expect(await rival('id,name;x,city\n1,A;B,Paris\n')).not.toBeNull();
    expect(await rival('name;amount\nA;1,5\nB;2,5\n')).toBeNull();
    expect(await rival('id,note\n1,a;b\n2,c;d\n')).toBeNull();
    expect(await rival('only\none\ncolumn\n')).toBeNull();
  });

  it('the plain parser of the tests agrees with the writer of the tests', () => {
    fc.assert(
      fc.property(TABLE, DIALECT, (table, dialect) => {
        const rows = parsePlainly(written(table, dialect), dialect);
        expect(typeof rows === 'string' ? rows : rows.map(({ cells }) => cells)).toEqual(
          withPreamble(table, dialect),
        );
      }),
      trials(150),
    );
  });
});
