import { expect, test } from 'vitest';
import { startCpuTimer } from './cpu-time.ts';
import {
  asZip,
  cellsIn,
  extractFirst,
  refusalOf,
  relsXml,
  sheetXml,
  tinyParts,
  workbookXml,
} from './tiny-workbook.ts';

const STRINGS = '<si><t>zero</t></si><si><t>one</t></si>';
const one = (cell: string): string => `<row r="1">${cell}</row>`;

/** Each would lose or change a value without a word in a reader that takes what it knows and passes over the rest. */
test.each([
  ['an attribute without its quotes, which hides the type after it', one('<c r="A1" s 5 t="s"><v>0</v></c>')],
  ['an attribute without its equals sign', one('<c r="A1" t "s"><v>0</v></c>')],
  ['attributes without a space between', one('<c r="A1"t="s"><v>0</v></c>')],
  ['an attribute whose name begins with a digit', one('<c r="A1" 3="1"><v>45292</v></c>')],
  ['an attribute without a name', one('<c r="A1" ="s"><v>0</v></c>')],
  ['an attribute of a sign', one('<c r="A1" {="1"><v>45292</v></c>')],
  ['an attribute that no cell has', one('<c r="A1" u="s"><v>0</v></c>')],
  ['a row number under another letter', '<row q="7"><c><v>1</v></c></row>'],
  ['an element of two prefixes', one('<c><v>1</v></c><q:x:c/><c><v>2</v></c>')],
  ['an element whose name begins with a digit', one('<c r="A1"><1v>1</1v></c>')],
  ['an element whose name runs into its attributes', one('<cr="A1"><v>1</v></cr="A1">')],
  ['an end tag with more in it', one('<c r="A1"><v>1</v x></c>')],
  ['two addresses', one('<c r="A1" r="B1"><v>1</v></c>')],
  ['two styles', one('<c r="A1" s="0" s="1"><v>45292</v></c>')],
  ['two types', one('<c r="A1" t="s" t="n"><v>0</v></c>')],
  ['two row numbers', '<row r="1" r="2"><c><v>1</v></c></row>'],
  ['a style that is no number', one('<c r="A1" s="x"><v>45292</v></c>')],
  ['a negative style', one('<c r="A1" s="-1"><v>45292</v></c>')],
  ['a row number that is none', '<row r="one"><c><v>1</v></c></row>'],
  ['row 0', '<row r="0"><c><v>1</v></c></row>'],
  ['a range for an address', one('<c r="A1:B1"><v>1</v></c>')],
  ['an address of four letters', one('<c r="AAAA1"><v>1</v></c>')],
  ['two values', one('<c r="A1"><v>1</v><v>2</v></c>')],
  ['an empty value before the value', one('<c r="A1"><v/><v>2</v></c>')],
  ['a value and a text', one('<c r="A1"><v>1</v><is><t>2</t></is></c>')],
  ['two inline texts', one('<c r="A1" t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>')],
  ['an element inside a value', one('<c r="A1"><v>1<b/>2</v></c>')],
  ['a value under a name that is not known', one('<c r="A1"><w>1</w></c>')],
  ['a cell under a name that is not known', one('<d r="A1"><v>1</v></d>')],
  ['a row under a name that is not known', '<raw r="1"><c r="A1"><v>1</v></c></raw>'],
  ['a row in a row', '<row r="1"><row r="2"><c><v>1</v></c></row></row>'],
  ['a cell in a cell', one('<c r="A1"><c r="B1"><v>1</v></c></c>')],
  [
    'alternative content in the table',
    one('<mc:AlternateContent><mc:Fallback><c r="A1"><v>1</v></c></mc:Fallback></mc:AlternateContent>'),
  ],
  ['text right in a cell', one('<c r="A1">5</c>')],
  ['text right in a row', one('5<c r="A1"><v>1</v></c>')],
  ['text between rows', `x${one('<c r="A1"><v>1</v></c>')}`],
  ['text right in an inline string', one('<c r="A1" t="inlineStr"><is>text</is></c>')],
  [
    'a piece of text under a name that is not known',
    one('<c r="A1" t="inlineStr"><is><t>a</t><s>b</s></is></c>'),
  ],
  ['an element inside a text', one('<c r="A1" t="inlineStr"><is><t>a<b/>c</t></is></c>')],
  ['a shared string of negative number', one('<c r="A1" t="s"><v>-1</v></c>')],
  ['a shared string of broken number', one('<c r="A1" t="s"><v>0.5</v></c>')],
])('a sheet with %s is refused', async (_, rows) => {
  const error = await refusalOf(asZip(tinyParts({ rows, strings: STRINGS, formats: [14] })));
  expect(error.code).toBe('file-unreadable');
  expect(error.hint).toMatch(/save it/);
});

