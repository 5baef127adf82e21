import { expect, test } from 'vitest';
import {
  allRows,
  asZip,
  cellsIn,
  cellsOf,
  extractFirst,
  readCells,
  refusalOf,
  relsXml,
  sheetXml,
  tinyParts,
  withSource,
  workbookXml,
} from './tiny-workbook.ts';
import { writeZip } from './zip-writer.ts';

const ROW = '<row r="1"><c r="A1"><v>1</v></c></row>';

function renamed(
  parts: Map<string, string | Buffer>,
  from: string,
  to: string,
): Map<string, string | Buffer> {
  return new Map([...parts].map(([name, data]) => [name === from ? to : name, data]));
}

test('parts are found by relationship, not by name', async () => {
  const parts = renamed(tinyParts({ rows: ROW }), 'xl/workbook.xml', 'book/main.xml');
  parts.set('_rels/.rels', relsXml(['x', 'officeDocument', 'book/main.xml']));
  parts.delete('xl/_rels/workbook.xml.rels');
  parts.set('book/_rels/main.xml.rels', relsXml(['rId1', 'worksheet', '../cells/one.dat']));
  parts.set('cells/one.dat', sheetXml('<row r="1"><c r="A1"><v>2</v></c></row>'));
  expect(await readCells(asZip(parts))).toEqual({ A1: 'n:2' });
});

test.each([
  '/xl/worksheets/sheet1.xml',
  'worksheets\\sheet1.xml',
  '\\xl\\worksheets\\sheet1.xml',
  './worksheets/../worksheets/sheet1.xml',
  'WORKSHEETS/Sheet1.XML',
  'worksheets/sheet%31.xml',
])('the target %s leads to the sheet', async (target) => {
  const parts = tinyParts({ rows: ROW });
  parts.set('xl/_rels/workbook.xml.rels', relsXml(['rId1', 'worksheet', target]));
  expect(await readCells(asZip(parts))).toEqual({ A1: 'n:1' });
});

test.each(['xl\\worksheets\\sheet1.xml', '/xl/worksheets/sheet1.xml', 'XL/Worksheets/SHEET1.xml'])(
  'the part stored as %s is the sheet',
  async (name) => {
    const parts = renamed(tinyParts({ rows: ROW }), 'xl/worksheets/sheet1.xml', name);
    expect(await readCells(asZip(parts))).toEqual({ A1: 'n:1' });
  },
);

