import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { openSource } from '../../../src/readers/open-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function landed(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('openSource', () => {
  it.each([
    ['zipped.csv', 'PK\x03\x04rest', /is an Excel workbook or a zip/],
    ['old.csv', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old or password-protected/],
    ['page.csv', '\n<!DOCTYPE html><table>', /web page/],
    ['wide-page.csv', Buffer.from('<table><tr><td>1</td></tr></table>', 'utf16le').swap16(), /web page/],
    ['wide-text.xlsx', Buffer.from('a,b\n1,2\n', 'utf16le').swap16(), /CSV, under the name of a workbook/],
    ['feed.txt', '<?xml version="1.0"?><a/>', /is XML/],
    ['paper.tsv', '%PDF-1.7', /is a PDF/],
    ['packed.csv', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ['table.csv', 'PAR1....', /Parquet/],
    ['empty.csv', '', /empty/],
    ['empty.jsonl', '', /empty/],
    ['data.ods', 'x', /files that end with \.ods cannot be read/],
    ['noending', 'x', /without an ending/],
    ['text.xlsx', 'a,b\n1,2\n', /CSV, under the name of a workbook/],
  ])('refuses %s by name', async (name, content, message) => {
    await expect(openSource(landed(name, content), {}, DEFAULT_LIMITS)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(message),
    });
  });

  it('reads by ending, whatever its case, with the rules given', async () => {
    const source = await openSource(
      landed('A.CSV', "x!y\n'1!2'!3\n"),
      { delimiter: '!', quote: "'" },
      DEFAULT_LIMITS,
    );
    const [sheet] = await source.sheets();
    expect((await source.head(sheet!, 5)).at(1)?.cells.map((cell) => cell.text)).toEqual(['1!2', '3']);
    expect((await openSource(landed('b.ndjson', '{"a":1}'), {}, DEFAULT_LIMITS)).format).toBe('jsonl');
  });
});
