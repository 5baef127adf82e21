import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openJsonl } from '../../../../src/readers/jsonl/open-jsonl.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jsonl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function open(content: string) {
  const path = join(folder, `file-${++made}.jsonl`);
  writeFileSync(path, content);
  return openJsonl(path, DEFAULT_LIMITS);
}
const SHEET = { name: null, index: 1, visible: true };

describe('JSON lines', () => {
  it('keeps numbers by their digits, nested values as JSON, null as blank, and any key as data', async () => {
    const source = await open(
      '{"id": 12345678901234567890, "n":1.10, "t":"a\\n\\"b", "x":null}\n\n{"id":2,"b":true,"__proto__":{"k":[1, "}"]}}\n',
    );
    const rows = await source.head(SHEET, 10);
    expect(
      rows.map((row) => [
        row.row,
        row.cells.map((cell) => cell.text),
        row.cells.map((cell) => cell.kind).join(''),
      ]),
    ).toEqual([
      [0, ['id', 'n', 't', 'x', 'b', '__proto__'], 'ssssss'],
      [1, ['12345678901234567890', '1.10', 'a\n"b', '', '', ''], 'wws___'],
      [3, ['2', '', '', '', 'TRUE', '{"k":[1, "}"]}'], 'w___ls'],
    ]);
    const found = await source.extract({ sheet: SHEET, headerRow: 0, width: 6, scratch: folder });
    expect(readFileSync(found.path, 'utf8').split('\n')[0]).toBe(
      '1\x1f6\x1fwws___\x1f12345678901234567890\x1f1.10\x1fa\x1bn"b\x1f\x1f\x1f',
    );
    expect(found).toMatchObject({ form: 'canonical', rows: 2, escaped: true });
  });

  it.each([
    ['not JSON', '{"a":1}\n{"a":', /line 2: it is not valid JSON/],
    ['a list', '[1]\n', /line 1: it is not a JSON object/],
  ])('refuses %s with the line', async (_what, content, message) => {
    await expect(open(content)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(message),
    });
  });

  it('makes an error cell of a member that stands twice, or holds one that does, and reads all others', async () => {
    const source = await open(
      '{"a":1,"b":"x"}\n{"a":2,"b":"y","a":3}\n{"a":[1,{"b":{"x":1, "y":2,"x":1}}],"b":"z"}\n{"a":{"x":{"x":1}},"b":null}\n',
    );
    const rows = await source.head(SHEET, 10);
    expect(
      rows
        .slice(1)
        .map(({ row, cells }) => [
          row,
          cells.map(({ text }) => text),
          cells.map(({ kind }) => kind).join(''),
        ]),
    ).toEqual([
      [1, ['1', 'x'], 'ws'],
      [2, ['2, 3', 'y'], 'es'],
      [3, ['[1,{"b":{"x":1, "y":2,"x":1}}]', 'z'], 'es'],
      [4, ['{"x":{"x":1}}', ''], 's_'],
    ]);
  });

  it.each(['[1]', '[1,2 ]', '["a",true]', '[[false]]', '{"b":[null]}'])(
    'reads to the end of %s',
    async (value) => {
      const rows = await (await open(`{"a":${value},"b":1}\n`)).head(SHEET, 10);
      expect(rows[1]?.cells.map(({ text, kind }) => `${kind} ${text}`)).toEqual([`s ${value}`, 'w 1']);
    },
  );

  it('reads values that are nested 200 deep, and refuses deeper ones with the line', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}1${']'.repeat(levels)}}\n`;
    expect((await (await open(nested(200))).head(SHEET, 10))[1]?.cells[0]?.text).toHaveLength(401);
    for (const levels of [201, 5000]) {
      await expect(open(`{"a":1}\n${nested(levels)}`)).rejects.toMatchObject({
        code: 'file-unreadable',
        message: expect.stringMatching(/line 2: values in it are nested more than 200 deep/),
      });
    }
  });

  it('counts a member that the first thousand objects lack as a cell beyond the last', async () => {
    const source = await open(`${'{"a":1}\n'.repeat(1000)}{"a":2,"late":3}\n`);
    const found = await source.extract({ sheet: SHEET, headerRow: 0, width: 1, scratch: folder });
    expect(readFileSync(found.path, 'utf8').trimEnd().split('\n').at(-1)).toBe('1001\x1f2\x1fw\x1f2');
  });
});