test('namespace prefixes and the Strict addresses make no difference', async () => {
  const strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
  const office = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
  const parts = tinyParts({ formats: [14], strings: '' });
  parts.set(
    '_rels/.rels',
    `<p:Relationships xmlns:p="x"><p:Relationship Id="a" Type="${office}/officeDocument" Target="xl/workbook.xml"/></p:Relationships>`,
  );
  parts.set(
    'xl/_rels/workbook.xml.rels',
    `<Relationships>${['worksheet" Target="worksheets/sheet1.xml" Id="q1', 'styles" Target="styles.xml" Id="q2', 'sharedStrings" Target="sharedStrings.xml" Id="q3'].map((rest) => `<Relationship Type="${office}/${rest}"/>`).join('')}</Relationships>`,
  );
  parts.set(
    'xl/workbook.xml',
    `<x:workbook xmlns:x="${strict}" xmlns:rel="${office}"><x:sheets><x:sheet name="Data" sheetId="7" rel:id="q1"/></x:sheets></x:workbook>`,
  );
  parts.set(
    'xl/sharedStrings.xml',
    `<x:sst xmlns:x="${strict}"><x:si><x:r><x:t>shared</x:t></x:r></x:si></x:sst>`,
  );
  parts.set(
    'xl/worksheets/sheet1.xml',
    `<x:worksheet xmlns:x="${strict}"><x:sheetData><x:row r="3"><x:c r="B3" t="s"><x:v>0</x:v></x:c><x:c r="C3" s="1"><x:v>45292</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
  );
  expect(await readCells(asZip(parts))).toEqual({ B3: 's:shared', C3: 'd:2024-01-01' });
});

test.each(['utf16le', 'utf16be', 'utf8 with mark', 'windows-1252'])(
  'parts may be written in %s',
  async (encoding) => {
    const xml = sheetXml(
      '<row r="1"><c r="A1" t="inlineStr"><is><t>Größe 5</t></is></c><c r="B1"><v>12</v></c></row>',
    ).replace(
      'encoding="UTF-8"',
      encoding === 'windows-1252'
        ? 'encoding="windows-1252"'
        : encoding.startsWith('utf16')
          ? 'encoding="UTF-16"'
          : 'encoding="UTF-8"',
    );
    const utf16 = Buffer.from(`\ufeff${xml}`, 'utf16le');
    const bytes = {
      utf16le: utf16,
      utf16be: Buffer.from(utf16).swap16(),
      'utf8 with mark': Buffer.from(`\ufeff${xml}`, 'utf8'),
      'windows-1252': Buffer.from(xml, 'latin1'),
    }[encoding]!;
    expect(await cellsIn({ sheet: bytes })).toEqual({ A1: 's:Größe 5', B1: 'n:12' });
  },
);

test('bytes that are not UTF-8 are refused, not replaced', async () => {
  const bad = Buffer.from(
    sheetXml('<row r="1"><c r="A1" t="inlineStr"><is><t>Gr\u00f6\u00dfe</t></is></c></row>'),
    'latin1',
  );
  const error = await refusalOf(asZip(tinyParts({ sheet: bad })));
  expect(error.code).toBe('file-unreadable');
  expect(error.message).toContain('UTF-8');
});

test('cells and rows without addresses follow one another', async () => {
  const cells = await cellsIn({
    rows: '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row><row r="7"><c><v>5</v></c></row><row><c r="B9"><v>6</v></c></row><row/><row><c><v>7</v></c></row>',
  });
  expect(cells).toEqual({ A1: 'n:1', D1: 'n:2', E1: 'n:3', A2: 'n:4', A7: 'n:5', B9: 'n:6', A11: 'n:7' });
});

test('cells out of order in a row stand where their address says', async () => {
  expect(await cellsIn({ rows: '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>' })).toEqual({
    A1: 'n:1',
    C1: 'n:3',
  });
});

test.each([
  ['a cell twice', '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'],
  ['a row twice', '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>'],
  ['rows in disorder', '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'],
  ['a cell of another row', '<row r="1"><c r="A2"><v>1</v></c></row>'],
  ['an address that is none', '<row r="1"><c r="1A"><v>1</v></c></row>'],
  ['an unknown type', '<row r="1"><c r="A1" t="q"><v>1</v></c></row>'],
  ['a shared string that is not there', '<row r="1"><c r="A1" t="s"><v>5</v></c></row>'],
  ['an unknown entity', '<row r="1"><c r="A1" t="inlineStr"><is><t>&nbsp;</t></is></c></row>'],
])('%s is refused', async (_, rows) => {
  expect((await refusalOf(asZip(tinyParts({ rows, strings: '<si><t>x</t></si>' })))).code).toBe(
    'file-unreadable',
  );
});

test('without a styles part dates are numbers, and the extract says so', async () => {
  const parts = tinyParts({ rows: '<row r="1"><c r="A1" s="1"><v>45292</v></c></row>', formats: [14] });
  parts.delete('xl/styles.xml');
  const extract = await extractFirst(asZip(parts), 0, 1);
  expect(extract.lines).toEqual(['1|1|n|45292']);
  expect(extract.notes).toEqual([expect.stringContaining('styles part is missing')]);
});

test('a missing shared-strings part matters only to cells that refer to it', async () => {
  const without = tinyParts({ rows: ROW, strings: '<si><t>x</t></si>' });
  without.delete('xl/sharedStrings.xml');
  expect(await readCells(asZip(without))).toEqual({ A1: 'n:1' });
  const needed = tinyParts({ rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' });
  expect((await refusalOf(asZip(needed))).message).toContain('list of texts');
});

test('sheets come in tab order, hidden ones flagged, chart and dialog sheets left out', async () => {
  const parts = tinyParts({ rows: ROW });
  parts.set(
    'xl/workbook.xml',
    workbookXml(
      '<sheet name="Chart" sheetId="9" r:id="c"/><sheet name="Zweite &amp; mehr" sheetId="5" r:id="b"/><sheet name="__proto__" sheetId="1" state="hidden" r:id="a"/><sheet name="Deep" sheetId="2" state="veryHidden" r:id="d"/><sheet name="Dialog" sheetId="3" r:id="e"/>',
    ),
  );
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relsXml(
      ['a', 'worksheet', 'worksheets/sheet1.xml'],
      ['b', 'worksheet', 'worksheets/b.xml'],
      ['c', 'chartsheet', 'chartsheets/c.xml'],
      ['d', 'worksheet', 'worksheets/d.xml'],
      ['e', 'dialogsheet', 'dialogsheets/e.xml'],
    ),
  );
  parts.set('xl/worksheets/b.xml', sheetXml('<row r="1"><c r="A1"><v>22</v></c></row>'));
  parts.set('xl/worksheets/d.xml', sheetXml(''));
  await withSource(asZip(parts), async (source) => {
    const sheets = await source.sheets();
    expect(sheets).toEqual([
      { name: 'Zweite & mehr', index: 2, visible: true },
      { name: '__proto__', index: 3, visible: false },
      { name: 'Deep', index: 4, visible: false },
    ]);
    expect(cellsOf(await allRows(source, sheets[0]))).toEqual({ A1: 'n:22' });
    expect(cellsOf(await allRows(source, sheets[1]))).toEqual({ A1: 'n:1' });
    expect(await allRows(source, sheets[2])).toEqual([]);
  });
});

test('external targets are never followed', async () => {
  const parts = tinyParts({ rows: ROW });
  parts.set(
    'xl/_rels/workbook.xml.rels',
    '<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>',
  );
  expect((await refusalOf(asZip(parts))).message).toContain('lacks the sheet "Data"');
});

test('a dimension that claims a million rows changes nothing', async () => {
  const sheet = sheetXml(ROW).replace('<sheetData>', '<dimension ref="A1:XFD1048576"/><sheetData>');
  expect(await cellsIn({ sheet })).toEqual({ A1: 'n:1' });
});

test('archives with ZIP64 records and stored parts are read', async () => {
  const parts = [...tinyParts({ rows: ROW })].map(([name, data], i) => ({ name, data, stored: i % 2 === 0 }));
  expect(await readCells(writeZip(parts, true))).toEqual({ A1: 'n:1' });
});

test('workbook properties of an extension say nothing of the date system, wherever the main ones stand', async () => {
  const x15 = 'http://schemas.microsoft.com/office/spreadsheetml/2010/11/main';
  const extension =
    `<extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" xmlns:x15="${x15}">` +
    '<x15:workbookPr chartTrackingRefBase="1" date1904="1"/></ext></extLst>';
  const rows = '<row r="1"><c r="A1" s="1"><v>45809</v></c></row>';
  for (const own of ['<workbookPr/>', '<workbookPr date1904="0"/>', '']) {
    const parts = tinyParts({ rows, formats: [14], properties: own });
    const book = parts.get('xl/workbook.xml') as string;
    parts.set('xl/workbook.xml', book.replace('</workbook>', `${extension}</workbook>`));
    expect(await readCells(asZip(parts)), own).toEqual({ A1: 'd:2025-06-01' });
  }
});

test('a tab without a part leaves the sheets that are whole readable', async () => {
  const parts = tinyParts({ rows: ROW });
  parts.set(
    'xl/workbook.xml',
    workbookXml(
      '<sheet name="Module" sheetId="2" r:id=""/><sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="Old" sheetId="3" r:id=""/>',
    ),
  );
  expect(await readCells(asZip(parts))).toEqual({ A1: 'n:1' });
});

test('a tab whose relation or part is missing is refused when it is asked for, and the others are read', async () => {
  for (const relations of [
    [['rId1', 'worksheet', 'worksheets/sheet1.xml']],
    [
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId9', 'worksheet', 'worksheets/gone.xml'],
    ],
  ] as const) {
    const parts = tinyParts({ rows: ROW });
    const sheets = '<sheet name="Gone" sheetId="2" r:id="rId9"/><sheet name="Data" sheetId="1" r:id="rId1"/>';
    parts.set('xl/workbook.xml', workbookXml(sheets));
    parts.set('xl/_rels/workbook.xml.rels', relsXml(...relations));
    await withSource(asZip(parts), async (source) => {
      const [gone, data] = await source.sheets();
      expect(gone).toEqual({ name: 'Gone', index: 1, visible: true, missing: true });
      expect(await source.head(data!, 1)).toMatchObject([{ cells: [{ text: '1' }] }]);
      await expect(source.head(gone!, 1)).rejects.toMatchObject({
        code: 'file-unreadable',
        message: expect.stringContaining('lacks the sheet "Gone"'),
      });
    });
  }
});

test('a workbook whose only tab has no part is refused', async () => {
  const parts = tinyParts({ rows: ROW });
  parts.set('xl/workbook.xml', workbookXml('<sheet name="Module" sheetId="2" r:id=""/>'));
  expect((await refusalOf(asZip(parts))).message).toContain('no sheet with cells');
});
