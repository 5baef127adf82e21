import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { headerFit } from '../../../../src/gate/find-header.ts';
import type { Extract, SheetInfo } from '../../../../src/readers/reader.ts';
import { DEFAULT_TEXT_RULES, type TextRules } from '../../../../src/readers/text/dialect.ts';
import { openText } from '../../../../src/readers/text/open-text.ts';
import { dataset, field } from '../../gate/dataset-for-test.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'text-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function file(content: string | Buffer): string {
  const path = join(folder, `file-${++made}.csv`);
  writeFileSync(path, content);
  return path;
}

const open = (content: string | Buffer, rules: Partial<TextRules> = {}, limits = {}) =>
  openText(file(content), { ...DEFAULT_LIMITS, ...limits }, { ...DEFAULT_TEXT_RULES, ...rules });
const SHEET: SheetInfo = { name: null, index: 1, visible: true };

async function cells(content: string | Buffer, rules: Partial<TextRules> = {}) {
  const source = await open(content, rules);
  const out: string[][] = [];
  for await (const row of source.rows(SHEET)) out.push(row.cells.map((cell) => cell.text));
  return { dialect: source.dialect, out };
}

async function extract(content: string | Buffer, headerRow: number, width: number): Promise<Extract> {
  const source = await open(content);
  return source.extract({ sheet: SHEET, headerRow, width, scratch: folder });
}

const TEXT = 'naïve,€uro\n1,žluťoučký\n';
const utf16le = (text: string) => Buffer.from(text, 'utf16le');

