import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trials } from '../../../fixtures/trials.ts';
import {
  asZip,
  extractFirst,
  readCells,
  refusalOfExtract,
  relsXml,
  sheetXml,
  tinyParts,
  withSource,
  workbookXml,
} from './tiny-workbook.ts';

const X14 = 'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main';
const MC = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

const BOOK = 'xl/workbook.xml';
const SHEET = 'xl/worksheets/sheet1.xml';
const STYLES = 'xl/styles.xml';
const STRINGS = 'xl/sharedStrings.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const PACKAGE = '_rels/.rels';
const TABLE = 'xl/tables/table1.xml';

/** Two sheets with texts, dates, numbers, formulas (one is 0), hidden rows and columns, merged cells and a table. */
function plainParts(): Map<string, string | Buffer> {
  const rows =
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>note</t></is></c></row>' +
    '<row r="2"><c r="A2" s="1"><v>45809</v></c><c r="B2" s="2"><v>7</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>' +
    '<row r="3"><c r="A3" s="1"><v>45810.5</v></c><c r="B3" t="b"><v>1</v></c><c r="C3"><f>1-1</f><v>0</v></c></row>' +
    '<row r="4" hidden="1"><c r="C4" t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r></is></c></row>';
  const sheet = sheetXml(rows, '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>').replace(
    '<sheetData>',
    '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>',
  );
  const parts = tinyParts({
    sheet,
    formats: ['yyyy-mm-dd', '000'],
    strings: '<si><t>day</t></si><si><r><t>co</t></r><r><t>de</t></r></si>',
  });
  const sheets =
    '<sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="More" sheetId="2" state="hidden" r:id="rId4"/>';
  parts.set(
    BOOK,
    workbookXml(sheets, '<workbookPr/>').replace('</workbook>', '<calcPr calcId="1"/></workbook>'),
  );
  parts.set('xl/worksheets/sheet2.xml', sheetXml('<row r="1"><c r="A1"><v>5</v></c></row>'));
  parts.set(
    RELATIONS,
    relsXml(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId2', 'styles', 'styles.xml'],
      ['rId3', 'sharedStrings', 'sharedStrings.xml'],
      ['rId4', 'worksheet', 'worksheets/sheet2.xml'],
    ),
  );
  parts.set('xl/worksheets/_rels/sheet1.xml.rels', relsXml(['rId1', 'table', '../tables/table1.xml']));
  parts.set(
    TABLE,
    `<table xmlns="${MAIN}" id="1" name="T" displayName="T" ref="A1:C4"><tableColumns count="3"><tableColumn id="1" name="day"/></tableColumns></table>`,
  );
  return parts;
}

/** Elements of ours under another vocabulary, saying other things. */
const FOREIGN = [
  '<x14:workbookPr date1904="1"/>',
  '<x14:calcPr fullCalcOnLoad="1"/>',
  '<x14:sheets><x14:sheet name="Other" sheetId="9" id="rId9"/></x14:sheets>',
  '<x14:sheetData><x14:row r="9"><x14:c r="A9"><x14:v>9</x14:v></x14:c></x14:row></x14:sheetData>',
  '<x14:row r="9"><x14:c r="A9"><x14:v>9</x14:v></x14:c></x14:row>',
  '<x14:c r="Z1"><x14:v>9</x14:v></x14:c>',
  '<x14:v>9</x14:v>',
  '<x14:f>9</x14:f>',
  '<x14:is><x14:t>other</x14:t></x14:is>',
  '<x14:t>other</x14:t>',
  '<x14:si><x14:t>other</x14:t></x14:si>',
  '<x14:cols><x14:col min="1" max="1" hidden="1"/></x14:cols>',
  '<x14:mergeCells><x14:mergeCell ref="B2:C3"/></x14:mergeCells>',
  '<x14:numFmts><x14:numFmt numFmtId="200" formatCode="0"/></x14:numFmts>',
  '<x14:cellXfs><x14:xf numFmtId="0"/></x14:cellXfs>',
  '<x14:xf numFmtId="14"/>',
  '<x14:Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet2.xml"/>',
  '<x14:tableColumns><x14:tableColumn id="1" name="other"/></x14:tableColumns>',
  '<x14:conditionalFormattings><x14:cfRule type="dataBar"/></x14:conditionalFormattings>',
];
const extension = (inside: string): string =>
  `<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="${X14}">${inside}</ext></extLst>`;
