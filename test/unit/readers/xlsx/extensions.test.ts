import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asZip, extractFirst, readCells, sheetXml, tinyParts, workbookXml } from './tiny-workbook.ts';

const X14 = 'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main';
const MC = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
const RUNS = Number(process.env.TIDEMARK_FUZZ ?? 60);

const BOOK = 'xl/workbook.xml';
const SHEET = 'xl/worksheets/sheet1.xml';
const STYLES = 'xl/styles.xml';
const STRINGS = 'xl/sharedStrings.xml';

/** A sheet with texts, dates, numbers, a formula, hidden columns and merged cells. */
function plainParts(): Map<string, string | Buffer> {
  const rows =
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>note</t></is></c></row>' +
    '<row r="2"><c r="A2" s="1"><v>45809</v></c><c r="B2" s="2"><v>7</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>' +
    '<row r="3"><c r="A3" s="1"><v>45810.5</v></c><c r="B3" t="b"><v>1</v></c></row>';
  const sheet = sheetXml(rows, '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>').replace(
    '<sheetData>',
    '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>',
  );
  const parts = tinyParts({
    sheet,
    formats: ['yyyy-mm-dd', '000'],
    strings: '<si><t>day</t></si><si><r><t>co</t></r><r><t>de</t></r></si>',
  });
  parts.set(BOOK, workbookXml('<sheet name="Data" sheetId="1" r:id="rId1"/>', '<workbookPr/>'));
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
  '<x14:conditionalFormattings><x14:cfRule type="dataBar"/></x14:conditionalFormattings>',
];
const extension = (inside: string): string =>
  `<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="${X14}">${inside}</ext></extLst>`;
/** The same, the vocabulary as the default one of the extension. */
const defaulted = (inside: string): string =>
  `<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns="${X14}">${inside.replaceAll('x14:', '')}</ext></extLst>`;

/** Where the standard allows an extension list, or elements of a vocabulary that is declared ignorable. */
const PLACES: readonly (readonly [part: string, before: RegExp, how: 'list' | 'ignorable'])[] = [
  [BOOK, /<\/workbook>/, 'list'],
  [SHEET, /<\/worksheet>/, 'list'],
  [STYLES, /<\/styleSheet>/, 'list'],
  [STRINGS, /<\/sst>/, 'list'],
  [SHEET, /<\/row>/, 'list'],
  [SHEET, /<\/c>/, 'list'],
  [BOOK, /<sheets>/, 'ignorable'],
  [BOOK, /<\/sheets>/, 'ignorable'],
  [SHEET, /<cols>/, 'ignorable'],
  [SHEET, /<sheetData>/, 'ignorable'],
  [SHEET, /<row r="2">/, 'ignorable'],
  [SHEET, /<c r="B2"/, 'ignorable'],
  [SHEET, /<\/cols>/, 'ignorable'],
  [SHEET, /<mergeCells/, 'ignorable'],
  [STYLES, /<cellXfs>/, 'ignorable'],
  [STYLES, /<\/cellXfs>/, 'ignorable'],
  [STYLES, /<numFmts>/, 'ignorable'],
  [STRINGS, /<si>/, 'ignorable'],
  [STRINGS, /<\/si>/, 'ignorable'],
];

function withExtension(
  parts: Map<string, string | Buffer>,
  [part, before, how]: (typeof PLACES)[number],
  inside: string,
  isDefault: boolean,
): void {
  const xml = parts.get(part) as string;
  const added = how === 'ignorable' ? inside : isDefault ? defaulted(inside) : extension(inside);
  const declared = xml.includes('xmlns:mc=')
    ? xml
    : xml.replace(
        /<(workbook|worksheet|styleSheet|sst)(?= )/,
        `$& xmlns:mc="${MC}" xmlns:x14="${X14}" mc:Ignorable="x14"`,
      );
  parts.set(
    part,
    declared.replace(before, (found) => added + found),
  );
}

async function seen(parts: Map<string, string | Buffer>): Promise<unknown> {
  const bytes = asZip(parts);
  const extract = await extractFirst(bytes, 1, 3);
  return [await readCells(bytes), extract.lines, extract.hiddenColumns, extract.merged];
}

test('a workbook with any extension that the standard allows reads as without it', async () => {
  const wanted = await seen(plainParts());
  const added = fc.array(
    fc.tuple(
      fc.constantFrom(...PLACES),
      fc.array(fc.constantFrom(...FOREIGN), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(added, async (extensions) => {
      const parts = plainParts();
      for (const [place, inside, isDefault] of extensions)
        withExtension(parts, place, inside.join(''), isDefault);
      expect(await seen(parts)).toEqual(wanted);
    }),
    { numRuns: RUNS, seed: 14 },
  );
});

test('each extension in each place, by itself', async () => {
  const wanted = await seen(plainParts());
  for (const place of PLACES) {
    const parts = plainParts();
    withExtension(parts, place, FOREIGN.join(''), false);
    expect(await seen(parts), String(place)).toEqual(wanted);
  }
});

test('a second prefix of our own vocabulary is ours', async () => {
  const parts = plainParts();
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const sheet = (parts.get(SHEET) as string)
    .replace('<worksheet ', `<worksheet xmlns:m="${main}" `)
    .replace(/<(\/?)(row|c|v)(?=[ >])/g, '<$1m:$2');
  parts.set(SHEET, sheet);
  expect(await seen(parts)).toEqual(await seen(plainParts()));
});