describe('encodings', () => {
  const utf8 = Buffer.from(TEXT);
  it.each([
    ['UTF-8', utf8, 'utf-8'],
    ['UTF-8 with its mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]), 'utf-8'],
    ['UTF-16 LE with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le(TEXT)]), 'utf-16le'],
    [
      'UTF-16 BE with its mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16le(TEXT).swap16()]),
      'utf-16be',
    ],
    ['UTF-16 LE without a mark', utf16le(TEXT), 'utf-16le'],
    ['UTF-16 BE without a mark', utf16le(TEXT).swap16(), 'utf-16be'],
  ])('reads %s', async (_what, bytes, encoding) => {
    const { dialect, out } = await cells(bytes);
    expect(dialect?.encoding).toBe(encoding);
    expect(out).toEqual([
      ['naïve', '€uro'],
      ['1', 'žluťoučký'],
    ]);
  });

  it.each(['auto', 'utf-16'] as const)(
    'reads UTF-16 without a mark in both orders where few of its bytes are zero, encoding %s',
    async (encoding) => {
      const text = 'название;一月\nХлеб и соль;上海一家\n';
      const out = [
        ['название', '一月'],
        ['Хлеб и соль', '上海一家'],
      ];
      expect((await cells(utf16le(text), { encoding })).out).toEqual(out);
      expect((await cells(utf16le(text).swap16(), { encoding })).out).toEqual(out);
    },
  );

  it('reads Windows-1252, the euro sign and typographic quotes included', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name,price\ncaf'),
      Buffer.from([0xe9, 0x2c, 0x80, 0x93, 0x0a]),
    ]);
    expect((await cells(bytes)).out).toEqual([
      ['name', 'price'],
      ['café', '€“'],
    ]);
  });

  it('reads characters that stand across the edge of a chunk', async () => {
    const filler = 'x,y\n'.repeat(1 << 20).slice(0, -14);
    const long = `a\n${'é'.repeat(300_000)},${'😀'.repeat(200_000)}\n`;
    for (const bytes of [
      utf16le(`b${long}`),
      Buffer.from(`${filler}b\n${long}`),
      Buffer.from(`${filler}bb\n${long}`),
    ]) {
      const { out } = await cells(bytes);
      expect(out.at(-1)).toEqual(['é'.repeat(300_000), '😀'.repeat(200_000)]);
    }
  }, 60_000);

  it('refuses UTF-8 that breaks in mid-file instead of reading every accent wrong', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\né,1\nx,'), Buffer.from([0xe9]), Buffer.from('\n')]);
    await expect(cells(bytes)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(/line 3/),
    });
    await expect(cells(bytes, { encoding: 'utf-8' })).rejects.toMatchObject({ code: 'file-unreadable' });
    expect((await cells(bytes, { encoding: 'windows-1252' })).out[2]).toEqual(['x', 'é']);
  });

  it.each(['windows-1252', 'utf-16', 'utf-8'] as const)(
    'believes a byte order mark more than a configured %s',
    async (encoding) => {
      const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]);
      expect((await cells(marked, { encoding })).out[0]).toEqual(['naïve', '€uro']);
      const wide = Buffer.concat([Buffer.from([0xfe, 0xff]), utf16le(TEXT).swap16()]);
      expect((await cells(wide, { encoding })).out[1]).toEqual(['1', 'žluťoučký']);
    },
  );

  it('refuses UTF-8 lines in a file of another encoding instead of reading two letters for one', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'), Buffer.from('naïve,2\n')]);
    await expect(cells(bytes)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(/line 3: .*mixes two encodings/),
    });
    expect((await cells(bytes, { encoding: 'windows-1252' })).out[2]).toEqual(['naÃ¯ve', '2']);
    const quotes = Buffer.from('a,b\n\xabCAF\xc9\xbb,\xc5\x85\n', 'latin1');
    expect((await cells(quotes)).out[1]).toEqual(['«CAFÉ»', 'Å…']);
  });

  it('takes a chance pair of Windows-1252 that is a letter of UTF-8 for what it is', async () => {
    const bytes = Buffer.from('a,b\nSpa\xdf\x93,1\ncaf\xe9,2\n', 'latin1');
    expect((await cells(bytes)).out.slice(1)).toEqual([
      ['Spaß“', '1'],
      ['café', '2'],
    ]);
  });

  const foreignLine = async (text: string | Buffer, rules: Partial<TextRules> = {}) => {
    const source = await open(text, rules);
    const found = await source.extract({ sheet: SHEET, headerRow: 1, width: 2, scratch: folder });
    return found.form === 'canonical' ? (found.foreignLine ?? null) : null;
  };

  it.each([
    ['Polish', Buffer.from([0x64, 0x75, 0xbf, 0x79])],
    ['Russian', Buffer.from('Ìîñêâà Ïåðìü Êàçàíü Òâåðü Ñàìàðà', 'latin1')],
    ['Greek', Buffer.from('ÁèÞíá ÐÜôñá ×áíéÜ ÊáâÜëá ÊáëáìÜôá', 'latin1')],
  ])('tells the line where a text looks %s, and reads it all the same', async (_what, words) => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,'), words, Buffer.from('\n')]);
    expect(await foreignLine(bytes)).toBe(2);
    expect(await foreignLine(bytes, { encoding: 'windows-1252' })).toBeNull();
    expect((await cells(bytes)).out).toHaveLength(2);
  });

  it('takes signs and accents of Western languages for what they are', async () => {
    const words = 'äöüßÄÖÜ,créée,5±2,£ 5,£5,m³,kWh/m²a,¿qué?,«¿sí?»,nº5,¼l,x¾,§1a,éèêë,àâä'.split(',');
    const bytes = Buffer.from(`a,b\n${words.map((word) => `1,${word}`).join('\n')}\n`, 'latin1');
    expect(await foreignLine(bytes)).toBeNull();
    expect((await cells(bytes)).out.slice(1).map((row) => row[1])).toEqual(words);
  });

  it.each([
    ['on its own line', 'a,b\n1,2\n\x1a', 'canonical'],
    ['after the last cell', 'a,b\n1,2\x1a', 'canonical'],
    ['many times, as padding', `a,b\n1,2\n${'\x1a'.repeat(100)}`, 'canonical'],
    ['in another encoding', utf16le('a,b\n1,2\n\x1a'), 'lines'],
  ])('takes Ctrl-Z at the end, %s, for the end of the file', async (_what, bytes, form) => {
    expect((await cells(bytes)).out).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    const found = await extract(bytes, 1, 2);
    expect(found.form).toBe(form);
    expect((found.form === 'lines' ? await found.tokenize() : found).rows).toBe(1);
  });

  it('keeps Ctrl-Z in mid-file, also where a chunk ends with it', async () => {
    const filler = 'x'.repeat((256 << 10) - 5);
    expect((await cells(`a,b\n${filler}\x1a,2\n`)).out[1]).toEqual([`${filler}\x1a`, '2']);
  });

  it.each([
    [
      'a byte that Windows-1252 does not have',
      Buffer.from([0x61, 0x0a, 0xe9, 0x81, 0x0a]),
      /line 2: byte 0x81/,
    ],
    ['UTF-16 cut in half', utf16le(TEXT).subarray(0, -1), /cut in the middle/],
  ])('refuses %s', async (_what, bytes, message) => {
    await expect(cells(bytes)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(message),
    });
  });
});