/** The same, the vocabulary as the default one of the extension. */
const defaulted = (inside: string): string =>
  `<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns="${X14}">${inside.replaceAll('x14:', '')}</ext></extLst>`;

/** The same, its elements ours: an extension may hold any, and their place is not the one where they count. */
const ofOurs = (inside: string): string =>
  `<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns="${MAIN}">${inside.replaceAll('x14:', '')}</ext></extLst>`;
/** Ignorable elements whose vocabulary is the default one from there on. */
const withoutPrefix = (inside: string): string =>
  inside.replace(/<x14:(\w+)/g, `<$1 xmlns="${X14}"`).replaceAll('</x14:', '</');
/** An ignorable element with elements of ours in it, which are ignored with it. */
const around = (inside: string): string => `<x14:any>${inside.replaceAll('x14:', '')}</x14:any>`;

const LISTS = { extension, defaulted, ofOurs };
const IGNORED = { asItIs: (inside: string): string => inside, withoutPrefix, around };
const WAYS = { list: Object.values(LISTS), ignorable: Object.values(IGNORED) };

/** Where the standard allows an extension list, or elements of a vocabulary that is declared ignorable. */
const PLACES: readonly (readonly [part: string, before: RegExp, how: 'list' | 'ignorable'])[] = [
  [BOOK, /<\/workbook>/, 'list'],
  [SHEET, /<\/worksheet>/, 'list'],
  [STYLES, /<\/styleSheet>/, 'list'],
  [STRINGS, /<\/sst>/, 'list'],
  [SHEET, /<\/row>/, 'list'],
  [SHEET, /<\/c>/, 'list'],
  [TABLE, /<\/table>/, 'list'],
  [BOOK, /<workbookPr/, 'ignorable'],
  [BOOK, /<sheets>/, 'ignorable'],
  [BOOK, /<sheet /, 'ignorable'],
  [BOOK, /<\/sheets>/, 'ignorable'],
  [BOOK, /<\/workbook>/, 'ignorable'],
  [SHEET, /<cols>/, 'ignorable'],
  [SHEET, /<col /, 'ignorable'],
  [SHEET, /<sheetData>/, 'ignorable'],
  [SHEET, /<row r="2">/, 'ignorable'],
  [SHEET, /<c r="B2"/, 'ignorable'],
  [SHEET, /<v>7/, 'ignorable'],
  [SHEET, /<f>1-1/, 'ignorable'],
  [SHEET, /<is>/, 'ignorable'],
  [SHEET, /<t>note/, 'ignorable'],
  [SHEET, /<\/r><r>/, 'ignorable'],
  [SHEET, /<\/is>/, 'ignorable'],
  [SHEET, /<\/row>/, 'ignorable'],
  [SHEET, /<\/sheetData>/, 'ignorable'],
  [SHEET, /<\/cols>/, 'ignorable'],
  [SHEET, /<mergeCells/, 'ignorable'],
  [SHEET, /<mergeCell /, 'ignorable'],
  [SHEET, /<\/worksheet>/, 'ignorable'],
  [STYLES, /<cellXfs>/, 'ignorable'],
  [STYLES, /<xf numFmtId="201"/, 'ignorable'],
  [STYLES, /<\/cellXfs>/, 'ignorable'],
  [STYLES, /<numFmts>/, 'ignorable'],
  [STYLES, /<numFmt /, 'ignorable'],
  [STRINGS, /<si>/, 'ignorable'],
  [STRINGS, /<t>day/, 'ignorable'],
  [STRINGS, /<\/r><r>/, 'ignorable'],
  [STRINGS, /<\/si>/, 'ignorable'],
  [STRINGS, /<\/sst>/, 'ignorable'],
  [RELATIONS, /<Relationship /, 'ignorable'],
  [RELATIONS, /<\/Relationships>/, 'ignorable'],
  [PACKAGE, /<Relationship /, 'ignorable'],
  [TABLE, /<tableColumn /, 'ignorable'],
];

