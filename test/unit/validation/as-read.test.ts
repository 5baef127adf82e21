import { describe, expect, test } from 'vitest';
import { asZip, sheetXml, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile } from './validate-text.ts';

const FIELDS = [
  { name: 'region', type: 'string', constraints: { required: true } },
  { name: 'place', type: 'string' },
  { name: 'people', type: 'integer' },
];
const text = (address: string, value: string): string =>
  `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
const HEADER = `<row r="1">${text('A1', 'region')}${text('B1', 'place')}${text('C1', 'people')}</row>`;
const ROWS = `${HEADER}<row r="2">${text('A2', 'North')}${text('B2', 'Oslo')}<c r="C2"><v>5</v></c></row><row r="3">${text('B3', 'Narvik')}</row>`;
const merged = (...ranges: string[]): string =>
  `<mergeCells>${ranges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;

function validated(rows: string, after = '', source = {}) {
  const bytes = asZip(tinyParts({ sheet: sheetXml(rows, after) }));
  return validateFile(datasetOf(FIELDS, { source }), 'data_2025-06.xlsx', bytes);
}

describe('merged cells among the data', () => {
  test('are filled unless said otherwise, and the report says so with counts', async () => {
    const found = await validated(ROWS, merged('A2:A3'));
    expect(found.status).toBe('passed');
    expect(found.accepted).toMatchObject([
      { region: 'North', place: 'Oslo', people: '5' },
      { region: 'North', place: 'Narvik', people: null },
    ]);
    expect(found.report.findings).toMatchObject([
      { code: 'merged-cells', severity: 'info', message: '1 merged range (A2:A3) gave 1 cell its value.' },
    ]);
  });

  test('are a warning where a number is filled, as sums count it again', async () => {
    const found = await validated(ROWS, merged('A2:A3', 'C2:C3'));
    expect(found.accepted.map((row) => row.people)).toEqual(['5', '5']);
    expect(found.report.findings).toMatchObject([
      {
        severity: 'warning',
        message: '2 merged ranges (A2:A3, C2:C3) gave 2 cells their value; sums count 1 number again.',
      },
    ]);
  });

  test('refuse the file under merged: refuse, which names the ranges', async () => {
    const found = await validated(ROWS, merged('A2:A3'), { merged: 'refuse' });
    expect(found.status).toBe('refused');
    expect(found.report.refusals).toContain('Cells among the data are merged: 1 merged range (A2:A3).');
  });

  test('have their value in the first cell alone under merged: keep', async () => {
    const found = await validated(ROWS, merged('A2:A3'), { merged: 'keep' });
    expect(found.told).toEqual(['constraint-error A3 -', 'merged-cells (info) - -']);
  });

  test('in the title above the header are nobody’s concern', async () => {
    const title = `<row r="1">${text('A1', 'Report')}</row>`;
    const below = ROWS.replaceAll(/(r="[A-C]?)(\d)"/g, (_, head, n) => `${head}${Number(n) + 1}"`);
    const found = await validated(
      title + below.replace('</row><row r="4">', `</row><row r="4">${text('A4', 'South')}`),
      merged('A1:C1'),
      {
        merged: 'refuse',
      },
    );
    expect([found.status, ...found.told]).toEqual(['passed']);
  });
});

test('hidden columns are read and named, those right of the table are nobody’s concern', async () => {
  const sheet = sheetXml(ROWS.replace('<row r="3">', `<row r="3">${text('A3', 'West')}`)).replace(
    '<sheetData>',
    '<cols><col min="1" max="1" width="9"/><col min="2" max="2" hidden="1"/><col min="4" max="16384" hidden="true"/></cols><sheetData>',
  );
  const found = await validateFile(datasetOf(FIELDS), 'data_2025-06.xlsx', asZip(tinyParts({ sheet })));
  expect(found.accepted.map((row) => row.place)).toEqual(['Oslo', 'Narvik']);
  expect(found.report.findings).toMatchObject([
    { code: 'hidden-columns', severity: 'info', message: '1 hidden column (B) was read like any other.' },
  ]);
});

test('hidden rows, as a filter leaves them, are kept, counted and said', async () => {
  const rows = `${HEADER}<row r="2" hidden="1">${text('A2', 'North')}</row><row r="3">${text('A3', 'South')}</row><row r="4" hidden="true">${text('A4', 'West')}</row>`;
  const found = await validated(rows, '<autoFilter ref="A1:C4"/>');
  expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
  expect(found.report.findings).toMatchObject([
    { code: 'hidden-rows', severity: 'info', message: '2 hidden rows were read like any other.' },
  ]);
});

describe('formulas that nobody calculated', () => {
  const formulas = (...values: number[]): string =>
    HEADER +
    values
      .map((value, i) => {
        const row = i + 2;
        return `<row r="${row}">${text(`A${row}`, 'North')}<c r="C${row}"><f>1+${i}</f><v>${value}</v></c></row>`;
      })
      .join('');

  test('are an error in their cells where the workbook says that results are still to come', async () => {
    const parts = tinyParts({ sheet: sheetXml(formulas(0, 5, 0)) });
    const book = parts.get('xl/workbook.xml') as string;
    parts.set(
      'xl/workbook.xml',
      book.replace('</workbook>', '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'),
    );
    const found = await validateFile(datasetOf(FIELDS), 'data_2025-06.xlsx', asZip(parts));
    expect(found.report.findings.map(({ code, cell }) => `${code} ${cell}`)).toEqual([
      'type-error C2',
      'type-error C4',
    ]);
  });

  test('are a warning where all of a column gave 0', async () => {
    const found = await validated(formulas(0, 0, 0));
    expect(found.status).toBe('passed');
    expect(found.report.findings).toMatchObject([
      {
        code: 'zero-formulas',
        severity: 'warning',
        message: 'All formulas of column C gave 0; the program that wrote them may not have calculated them.',
      },
    ]);
    expect((await validated(formulas(0, 0, 1))).report.findings).toEqual([]);
    expect((await validated(formulas(0))).report.findings).toEqual([]);
  });
});