test.each([
  ['text right in an item', '<si>zero</si>'],
  ['an item under a name that is not known', '<sj><t>zero</t></sj><si><t>one</t></si>'],
  ['a piece under a name that is not known', '<si><t>a</t><u>b</u></si>'],
  ['an item in an item', '<si><si><t>a</t></si></si>'],
  [
    'alternative content among the items',
    '<mc:AlternateContent xmlns:mc="m"><si><t>a</t></si></mc:AlternateContent>',
  ],
])('a list of texts with %s is refused, as texts would move', async (_, strings) => {
  const error = await refusalOf(asZip(tinyParts({ rows: one('<c r="A1" t="s"><v>0</v></c>'), strings })));
  expect(error.code).toBe('file-unreadable');
});

test('a formula without a result is an error whatever its type; an empty text is a result', async () => {
  const cells = await cellsIn({
    rows: one(
      '<c t="b"><f>x</f><v></v></c><c t="e"><f>x</f><v/></c><c t="d"><f>x</f></c><c t="str"><f>x</f><v></v></c><c t="n"><f t="array" ref="E1">x</f></c><c t="b"><v/></c>',
    ),
  });
  expect(cells).toEqual({ A1: 'e:#FORMULA', B1: 'e:#FORMULA', C1: 'e:#FORMULA', E1: 'e:#FORMULA' });
});

test('two sheets of one name are refused, also when only the case differs', async () => {
  for (const name of ['Data', 'DATA']) {
    const parts = tinyParts({});
    parts.set(
      'xl/workbook.xml',
      workbookXml(
        `<sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="${name}" sheetId="2" r:id="rId1"/>`,
      ),
    );
    expect((await refusalOf(asZip(parts))).message).toContain(`two sheets called "${name}"`);
  }
});

test('two lists of texts, two style parts or two workbooks in one file are refused', async () => {
  const parts = tinyParts({ rows: one('<c r="A1"><v>1</v></c>') });
  for (const kind of ['styles', 'sharedStrings'] as const) {
    const rels = relsXml(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['a', kind, 'a.xml'],
      ['b', kind, 'b.xml'],
    );
    expect(
      (await refusalOf(asZip(new Map(parts).set('xl/_rels/workbook.xml.rels', rels)))).message,
    ).toContain(kind);
  }
  const two = relsXml(['a', 'officeDocument', 'xl/workbook.xml'], ['b', 'officeDocument', 'xl/other.xml']);
  expect((await refusalOf(asZip(new Map(parts).set('_rels/.rels', two)))).message).toContain('two documents');
});

test('one relationship name for two parts is refused, the same said twice is not', async () => {
  const parts = tinyParts({ rows: one('<c r="A1"><v>1</v></c>') });
  const twice = (target: string) =>
    new Map(parts)
      .set(
        'xl/_rels/workbook.xml.rels',
        relsXml(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ['rId1', 'worksheet', target]),
      )
      .set('xl/worksheets/b.xml', sheetXml(''));
  expect((await refusalOf(asZip(twice('worksheets/b.xml')))).message).toContain('rId1');
  expect((await extractFirst(asZip(twice('worksheets/sheet1.xml')), 0, 1)).lines).toEqual(['1|1|n|1']);
});