describe('the delimiter', () => {
  it.each([
    [',', 'a,b,c\n1,2,3\n'],
    [';', 'name;amount\nx;1,5\ny;2,5\nz;3,5\n'],
    ['\t', 'a\tb\n"1,2"\t3\n'],
    ['|', 'id|note\n1|one, two; three\n2|four, five\n'],
    [';', 'Report, May; 2025\n\nid;"a;b";c\n1;2;3\n4;5;6\n'],
    [',', 'only\none\ncolumn\n'],
  ])('%j is found in the text', async (delimiter, text) => {
    expect((await cells(text)).dialect?.delimiter).toBe(delimiter);
  });

  it.each([
    ['sep=;\na,b;c\n1,2;3\n', ';'],
    ['\ufeffSEP=|\r\na,b|c\r\n1,2|3\r\n', '|'],
    ['"sep=\t"\ra,b\tc\r1,2\t3\r', '\t'],
    ['sep=^\na,b^c\n1,2^3\n', '^'],
  ])('is the one that a first line %j names, and that line is no row', async (text, delimiter) => {
    const { dialect, out } = await cells(text);
    expect(dialect?.delimiter).toBe(delimiter);
    expect(out).toEqual([
      ['a,b', 'c'],
      ['1,2', '3'],
    ]);
    expect((await cells(text, { delimiter })).out).toEqual(out);
    const source = await open(text);
    expect((await source.head(SHEET, 1))[0]?.row).toBe(2);
    const found = await source.extract({ sheet: SHEET, headerRow: 2, width: 2, scratch: folder });
    const exact = found.form === 'lines' ? await found.tokenize() : found;
    expect(readFileSync(exact.path, 'utf8')).toBe('3\x1f2\x1f\x1f1,2\x1f3\n');
  });

  it('that is given wins over the one that a first line names', async () => {
    expect((await cells('sep=;\na,b\n', { delimiter: ',' })).out).toEqual([['sep=;'], ['a', 'b']]);
  });

  it('is the one under which the known headers are found, whatever the rows look like', async () => {
    const known = headerFit(dataset([field('name'), field('price', { title: 'Price, EUR' })]));
    const path = file('name;Price, EUR\na;1,5\nb,c;2,5;3,5\n');
    const source = await openText(path, DEFAULT_LIMITS, DEFAULT_TEXT_RULES, known);
    expect(source.dialect).toMatchObject({ delimiter: ';', rival: null });
  });

  it('is found in spite of a quote amiss, whose lines are then rows of one cell', async () => {
    const found = await cells('a;b\n"1";2\n3;"4\n"5"6;7\n8;9\n');
    expect(found.dialect?.delimiter).toBe(';');
    expect(found.out).toEqual([['a', 'b'], ['1', '2'], ['3;"4'], ['"5"6;7'], ['8', '9']]);
  });

  it('shows in lines of delimiters alone', async () => {
    expect((await cells(';;\n"";"";""\n')).out).toEqual([
      ['', '', ''],
      ['', '', ''],
    ]);
  });

  it('is refused when it is not one character', async () => {
    await expect(cells('a\n', { delimiter: '||' })).rejects.toMatchObject({ code: 'usage' });
    expect((await cells('a\tb\n', { delimiter: 'tab' })).out).toEqual([['a', 'b']]);
  });
});

