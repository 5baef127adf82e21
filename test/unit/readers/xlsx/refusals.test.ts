import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import {
  asZip,
  escapeXml,
  extractFirst,
  readCells,
  refusalOf,
  relsXml,
  scratchFolder,
  sheetXml,
  tinyParts,
} from './tiny-workbook.ts';
import { writeZip } from './zip-writer.ts';

const ROW = '<row r="1"><c r="A1"><v>1</v></c></row>';
const GOOD = asZip(tinyParts({ rows: ROW }));

function ole(...streams: readonly string[]): Buffer {
  const bytes = Buffer.alloc(1536);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  for (const [i, name] of streams.entries()) Buffer.from(`${name}\0`, 'utf16le').copy(bytes, 1024 + i * 128);
  return bytes;
}

function zipOf(...names: readonly string[]): Buffer {
  return writeZip(names.map((name) => ({ name, data: '<x/>' })));
}

test.each<[string, Buffer | string, RegExp, RegExp]>([
  [
    'a password-protected workbook',
    ole('Root Entry', 'EncryptionInfo', 'EncryptedPackage'),
    /password/,
    /without a password/,
  ],
  ['an .xls file', ole('Root Entry', 'Workbook'), /\.xls\b/, /\.xlsx/],
  ['another OLE container', ole('Root Entry'), /password.*\.xls/, /\.xlsx/],
  ['an .xlsb file', zipOf('_rels/.rels', 'xl/workbook.bin'), /\.xlsb/, /\.xlsx/],
  ['an .ods file', zipOf('mimetype', 'content.xml', 'META-INF/manifest.xml'), /\.ods/, /LibreOffice/],
  ['a Word document', zipOf('_rels/.rels', 'word/document.xml'), /Word/, /\.xlsx/],
  ['some zip archive', zipOf('readme.txt'), /zip archive/, /Unpack/],
  ['a web page', '\ufeff<html><table><tr><td>1</td></tr></table></html>', /web page/, /\.xlsx/],
  ['a table of HTML with a doctype', '<!DOCTYPE html><html></html>', /web page/, /\.xlsx/],
  [
    'an XML Spreadsheet 2003',
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    /2003/,
    /\.xlsx/,
  ],
  ['CSV', 'id;name\n1;Ann\n', /CSV/, /Rename it to \.csv/],
  ['UTF-16 text', Buffer.from('\ufeffid\tname\n', 'utf16le'), /CSV/, /\.csv/],
  ['a PDF', '%PDF-1.7\n\0', /PDF/, /workbook/],
  ['an empty file', '', /empty/, /Copy/],
  ['other bytes', Buffer.from([1, 2, 0, 4]), /not an Excel workbook/, /\.xlsx/],
])('%s is refused by name with what to do', async (_, bytes, message, hint) => {
  const error = await refusalOf(bytes);
  expect(error.code).toBe('file-unreadable');
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
  expect(error.where.file).toContain('.xlsx');
});

test('a missing file and a folder are told apart', async () => {
  await expect(openXlsx(join(scratchFolder(), 'none.xlsx'), DEFAULT_LIMITS)).rejects.toMatchObject({
    code: 'no-such-file',
  });
  mkdirSync(join(scratchFolder(), 'folder.xlsx'));
  await expect(openXlsx(join(scratchFolder(), 'folder.xlsx'), DEFAULT_LIMITS)).rejects.toMatchObject({
    code: 'file-unreadable',
  });
});

test('a file cut anywhere is refused within two seconds', async () => {
  for (const share of [0.01, 0.3, 0.6, 0.9, 0.999]) {
    const started = performance.now();
    expect((await refusalOf(GOOD.subarray(0, Math.ceil(GOOD.length * share)))).code, `${share}`).toBe(
      'file-unreadable',
    );
    expect(performance.now() - started).toBeLessThan(2000);
  }
});

test.each([
  ['after a row', `<worksheet><sheetData>${ROW}`],
  ['inside a tag', `<worksheet><sheetData>${ROW}<row r="2`],
  ['inside a cell', `<worksheet><sheetData>${ROW}<row r="2"><c r="A2"><v>1`],
  ['inside a comment', `<worksheet><sheetData>${ROW}<!-- `],
  ['before the root is closed', `<worksheet><sheetData>${ROW}</sheetData>`],
  ['before the cells', '<worksheet><sheetData/'],
  ['to nothing', ''],
])('a sheet cut %s inside a whole archive is refused', async (_, sheet) => {
  const error = await refusalOf(asZip(tinyParts({ sheet })));
  expect(error.code).toBe('file-unreadable');
  expect(error.message).toMatch(/damaged/);
});

