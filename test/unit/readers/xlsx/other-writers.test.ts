import { describe, expect, test } from 'vitest';
import {
  allRows,
  asZip,
  cellsIn,
  cellsOf,
  readCells,
  relsXml,
  sheetXml,
  tinyParts,
  withSource,
} from './tiny-workbook.ts';
import { writeZip } from './zip-writer.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const inline = (text: string): string => `<is><t>${text}</t></is>`;
const one = (cell: string): string => `<row r="1">${cell}</row>`;

/** How programs other than Excel write the same cells; each as seen in files of theirs. */
describe('what other programs write is read the same', () => {
  test('SheetJS: xml:space on every text, no styles, a sheet that begins with its dimension', async () => {
    const sheet = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="${MAIN}"><dimension ref="A1:B2"/><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="b"><v>1</v></c></row></sheetData><ignoredErrors><ignoredError numberStoredAsText="1" sqref="A1:B2"/></ignoredErrors></worksheet>`;
    expect(await cellsIn({ sheet, strings: '<si><t xml:space="preserve"> a </t></si>' })).toEqual({
      A1: 's: a ',
      A2: 'n:1',
      B2: 'b:TRUE',
    });
  });

  test('openpyxl: inline strings, empty v elements, numbers of Python', async () => {
    expect(
      await cellsIn({
        rows: one(
          `<c r="A1" t="inlineStr">${inline('x')}</c><c r="B1"><v/></c><c r="C1" t="n"><v>1e-05</v></c><c r="D1" t="n"><v>1e+16</v></c><c r="E1" t="n"><v>9007199254740993</v></c><c r="F1" t="n"><v>-0.0</v></c>`,
        ),
      }),
    ).toEqual({ A1: 's:x', C1: 'n:0.00001', D1: 'n:10000000000000000', E1: 'n:9007199254740993', F1: 'n:0' });
  });

  test('Apache POI streaming: rows without cells, cells that close themselves, inline strings in UTF-8', async () => {
    const rows =
      '<row r="1"/><row r="2"><c r="A2"/><c r="B2" t="inlineStr"><is><t>Ü</t></is></c></row>\n<row r="4">\n<c r="A4" t="n">\n<v>3.0</v></c></row>';
    expect(await cellsIn({ rows })).toEqual({ B2: 's:Ü', A4: 'n:3' });
  });

  test('LibreOffice: exponents of three digits, booleans, General spelt out, every format custom', async () => {
    const cells = await cellsIn({
      rows: one(
        '<c r="A1" s="1" t="n"><v>1.5E+003</v></c><c r="B1" s="2" t="n"><v>45292</v></c><c r="C1" s="1" t="b"><v>0</v></c><c r="D1" s="1" t="str"><f aca="false">A1&amp;""</f><v>1500</v></c>',
      ),
      formats: ['General', 'dd/mm/yyyy'],
    });
    expect(cells).toEqual({ A1: 'n:1500', B1: 'd:2024-01-01', C1: 'b:FALSE', D1: 's:1500' });
  });

  test('Google Sheets: an x: namespace beside the plain one, rich runs, formulas with results', async () => {
    const sheet = `<worksheet xmlns="${MAIN}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main"><sheetPr><outlinePr summaryBelow="0"/></sheetPr><sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"><f>1+1</f><v>2.0</v></c></row></sheetData><drawing r:id="rId1" xmlns:r="r"/></worksheet>`;
    const strings =
      '<si><r><rPr><b val="1"/></rPr><t xml:space="preserve">bold </t></r><r><rPr/><t>plain</t></r></si>';
    expect(await cellsIn({ sheet, strings })).toEqual({ A1: 's:bold plain', B1: 'n:2' });
  });

  test('Open XML SDK and EPPlus: every element under the prefix x, texts without values', async () => {
    const sheet = `<x:worksheet xmlns:x="${MAIN}"><x:sheetData><x:row r="1" spans="1:2"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c r="B1" t="str"><x:v>b</x:v></x:c><x:c r="C1"><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    expect(await cellsIn({ sheet })).toEqual({ A1: 's:a', B1: 's:b', C1: 'n:3' });
  });

  test('SAS and R: no addresses at all, no content types, a declaration in capitals', async () => {
    const parts = tinyParts({
      sheet: `<?xml version='1.0' encoding='utf-8'?><worksheet xmlns="${MAIN}"><sheetData><row><c t="inlineStr">${inline('a')}</c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData></worksheet>`,
    });
    parts.delete('[Content_Types].xml');
    expect(await readCells(asZip(parts))).toEqual({ A1: 's:a', C1: 'n:2', A2: 'n:3' });
  });

  test('an inline string kept in v, and a text in is without its type', async () => {
    expect(
      await cellsIn({ rows: one(`<c r="A1" t="inlineStr"><v>in v</v></c><c r="B1">${inline('7')}</c>`) }),
    ).toEqual({ A1: 's:in v', B1: 's:7' });
  });

  test('booleans as words of any case', async () => {
    expect(
      await cellsIn({
        rows: one('<c t="b"><v>TRUE</v></c><c t="b"><v>False</v></c><c t="b"><v> 1 </v></c>'),
      }),
    ).toEqual({ A1: 'b:TRUE', B1: 'b:FALSE', C1: 'b:TRUE' });
  });

  test('dates written as ISO 8601: the offset stays, as without it the moment would be another', async () => {
    const dates = {
      '2024-02-29T10:20:30+02:00': 'd:2024-02-29T10:20:30+02:00',
      '2024-02-29T10:20:30.5-0330': 'd:2024-02-29T10:20:30.500-03:30',
      '2024-02-29T00:00:00+00:00': 'd:2024-02-29',
      '2024-02-29 10:20': 'd:2024-02-29T10:20:00',
      '1850-01-01': 'd:1850-01-01',
      '2024-02-29T10:20:30+15:00': 'e:#DATE',
      '2024-02-29T24:00:00': 'e:#DATE',
      '29/02/2024': 'e:#DATE',
      '23:59:59.9': 't:23:59:59.900',
      '24:00:00': 't:24:00:00',
    };
    for (const [written, read] of Object.entries(dates)) {
      expect(await cellsIn({ rows: one(`<c r="A1" t="d"><v>${written}</v></c>`) }), written).toEqual({
        A1: read,
      });
    }
  });

  test('whole numbers written out past 2^53 keep their digits; what a double shows in 17 digits is the shortest text', async () => {
    const numbers = {
      '9007199254740993': '9007199254740993',
      '12345678901234567890': '12345678901234567890',
      '-1152921504606846977': '-1152921504606846977',
      '+0009007199254740993': '9007199254740993',
      '1.2345678901234567E+19': '12345678901234567000',
      '0.30000000000000004': '0.30000000000000004',
      '0.29999999999999999': '0.3',
      '1E+05': '100000',
      '1e5': '100000',
      '1.0E-3': '0.001',
    };
    for (const [written, read] of Object.entries(numbers)) {
      expect(await cellsIn({ rows: one(`<c r="A1"><v>${written}</v></c>`) }), written).toEqual({
        A1: `n:${read}`,
      });
    }
  });

  test('a code of more than fifteen digits under zeros keeps them all', async () => {
    const cells = await cellsIn({
      rows: one('<c r="A1" s="1"><v>12345678901234567</v></c>'),
      formats: ['000000000000000000'],
    });
    expect(cells).toEqual({ A1: 'z:012345678901234567' });
  });

  test('the post code format of Excel is not zeros only, so its number stays a number', async () => {
    expect(
      await cellsIn({
        rows: one('<c r="A1" s="1"><v>501</v></c>'),
        formats: ['[<=99999]00000;00000\\-0000'],
      }),
    ).toEqual({ A1: 'n:501' });
  });

  test('references to characters in attributes: an address, a type, a style and a row number', async () => {
    const cells = await cellsIn({
      rows: '<row r="&#49;"><c r="&#65;1" t="&#115;"><v>0</v></c><c r="B&#x31;" s="&#49;"><v>45292</v></c><c r=" C1 " s=" 1 "><v>1</v></c></row>',
      strings: '<si><t>x</t></si>',
      formats: [14],
    });
    expect(cells).toEqual({ A1: 's:x', B1: 'd:2024-01-01', C1: 'd:1900-01-01' });
  });

  test('line breaks in CDATA are one character, as in plain text', async () => {
    expect(
      await cellsIn({ rows: one('<c r="A1" t="inlineStr"><is><t>a<![CDATA[\r\nb\r]]>c</t></is></c>') }),
    ).toEqual({ A1: 's:a\nb\nc' });
  });

  test('comments and instructions anywhere', async () => {
    const sheet = `<?xml version="1.0"?><!-- a --><?x y?><worksheet xmlns="${MAIN}"><!-- < & > --><sheetData><!-- <row r="9"/> --><row r="1"><?x ?><c r="A1"><!-- --><v><!-- -->4<?x ?>2</v></c></row></sheetData></worksheet><!-- end -->\n`;
    expect(await cellsIn({ sheet })).toEqual({ A1: 'n:42' });
  });

  test('extensions in cells, rows and lists are passed over, whatever they hold', async () => {
    const ext = '<extLst><ext uri="x"><x14:c xmlns:x14="y"><x14:v>9</x14:v><v>8</v></x14:c></ext></extLst>';
    const cells = await cellsIn({
      rows: `<row r="1"><c r="A1"><v>1</v>${ext}</c>${ext}</row>`,
      strings: `<si><t>a</t>${ext}</si>${ext}`,
    });
    expect(cells).toEqual({ A1: 'n:1' });
  });

  test('alternative content outside the table, as drawings and controls have it', async () => {
    const after =
      '<mc:AlternateContent xmlns:mc="m"><mc:Choice Requires="x14"><controls><row r="1"><c r="A1"><v>7</v></c></row></controls></mc:Choice></mc:AlternateContent>';
    expect(await cellsIn({ rows: one('<c r="A1"><v>1</v></c>'), after })).toEqual({ A1: 'n:1' });
  });

  test('row and column outlines, widths, and formatting of blank rows are no data', async () => {
    const sheet = `<worksheet xmlns="${MAIN}"><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="16384" width="9" style="1"/></cols><sheetData><row r="1" s="1" customFormat="1" ht="30" customHeight="1"/><row r="2" outlineLevel="1" collapsed="1"><c r="B2" s="1"/><c r="C2"><v>1</v></c><c r="XFD2" s="1"/></row><row r="1048576" s="1" customFormat="1"/></sheetData></worksheet>`;
    await withSource(asZip(tinyParts({ sheet, formats: [14] })), async (source) => {
      const rows = await allRows(source);
      expect(rows.map(({ row, cells }) => [row, cells.length])).toEqual([[2, 3]]);
      expect(cellsOf(rows)).toEqual({ C2: 'n:1' });
    });
  });

  test('sheets of either relationship vocabulary, found by an Id without a prefix', async () => {
    const parts = tinyParts({ rows: one('<c r="A1"><v>1</v></c>') });
    parts.set(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}"><sheets><sheet name="Data" sheetId="1" d:id="rId1" xmlns:d="http://purl.oclc.org/ooxml/officeDocument/relationships"/></sheets></workbook>`,
    );
    expect(await readCells(asZip(parts))).toEqual({ A1: 'n:1' });
  });
});