/** The roots that declare another vocabulary, and that it may be ignored. */
function declare(parts: Map<string, string | Buffer>, part: string): string {
  const xml = parts.get(part) as string;
  if (xml.includes('xmlns:mc=')) return xml;
  return xml.replace(
    /<(workbook|worksheet|styleSheet|sst|Relationships|table)(?= )/,
    `$& xmlns:mc="${MC}" xmlns:x14="${X14}" mc:Ignorable="x14"`,
  );
}

function withExtension(
  parts: Map<string, string | Buffer>,
  [part, before, how]: (typeof PLACES)[number],
  inside: string,
  way: number,
): void {
  const added = (WAYS[how][way] as (inside: string) => string)(inside);
  const declared = declare(parts, part);
  expect(declared).toMatch(before);
  parts.set(
    part,
    declared.replace(before, (found) => added + found),
  );
}

/** Everything that is read of a workbook. */
async function seen(parts: Map<string, string | Buffer>): Promise<unknown> {
  const bytes = asZip(parts);
  const { path: _, ...extract } = await extractFirst(bytes, 1, 3, { merged: 'fill' });
  return [await withSource(bytes, (source) => source.sheets()), await readCells(bytes), extract];
}

test('a workbook with any extension that the standard allows reads as without it', async () => {
  const wanted = await seen(plainParts());
  const added = fc.array(
    fc.tuple(
      fc.constantFrom(...PLACES),
      fc.array(fc.constantFrom(...FOREIGN), { minLength: 1, maxLength: 4 }),
      fc.nat(2),
    ),
    { minLength: 1, maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(added, async (extensions) => {
      const parts = plainParts();
      for (const [place, inside, way] of extensions) withExtension(parts, place, inside.join(''), way);
      expect(await seen(parts)).toEqual(wanted);
    }),
    trials(60),
  );
});

test.each(PLACES)('all extensions in one place: %s before %s, %s', async (...place) => {
  const wanted = await seen(plainParts());
  for (const way of [0, 1, 2]) {
    const parts = plainParts();
    withExtension(parts, place, FOREIGN.join(''), way);
    expect(await seen(parts), `${way}`).toEqual(wanted);
  }
});

test('attributes of another vocabulary say nothing, whatever their names', async () => {
  const names = [
    'r',
    's',
    't',
    'v',
    'id',
    'name',
    'state',
    'hidden',
    'min',
    'max',
    'ref',
    'numFmtId',
    'formatCode',
  ];
  const all = [
    ...names,
    'date1904',
    'fullCalcOnLoad',
    'Id',
    'Type',
    'Target',
    'TargetMode',
    'space',
    'xmlns',
  ];
  const values: Record<string, string> = {
    ref: 'B2:C3',
    Target: 'worksheets/sheet2.xml',
    space: 'preserve',
    id: 'rId4',
  };
  const foreign = all.map((name) => ` x14:${name}="${values[name] ?? '1'}"`).join('');
  const wanted = await seen(plainParts());
  for (const part of [BOOK, SHEET, STYLES, STRINGS, RELATIONS, PACKAGE, TABLE]) {
    const parts = plainParts();
    const opening = /<([a-zA-Z]+)(?=[ >/])/g;
    parts.set(part, declare(parts, part).replace(opening, `<$1${foreign}`));
    expect(await seen(parts), part).toEqual(wanted);
  }
});

test('white space at the ends of a text counts by xml:space alone', async () => {
  const parts = plainParts();
  parts.set(SHEET, declare(parts, SHEET).replace('<t>note', '<t x14:space="preserve"> note '));
  expect(await seen(parts)).toEqual(await seen(plainParts()));
  parts.set(SHEET, (parts.get(SHEET) as string).replace('x14:space', 'xml:space'));
  expect(await readCells(asZip(parts))).toMatchObject({ C1: 's: note ' });
});

test('a vocabulary that an element around declares is another one in all of it', async () => {
  const parts = plainParts();
  const sheet = (parts.get(SHEET) as string)
    .replace('<sheetData>', '<sheetData xmlns:y="urn:y">')
    .replace('<c r="B2"', '<y:c r="B2"><y:v>9</y:v></y:c><c r="B2"')
    .replace('<row r="3">', '<y:row r="3"><y:c/></y:row><row r="3">');
  parts.set(SHEET, sheet);
  expect(await seen(parts)).toEqual(await seen(plainParts()));
});

test('beside what Excel writes of itself, alternatives are passed over', async () => {
  const parts = plainParts();
  const choice = (inside: string) =>
    `<mc:AlternateContent><mc:Choice Requires="x14">${inside}</mc:Choice><mc:Fallback/></mc:AlternateContent>`;
  parts.set(BOOK, declare(parts, BOOK).replace('<sheets>', `${choice('<x14:absPath url="C:\\"/>')}<sheets>`));
  parts.set(SHEET, declare(parts, SHEET).replace('</worksheet>', `${choice('<controls/>')}</worksheet>`));
  parts.set(STYLES, declare(parts, STYLES).replace('<numFmts>', `${choice('<fonts/>')}<numFmts>`));
  expect(await seen(parts)).toEqual(await seen(plainParts()));
});

/** Which alternative a program takes depends on the program, and so does the value. */
test.each<[part: string, element: RegExp]>([
  [BOOK, /<workbookPr\/>/],
  [BOOK, /<calcPr[^>]*>/],
  [BOOK, /<sheets>.*<\/sheets>/],
  [BOOK, /<sheet name="More"[^>]*>/],
  [SHEET, /<cols>.*<\/cols>/],
  [SHEET, /<col [^>]*>/],
  [SHEET, /<sheetData>.*<\/sheetData>/],
  [SHEET, /<row r="3">.*?<\/row>/],
  [SHEET, /<c r="B3".*?<\/c>/],
  [SHEET, /<v>7<\/v>/],
  [SHEET, /<t>note<\/t>/],
  [SHEET, /<mergeCells.*<\/mergeCells>/],
  [SHEET, /<mergeCell [^>]*>/],
  [STYLES, /<numFmts>.*<\/numFmts>/],
  [STYLES, /<numFmt [^>]*>/],
  [STYLES, /<cellXfs>.*<\/cellXfs>/],
  [STYLES, /<xf numFmtId="200"\/>/],
  [STRINGS, /<si>.*?<\/si>/],
  [STRINGS, /<t>day<\/t>/],
  [RELATIONS, /<Relationship Id="rId2"[^>]*>/],
])('in %s alternatives of %s are refused', async (part, element) => {
  const parts = plainParts();
  const before = declare(parts, part);
  const after = before.replace(
    element,
    (found) =>
      `<mc:AlternateContent><mc:Choice Requires="x14">${found}</mc:Choice><mc:Fallback>${found}</mc:Fallback></mc:AlternateContent>`,
  );
  expect(after).not.toBe(before);
  parts.set(part, after);
  expect((await refusalOfExtract(asZip(parts), 1, 3)).code).toBe('file-unreadable');
});

test('a second prefix of our own vocabulary is ours', async () => {
  const parts = plainParts();
  const sheet = (parts.get(SHEET) as string)
    .replace('<worksheet ', `<worksheet xmlns:m="${MAIN}" `)
    .replace(/<(\/?)(row|c|v)(?=[ >])/g, '<$1m:$2');
  parts.set(SHEET, sheet);
  expect(await seen(parts)).toEqual(await seen(plainParts()));
});