test.each([
  [
    'elements that do not nest',
    `<worksheet><sheetData><row r="1"><c r="A1"><v>1</c></v></row></sheetData></worksheet>`,
  ],
  ['two roots', `${sheetXml(ROW)}<worksheet/>`],
  ['another root', '<chartsheet><sheetData/></chartsheet>'],
  ['no table of cells', '<worksheet></worksheet>'],
  ['two tables of cells', `<worksheet><sheetData/><sheetData>${ROW}</sheetData></worksheet>`],
])('a sheet with %s is refused', async (_, sheet) => {
  expect((await refusalOf(asZip(tinyParts({ sheet })))).code).toBe('file-unreadable');
});

test.each([
  'xl/workbook.xml',
  'xl/worksheets/sheet1.xml',
  'xl/styles.xml',
  'xl/sharedStrings.xml',
  '_rels/.rels',
  'xl/_rels/workbook.xml.rels',
])('a DOCTYPE in %s is refused and defines nothing', async (name) => {
  const parts = tinyParts({
    rows: '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>',
    formats: [14],
    strings: '<si><t>x</t></si>',
  });
  const plain = String(parts.get(name)).replace(/^<\?xml[^>]*\?>/, '');
  parts.set(name, `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${plain}`);
  expect((await refusalOf(asZip(parts))).message).toContain('DOCTYPE');
});

test.each([
  ['doubled parts', [{ name: 'xl/worksheets/sheet1.xml', data: sheetXml('') }]],
  ['doubled parts in other case', [{ name: 'XL\\Worksheets/SHEET1.xml', data: sheetXml('') }]],
  ['a part that climbs out', [{ name: '../evil.xml', data: 'x' }]],
  ['a part that climbs out with backslashes', [{ name: 'xl\\..\\..\\evil.xml', data: 'x' }]],
  ['a part on a drive', [{ name: 'C:\\evil.xml', data: 'x' }]],
  [
    'a part under another name in its own header',
    [{ name: 'xl/a.xml', data: 'x', claims: { localName: 'xl/b.xml' } }],
  ],
  ['an encrypted part', [{ name: 'xl/a.xml', data: 'x', claims: { flags: 0x801 } }]],
])('an archive with %s is refused', async (_, more) => {
  const parts = [...tinyParts({ rows: ROW })].map(([name, data]) => ({ name, data }));
  expect((await refusalOf(writeZip([...parts, ...more]))).code).toBe('file-unreadable');
});

test('a part with a wrong checksum or size is refused', async () => {
  for (const claims of [{ crc: 1 }, { size: 10 }, { size: 100_000 }]) {
    const parts = [...tinyParts({ rows: ROW })].map(([name, data]) => ({
      name,
      data,
      ...(name.includes('sheet1') ? { claims } : {}),
    }));
    expect((await refusalOf(writeZip(parts))).message).toMatch(/damaged|more than it says/);
  }
});

test('a list of texts with a wrong checksum is refused also where only its first text is needed', async () => {
  const strings = Array.from(
    { length: 50_000 },
    (_, i) => `<si><t>text ${(i * 7919) % 50_021}</t></si>`,
  ).join('');
  const rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>';
  const parts = [...tinyParts({ rows, strings })].map(([name, data]) => ({
    name,
    data,
    ...(name.includes('sharedStrings') ? { claims: { crc: 1 } } : {}),
  }));
  expect((await refusalOf(writeZip(parts))).message).toMatch(/damaged.*sharedStrings/);
  await expect(extractFirst(writeZip(parts), 0, 1)).rejects.toThrow(/damaged.*sharedStrings/);
});

test('parts that share their bytes are refused', async () => {
  const bytes = Buffer.from(writeZip([...tinyParts({ rows: ROW })].map(([name, data]) => ({ name, data }))));
  const directory = bytes.readUInt32LE(bytes.length - 6);
  const second = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), directory + 4);
  bytes.writeUInt32LE(bytes.readUInt32LE(directory + 42), second + 42);
  expect((await refusalOf(bytes)).code).toBe('file-unreadable');
});

test('limits are met by name', async () => {
  const long = '<row r="1"><c r="A1" t="inlineStr"><is><t>12345678901</t></is></c></row>';
  const shared = tinyParts({
    rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
    strings: '<si><t>12345678901</t></si>',
  });
  const cases: [Buffer, Parameters<typeof refusalOf>[1], string][] = [
    [GOOD, { file_bytes: 100 }, 'limits.file_bytes'],
    [GOOD, { unpacked_bytes: 100 }, 'limits.unpacked_bytes'],
    [asZip(tinyParts({ rows: '<row r="11"><c r="A11"><v>1</v></c></row>' })), { rows: 10 }, 'limits.rows'],
    [asZip(tinyParts({ rows: '<row r="1"><c r="D1"><v>1</v></c></row>' })), { columns: 3 }, 'limits.columns'],
    [asZip(tinyParts({ rows: long })), { cell_characters: 10 }, 'limits.cell_characters'],
    [asZip(shared), { cell_characters: 10 }, 'limits.cell_characters'],
    [asZip(tinyParts({ rows: '<row r="1048577"><c><v>1</v></c></row>' })), {}, 'limits.rows'],
    [asZip(tinyParts({ rows: '<row r="1"><c r="XFE1"><v>1</v></c></row>' })), {}, 'limits.columns'],
  ];
  for (const [bytes, limits, name] of cases) {
    const error = await refusalOf(bytes, limits);
    expect(error.code, name).toBe('limit-exceeded');
    expect(error.message).toContain(name);
  }
  expect(
    await readCells(asZip(tinyParts({ rows: long })), { cell_characters: 11, rows: 1, columns: 1 }),
  ).toEqual({ A1: 's:12345678901' });
});