describe('archives as different programs pack them', () => {
  const parts = [...tinyParts({ rows: one('<c r="A1"><v>1</v></c>') })].map(([name, data]) => ({
    name,
    data,
  }));

  test('sizes after the data (streamed), with names in UTF-8 or not', async () => {
    for (const flags of [0, 8, 0x808]) {
      const streamed = parts.map((part) => ({ ...part, streamed: (flags & 8) !== 0, claims: { flags } }));
      expect(await readCells(writeZip(streamed)), `flags ${flags}`).toEqual({ A1: 'n:1' });
    }
  });

  test('parts in any order, folders as entries of their own, a comment at the end', async () => {
    const bytes = writeZip([{ name: 'xl/', data: '', stored: true }, ...[...parts].reverse()]);
    const comment = Buffer.from('made by a program');
    bytes.writeUInt16LE(comment.length, bytes.length - 2);
    expect(await readCells(Buffer.concat([bytes, comment]))).toEqual({ A1: 'n:1' });
  });

  test('a part more than the content types know, of any name', async () => {
    const more = { name: 'xl/größe/印.bin', data: Buffer.alloc(10) };
    expect(await readCells(writeZip([...parts, more]))).toEqual({ A1: 'n:1' });
  });

  test('sheet parts under names that relationships alone know', async () => {
    const moved = new Map<string, string | Buffer>(parts.map(({ name, data }) => [name, data]));
    moved.set('xl/_rels/workbook.xml.rels', relsXml(['rId1', 'worksheet', '/tab/%C3%A4%201.xml']));
    moved.set('tab/ä 1.xml', sheetXml(one('<c r="A1"><v>2</v></c>')));
    expect(await readCells(asZip(moved))).toEqual({ A1: 'n:2' });
  });
});