test.each([
  ['a word for the first year that is none', tinyParts({ properties: '<workbookPr date1904="yes"/>' })],
  [
    'the first year told twice',
    tinyParts({ properties: '<workbookPr date1904="0"/><workbookPr date1904="1"/>' }),
  ],
  [
    'a number format that is no number',
    tinyParts({ rows: one('<c r="A1"><v>1</v></c>') })
      .set('xl/styles.xml', '<styleSheet><cellXfs><xf numFmtId="14x"/></cellXfs></styleSheet>')
      .set(
        'xl/_rels/workbook.xml.rels',
        relsXml(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ['s', 'styles', 'styles.xml']),
      ),
  ],
])('%s is refused, as dates hang on it', async (_, parts) => {
  expect((await refusalOf(asZip(parts))).code).toBe('file-unreadable');
});

test.each([
  [
    'a number format',
    '<styleSheet><numFmts><numFmx numFmtId="164" formatCode="yyyy"/></numFmts></styleSheet>',
  ],
  [
    'a number format without its number',
    '<styleSheet><numFmts><numFmt formatCode="yyyy"/></numFmts></styleSheet>',
  ],
  ['a style', '<styleSheet><cellXfs><xf numFmtId="0"/><xg numFmtId="14"/></cellXfs></styleSheet>'],
])('%s under a name that is not known is refused, as formats would move', async (_, styles) => {
  const parts = tinyParts({ rows: one('<c r="A1"><v>1</v></c>'), formats: [14] }).set(
    'xl/styles.xml',
    styles,
  );
  expect((await refusalOf(asZip(parts))).code).toBe('file-unreadable');
});

test('a sheet under a name, or of a kind, that is not known is refused, as another would be taken for it', async () => {
  const other = workbookXml(
    '<sheep name="Data" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId1"/>',
  );
  expect((await refusalOf(asZip(tinyParts({}).set('xl/workbook.xml', other)))).message).toContain(
    'well-formed',
  );
  const kind = relsXml(['rId1', 'wor+sheet', 'worksheets/sheet1.xml']);
  const parts = tinyParts({}).set('xl/_rels/workbook.xml.rels', kind);
  expect((await refusalOf(asZip(parts))).message).toContain('"Data" of the workbook is of an unknown kind');
  const relation =
    '<Relationships><Relation Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>';
  expect((await refusalOf(asZip(tinyParts({}).set('xl/_rels/workbook.xml.rels', relation)))).code).toBe(
    'file-unreadable',
  );
});

test('numbers whose format cannot be known are counted and said, with or without a styles part', async () => {
  const rows = one(
    '<c r="A1" s="9"><v>45292</v></c><c r="B1" s="9"><v>1</v></c><c r="C1" t="s" s="9"><v>0</v></c>',
  );
  const described = await extractFirst(asZip(tinyParts({ rows, strings: STRINGS, formats: [14] })), 0, 3);
  expect(described.notes).toEqual([expect.stringMatching(/^2 numbers have a format that is not known/)]);
  const bare = await extractFirst(asZip(tinyParts({ rows, strings: STRINGS })), 0, 3);
  expect(bare.notes).toEqual([expect.stringMatching(/^2 numbers have .* styles part is missing/)]);
});

test('many relationships or sheets take no time', async () => {
  const used = startCpuTimer();
  const relations = Array.from({ length: 10_000 }, (_, i): [string, string, string] => [
    `x${i}`,
    'image',
    `media/${i}.png`,
  ]);
  const parts = tinyParts({ rows: one('<c r="A1"><v>1</v></c>') });
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relsXml(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ...relations),
  );
  const sheets = Array.from(
    { length: 20_000 },
    (_, i) => `<sheet name="S${i}" sheetId="${i + 1}" r:id="rId1"/>`,
  );
  parts.set('xl/workbook.xml', workbookXml(sheets.join('')));
  expect((await extractFirst(asZip(parts), 0, 1)).lines).toEqual(['1|1|n|1']);
  expect(used()).toBeLessThan(2000);
});