test('a bomb is refused by its ratio before it is unpacked, one giant cell by its length, in two seconds', async () => {
  const started = performance.now();
  const bomb = await refusalOf(asZip(tinyParts({ sheet: sheetXml(`${' '.repeat(30_000_000)}`) })));
  expect(bomb).toMatchObject({
    code: 'limit-exceeded',
    message: expect.stringContaining('limits.unpack_ratio'),
  });
  const giant = `<row r="1"><c r="A1" t="inlineStr"><is><t>${'ab'.repeat(5_000_000)}</t></is></c></row>`;
  const cell = await refusalOf(asZip(tinyParts({ rows: giant })), { unpack_ratio: 1e6 });
  expect(cell).toMatchObject({
    code: 'limit-exceeded',
    message: expect.stringContaining('limits.cell_characters'),
  });
  expect(performance.now() - started).toBeLessThan(2000);
});

test('an archive of countless parts is refused', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `xl/p${i}.xml`, data: '', stored: true }));
  expect((await refusalOf(writeZip(many))).message).toContain('20000 parts');
});

test('a workbook without sheets, or whose sheet is gone, is refused', async () => {
  const none = tinyParts({});
  none.set('xl/workbook.xml', '<workbook><sheets/></workbook>');
  expect((await refusalOf(asZip(none))).message).toContain('no sheet');
  const gone = tinyParts({});
  gone.set('xl/_rels/workbook.xml.rels', relsXml(['rId1', 'worksheet', 'worksheets/other.xml']));
  expect((await refusalOf(asZip(gone))).message).toContain('"Data"');
});

test('a refused extract leaves no open file behind it and names the file', async () => {
  const text = escapeXml('a<b');
  const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row><row r="1"><c><v>1</v></c></row>`;
  await expect(extractFirst(asZip(tinyParts({ rows })), 0, 1)).rejects.toMatchObject({
    code: 'file-unreadable',
  });
});

test('one long text that countless cells refer to cannot fill the disk', async () => {
  const strings = `<si><t>${'x'.repeat(30_000)}</t></si>`;
  const cells = '<c t="s"><v>0</v></c>'.repeat(50);
  const rows = Array.from({ length: 200 }, (_, i) => `<row r="${i + 1}">${cells}</row>`).join('');
  const limits = { unpacked_bytes: 1_000_000 };
  await expect(extractFirst(asZip(tinyParts({ rows, strings })), 0, 50, limits)).rejects.toMatchObject({
    code: 'limit-exceeded',
    message: expect.stringContaining('limits.unpacked_bytes'),
  });
});

test.each<[string, () => Map<string, string | Buffer>]>([
  [
    'a tag of a megabyte',
    () =>
      new Map(tinyParts({ rows: ROW })).set(
        'xl/workbook.xml',
        `<workbook><x ${'a'.repeat(1e6)}/><sheet ${'b'.repeat(1e6)}/></workbook>`,
      ),
  ],
  [
    'a text of spaces',
    () => tinyParts({ rows: `<row r="1"><c t="inlineStr"><is><t> a${' '.repeat(1e6)}b</t></is></c></row>` }),
  ],
  [
    'endless format codes',
    () =>
      tinyParts({
        rows: ROW,
        formats: [
          `${'y'.repeat(1e5)}x`,
          `${'a'.repeat(1e5)}x`,
          '['.repeat(1e5),
          '"'.repeat(1e5),
          `s.${'0'.repeat(1e5)}x`,
        ],
      }),
  ],
  [
    'escapes without end',
    () => tinyParts({ rows: `<row r="1"><c t="inlineStr"><is><t>${'_x000'.repeat(2e5)}</t></is></c></row>` }),
  ],
  [
    'a comment per cell',
    () => tinyParts({ rows: `<row r="1"><c><v>${'1<!-- -->'.repeat(1e5)}</v></c></row>` }),
  ],
  ['a deep tree', () => tinyParts({ sheet: '<worksheet>'.repeat(1e5) })],
])('%s is done with within two seconds', async (_, parts) => {
  const bytes = asZip(parts());
  const started = performance.now();
  await readCells(bytes, { unpack_ratio: 1e9 }).catch((error) =>
    expect(['file-unreadable', 'limit-exceeded']).toContain(error.code),
  );
  expect(performance.now() - started).toBeLessThan(2000);
});
