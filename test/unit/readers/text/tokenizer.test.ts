import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { canonicalRows } from '../../../../src/readers/text/canonical-rows.ts';
import { DEFAULT_TEXT_RULES, dialectOf } from '../../../../src/readers/text/dialect.ts';
import { Tokenizer } from '../../../../src/readers/text/tokenizer.ts';
import type { TokenizerOptions } from '../../../../src/readers/text/tokenizer-options.ts';
import { trials } from '../../../fixtures/trials.ts';

function tokenize(
  text: string | Buffer,
  over: Partial<TokenizerOptions> & { delimiter?: string; escape?: string; chunk?: number } = {},
) {
  const rows: { row: number; cells: string[] }[] = [];
  let raw = '';
  const tokenizer = new Tokenizer({
    file: 'a.csv',
    dialect: dialectOf({ ...DEFAULT_TEXT_RULES, escape: over.escape ?? '"' }, over.delimiter ?? ','),
    limits: DEFAULT_LIMITS,
    width: null,
    afterRow: 0,
    sink: (records) => {
      raw += records.toString('utf8');
      for (const row of canonicalRows(records)) {
        rows.push({ row: row.row, cells: row.cells.map((cell) => cell.text) });
      }
    },
    ...over,
  });
  const bytes = Buffer.from(text);
  const step = over.chunk ?? bytes.length + 1;
  for (let at = 0; at < bytes.length; at += step) tokenizer.push(bytes.subarray(at, at + step));
  tokenizer.end();
  return { rows, raw, tokenizer };
}

const cellsOf = (text: string, over = {}) => tokenize(text, over).rows.map((row) => row.cells);

describe('tokenizer', () => {
  it('gives back any table written in any dialect, in chunks of any size', () => {
    const cell = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          'a',
          'é',
          '"',
          ',',
          ';',
          '\t',
          '|',
          '\n',
          '\r',
          '\\',
          '\x1b',
          '\x1f',
          ' ',
          '😀',
        ),
      }),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom('"', '\\'),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (table, delimiter, newline, before, lastNewline, chunk) => {
          const quoted = (text: string) =>
            `"${text.replaceAll(before, before + before).replaceAll('"', before === '"' ? '"' : `${before}"`)}"`;
          const written = (text: string) =>
            /["\n\r]/.test(text) || text.includes(delimiter) || text === '' ? quoted(text) : text;
          const text =
            table.map((row) => row.map(written).join(delimiter)).join(newline) + (lastNewline ? newline : '');
          expect(cellsOf(text, { delimiter, escape: before, chunk, keepBlank: true })).toEqual(table);
        },
      ),
      trials(600),
    );
  });

  it('takes LF, CRLF, CR and mixed line ends, and numbers records by the line they start on', () => {
    const { rows } = tokenize('a,b\r\n1,"x\r\ny\nz\rw"\r2,3\n\n\r\n4,5');
    expect(rows).toEqual([
      { row: 1, cells: ['a', 'b'] },
      { row: 2, cells: ['1', 'x\r\ny\nz\rw'] },
      { row: 6, cells: ['2', '3'] },
      { row: 9, cells: ['4', '5'] },
    ]);
  });

  it('leaves out records without text and counts those between data', () => {
    const { rows, tokenizer } = tokenize('h\n\n,,\n"",""\nx\n\n\n');
    expect(rows.map((row) => row.row)).toEqual([1, 5]);
    expect(tokenizer.blankRows).toBe(3);
  });

  it('keeps a lone quote inside an unquoted cell as text', () => {
    expect(cellsOf('5" disk,a"b"c\n')).toEqual([['5" disk', 'a"b"c']]);
  });

  it('writes the true number of cells, fills up and cuts to the width', () => {
    const { raw } = tokenize('a,b,c\n1\n1,2,3,4,5,6,7,8,9,10\n1,,\n', { width: 3 });
    const fields = raw
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\x1f'));
    expect(fields).toEqual([
      ['1', '3', '', 'a', 'b', 'c'],
      ['2', '1', '', '1', '', ''],
      ['3', '10', '', '1', '2', '3'],
      ['4', '3', '', '1', '', ''],
    ]);
  });

  it('keeps the number of cells right when a wide file fills short records', () => {
    const { raw, tokenizer } = tokenize(`${'a\n'.repeat(30_000)}`, { width: 500 });
    const lines = raw.trimEnd().split('\n');
    expect(tokenizer.rows).toBe(30_000);
    expect(lines.length).toBe(30_000);
    const tail = `\x1f1\x1f\x1fa${'\x1f'.repeat(499)}`;
    expect(lines.every((line, i) => line === `${i + 1}${tail}`)).toBe(true);
  });

  it('escapes what the canonical form cannot hold', () => {
    const { raw, tokenizer } = tokenize('"a\nb",c\x1bd,e\x1ff\n');
    expect(raw).toBe('1\x1f3\x1f\x1fa\x1bnb\x1fc\x1bed\x1fe\x1buf\n');
    expect(tokenizer.escaped).toBe(true);
  });

  it.each([
    ['text after a closing quote', 'a,b\n"x"y,2\n', /line 2: text follows a closing quote \('y'\) in cell 1/],
    [
      'a quote never closed',
      'a,b\n1,2\n3,"x\n4,5\n',
      /line 3: a quoted cell begins here and is never closed/,
    ],
    ['a NUL byte', 'a,b\n1,\0\n', /line 2: it holds a NUL byte/],
    ['a NUL byte in quotes', 'a,b\n1,"\n\0"\n', /line 3: it holds a NUL byte/],
  ])('refuses %s with its line', (_what, text, message) => {
    for (const chunk of [1, 1000]) {
      expect(() => tokenize(text, { chunk })).toThrow(
        expect.objectContaining({ code: 'file-unreadable', message: expect.stringMatching(message) }),
      );
    }
  });

  it('says that a quote is never closed also when the rest is longer than a cell may be', () => {
    const limits = { ...DEFAULT_LIMITS, text_cell_bytes: 100 };
    const text = `a\n"${'x'.repeat(1000)}`;
    expect(() => tokenize(text, { limits, chunk: 64 })).toThrow(/never closed/);
  });

  it('takes a cell as long as the limit and refuses one byte more', () => {
    const limits = { ...DEFAULT_LIMITS, text_cell_bytes: 100 };
    const exact = `${'\n'.repeat(50)}${'x'.repeat(50)}`;
    for (const chunk of [7, 64, 1000]) {
      expect(cellsOf(`a,"${exact}",b\n`, { limits, chunk })).toEqual([['a', exact, 'b']]);
      expect(() => tokenize(`a,"${exact}x",b\n`, { limits, chunk })).toThrow(
        expect.objectContaining({
          code: 'limit-exceeded',
          message: expect.stringMatching(/text_cell_bytes/),
        }),
      );
    }
  });

  it('refuses more columns than the limit', () => {
    const limits = { ...DEFAULT_LIMITS, columns: 3 };
    expect(() => tokenize('a,b,c,d\n', { limits })).toThrow(
      expect.objectContaining({ code: 'limit-exceeded', message: expect.stringMatching(/columns/) }),
    );
  });

  it('leaves out everything up to the header and stops where it is told', () => {
    expect(tokenize('t\nh\n1\n2\n', { afterRow: 2 }).rows.map((row) => row.cells)).toEqual([['1'], ['2']]);
    const { tokenizer } = tokenize('t\n"h\nh"\n1\n2\n', { stopAtRow: 2 });
    expect(tokenizer.stopped).toEqual({ offset: 8, nextLine: 4 });
  });
});
