import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { peek, writeSheet } from '../../../src/steps/peek.ts';
import {
  asZip,
  relsXml,
  sheetXml,
  tinyParts,
  workbookXml,
  writeFile,
} from '../readers/xlsx/tiny-workbook.ts';

function landed(bytes: Buffer): string {
  const path = writeFile(bytes);
  onTestFinished(() => rmSync(path));
  return path;
}

async function csvOf(path: string, sheet: string | null = null): Promise<string> {
  let text = '';
  await writeSheet({ path, sheet, as: 'csv' }, (piece) => {
    text += piece;
  });
  return text;
}

test('peek writes each kind of cell as raw text', async () => {
  const rows =
    '<row r="2"><c r="A2" t="inlineStr"><is><t>a, "b"</t></is></c><c r="C2" s="1"><v>45838.5</v></c><c r="D2" s="2"><v>1.5</v></c></row>' +
    '<row r="4" hidden="1"><c r="A4" t="b"><v>1</v></c><c r="B4"><v>1E-7</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4"><f>x</f></c><c r="E4" s="3"><v>7</v></c><c r="F4" s="1"/></row>';
  const path = landed(asZip(tinyParts({ rows, formats: [22, 46, '000'] })));
  expect(await csvOf(path)).toBe(
    '"a, ""b""",,2025-06-30T12:00:00,36:00:00\nTRUE,0.0000001,#N/A,#FORMULA,007\n',
  );
});

test('peek takes the first visible sheet with cells, and a hidden one when it is named', async () => {
  const cell = (value: number): string => sheetXml(`<row r="1"><c r="A1"><v>${value}</v></c></row>`);
  const parts = tinyParts({});
  const sheet = (name: string, id: string, state = ''): string =>
    `<sheet name="${name}" sheetId="1" r:id="${id}"${state}/>`;
  parts.set(
    'xl/workbook.xml',
    workbookXml(
      sheet('Old', 'a', ' state="hidden"') +
        sheet('Deep', 'b', ' state="veryHidden"') +
        sheet('Empty', 'c') +
        sheet('Data', 'd'),
    ),
  );
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relsXml(
      ...['a', 'b', 'c', 'd'].map((id): [string, string, string] => [
        id,
        'worksheet',
        `worksheets/${id}.xml`,
      ]),
    ),
  );
  for (const [i, id] of ['a', 'b', 'c', 'd'].entries())
    parts.set(`xl/worksheets/${id}.xml`, id === 'c' ? sheetXml('') : cell(i + 1));
  const path = landed(asZip(parts));
  expect(await peek({ path })).toMatchObject({ sheet: 'Data', firstRows: [{ row: 1, cells: ['4'] }] });
  expect(await csvOf(path, 'Old')).toBe('1\n');
  expect(await csvOf(path, 'Deep')).toBe('2\n');
});

test('a sheet that is called 01 is found by its name before its number', async () => {
  const parts = tinyParts({});
  parts.set(
    'xl/workbook.xml',
    workbookXml('<sheet name="12" sheetId="1" r:id="a"/><sheet name="01" sheetId="2" r:id="b"/>'),
  );
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relsXml(['a', 'worksheet', 'worksheets/a.xml'], ['b', 'worksheet', 'worksheets/b.xml']),
  );
  for (const [name, value] of [
    ['a', 10],
    ['b', 20],
  ] as const)
    parts.set(`xl/worksheets/${name}.xml`, sheetXml(`<row r="1"><c r="A1"><v>${value}</v></c></row>`));
  const path = writeFile(asZip(parts));
  expect(await csvOf(path, '01')).toBe('20\n');
  expect(await csvOf(path, '12')).toBe('10\n');
  expect(await csvOf(path, '1')).toBe('10\n');
});
