import { describe, expect, it } from 'vitest';
import { asZip, relsXml, sheetXml, tinyParts, workbookXml } from '../unit/readers/xlsx/tiny-workbook.ts';
import { makeWorld, type World } from './world.ts';

const config = (merged: string): string => `version: 1
datasets:
  places:
    source: {filename: "places_{period}.xlsx"${merged}}
    schema:
      fields: [{name: code}, {name: region, constraints: {required: true}}, {name: people, type: integer}]
      primaryKey: code
`;
const text = (address: string, value: string): string =>
  `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;

/** A hidden sheet with the same headers in front; a merged region, a hidden row and codes of digits on the visible one. */
function places(): Buffer {
  const header = (row: number): string =>
    `<row r="${row}">${text(`B${row}`, 'code')}${text(`C${row}`, 'region')}${text(`D${row}`, 'people')}</row>`;
  const row = (n: number, code: number, rest: string, attributes = ''): string =>
    `<row r="${n}"${attributes}><c r="B${n}" s="1"><v>${code}</v></c>${rest}<c r="D${n}"><v>${n * 100}</v></c></row>`;
  const rows = `<row r="1">${text('A1', 'Places')}</row>${header(3)}${row(4, 301, text('C4', 'North'))}${row(5, 5020, '', ' hidden="1"')}${row(7, 8, text('C7', 'South'))}`;
  const parts = tinyParts({
    sheet: sheetXml(
      rows,
      '<mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="C4:C5"/></mergeCells>',
    ),
    formats: ['0000'],
  });
  parts.set(
    'xl/workbook.xml',
    workbookXml(
      '<sheet name="Old" sheetId="1" state="hidden" r:id="old"/><sheet name="Now" sheetId="2" r:id="now"/>',
    ),
  );
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relsXml(
      ['old', 'worksheet', 'worksheets/old.xml'],
      ['now', 'worksheet', 'worksheets/sheet1.xml'],
      ['s', 'styles', 'styles.xml'],
    ),
  );
  parts.set('xl/worksheets/old.xml', sheetXml(header(1) + row(2, 1, text('C2', 'Nowhere'))));
  return asZip(parts);
}

async function validated(merged: string, code: number): Promise<{ world: World; line: unknown }> {
  const world = makeWorld({ config: config(merged), landed: { 'places_2025-06.xlsx': places() } });
  await world.json('ingest --period 2025-06', 0);
  return { world, line: await world.json('validate --period 2025-06', code) };
}

describe('a workbook as people make them', () => {
  it('is read from its visible sheet, merged cells filled and hidden rows kept, and both are said', async () => {
    const { world, line } = await validated('', 0);
    expect(line).toMatchObject({
      rows: { read: 3, accepted: 3, rejected: 0 },
      findings: { error: 0, warning: 0, info: 2 },
    });
    await world.json('load-stage --period 2025-06 --dataset places', 0);
    expect(
      await world.query('SELECT code, region, people, _source_row FROM stage.places ORDER BY _source_row'),
    ).toEqual([
      { code: '0301', region: 'North', people: '400', _source_row: '4' },
      { code: '5020', region: 'North', people: '500', _source_row: '5' },
      { code: '0008', region: 'South', people: '700', _source_row: '7' },
    ]);
  });

  it('is refused for merged cells where the configuration says so, with the ranges', async () => {
    const { line } = await validated(', merged: refuse', 3);
    expect(line).toMatchObject({ status: 'refused', message: expect.stringContaining('C4:C5') });
  });
});