describe('head and rows', () => {
  it('head leaves out rows without text and stops early; rows give all of them', async () => {
    const source = await open('\nt\n,,\nh\n1\n');
    expect((await source.head(SHEET, 2)).map((row) => row.row)).toEqual([2, 4]);
    const all = [];
    for await (const row of source.rows(SHEET)) all.push(row.row);
    expect(all).toEqual([1, 2, 3, 4, 5]);
  });

  it('a file over the limit is refused with the name of the limit', async () => {
    await expect(open('a,b\n1,2\n', {}, { file_bytes: 5 })).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringMatching(/file_bytes/),
    });
  });
});

describe('extract', () => {
  it.each([
    ['LF', 'a,b\n1,2\n3,4\n', '\n'],
    ['LF without the last one', 'a,b\n1,2\n3,4', '\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', '\r\n'],
    ['quotes in the header alone', '"a","b"\n1,2\n', '\n'],
    ['ragged records, which the scan must notice', 'a,b\n1\n1,2,3\n', '\n'],
    ['a first cell without text', 'a,b\n,2\n', '\n'],
  ])('hands over the lines as they are: %s', async (_what, text, newline) => {
    expect(await extract(text, 1, 2)).toMatchObject({
      form: 'lines',
      skip: 1,
      firstRow: 2,
      delimiter: ',',
      newline,
    });
  });

  it.each([
    ['quotes', 'a,b\n"1",2\n'],
    ['an empty line', 'a,b\n1,2\n\n3,4\n'],
    ['an empty line first', 'a,b\n\n3,4\n'],
    ['an empty line last', 'a,b\r\n3,4\r\n\r\n'],
    ['a line of delimiters', 'a,b\n1,2\n,\n'],
    ['a lone CR', 'a,b\n1,2\r3,4\n'],
    ['mixed line ends', 'a,b\r\n1,2\n'],
    ['a header with another line end', 'a,b\r\n1,2\n3,4\n'],
    ['a header that ends with a lone CR', 'a,b\r1,2\r\n3,4\r\n'],
    ['a CR at the end', 'a,b\r\n1,2\r'],
    ['a header over two lines', '"a\nx",b\n1,2\n'],
    ['no data', 'a,b\n'],
    ['a cell that may be too long', `a,b\n${'x'.repeat(2 << 20)},2\n`.slice(0, 900_000)],
  ])('takes the exact form where there is %s', async (_what, text) => {
    expect((await extract(text, 1, 2)).form).toBe('canonical');
  });

  it('sees what stands at the edge of a chunk', async () => {
    const edge = 4 << 20;
    const filler = 'x,y\n'.repeat(edge / 4 - 1);
    const body = (last: string) => `a,b\n${filler}${last}`;
    for (const [last, form] of [
      ['x,y\nx,y\n', 'lines'],
      ['x,\n\nx,y\n', 'canonical'],
      ['x,y\n\nx,y\n', 'canonical'],
      ['xy\n,\nx,y\n', 'canonical'],
      ['xy\n"', 'canonical'],
    ] as const) {
      expect([last, (await extract(body(last), 1, 2)).form]).toEqual([last, form]);
    }
  }, 60_000);

  it('gives the same rows in both forms, with true line numbers', async () => {
    const lines = await extract('t\nx\na;b\n1;2\n;5\n3;4\n', 3, 2);
    expect(lines).toMatchObject({ form: 'lines', skip: 3, firstRow: 4 });
    const exact = lines.form === 'lines' ? await lines.tokenize() : lines;
    expect(readFileSync(exact.path, 'utf8')).toBe(
      '4\x1f2\x1f\x1f1\x1f2\n5\x1f2\x1f\x1f\x1f5\n6\x1f2\x1f\x1f3\x1f4\n',
    );
    expect(exact).toMatchObject({ rows: 3, blankRows: 0, escaped: false, width: 2 });
  });

  it('brings other encodings to UTF-8 first', async () => {
    const found = await extract(Buffer.from('a,b\ncaf\xe9,2\n', 'latin1'), 1, 2);
    expect(found.form).toBe('lines');
    expect(readFileSync(found.path, 'utf8')).toBe('a,b\ncafé,2\n');
  });
});
