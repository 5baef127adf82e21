import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peek, writeSheet } from '../../../src/steps/peek.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peek-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function written(path: string, as: 'csv' | 'ndjson', over = {}): Promise<string> {
  let text = '';
  await writeSheet({ path, as, ...over }, (part) => {
    text += part;
  });
  return text;
}

describe('peek', () => {
  it('says format, dialect, header candidates and first rows', async () => {
    const path = file('a.csv', 'Report of May\n\nid;name;amount\n1;x;2,5\n2;y;3,5\n3;z;4,5\n');
    expect(await peek({ path })).toMatchObject({
      format: 'text',
      dialect: { delimiter: ';', quote: '"', encoding: 'utf-8' },
      sheet: null,
      headerCandidates: [{ row: 3, cells: ['id', 'name', 'amount'] }, { row: 1 }],
      firstRows: [{ row: 1 }, { row: 3 }, { row: 4, cells: ['1', 'x', '2,5'] }, { row: 5 }, { row: 6 }],
    });
    expect((await peek({ path, headerRow: 4 })).headerCandidates).toEqual([
      { row: 4, cells: ['1', 'x', '2,5'] },
    ]);
  });

  it('writes every row as CSV or JSON arrays, cells as they are', async () => {
    const path = file('b.csv', 'a|b\n"x, ""y"""|"1\n2"\n3|\n');
    expect(await written(path, 'csv')).toBe('a,b\n"x, ""y""","1\n2"\n3,\n');
    expect(await written(path, 'ndjson')).toBe('["a","b"]\n["x, \\"y\\"","1\\n2"]\n["3",""]\n');
    expect(await written(path, 'ndjson', { delimiter: ',', quote: '' })).toBe(
      '["a|b"]\n["\\"x"," \\"\\"y\\"\\"\\"|\\"1"]\n["2\\""]\n["3|"]\n',
    );
  });

  it('reads a quote that another character escapes', async () => {
    const path = file('c.csv', 'a,b\n"x \\" y",2\n');
    expect(await written(path, 'ndjson', { escape: '\\' })).toBe('["a","b"]\n["x \\" y","2"]\n');
  });

  it('tells of values in columns without a header, with the first row that has one', async () => {
    const path = file('d.csv', 'id,,amount\n1,,2\n2,lost,3\n3,,4,more\n');
    expect((await peek({ path })).unnamedColumns).toEqual([
      { column: 1, row: 3 },
      { column: 3, row: 4 },
    ]);
    expect((await peek({ path: file('e.csv', 'id,,amount\n1,,2\n') })).unnamedColumns).toEqual([]);
  });

  it('says that there is no such file', async () => {
    await expect(peek({ path: join(folder, 'none.csv') })).rejects.toMatchObject({ code: 'no-such-file' });
    await expect(peek({ path: folder })).rejects.toMatchObject({ code: 'no-such-file' });
  });
});
