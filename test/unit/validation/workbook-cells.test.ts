import { expect, test } from 'vitest';
import { asZip, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile } from './validate-text.ts';

const FIELDS = [
  { name: 'code', type: 'string' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'number' },
  { name: 'people', type: 'integer' },
  { name: 'active', type: 'boolean' },
];
const text = (address: string, value: string): string =>
  `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
const HEADER = `<row r="1">${FIELDS.map(({ name }, i) => text(`${'ABCDE'[i]}1`, name)).join('')}</row>`;
const FORMATS = ['00000', 'dd/mm/yyyy', '0.0%', '[$€-2] #,##0.00'] as const;

function validated(...rows: readonly string[]) {
  const all = rows.map((cells, i) => `<row r="${i + 2}">${cells}</row>`).join('');
  const bytes = asZip(tinyParts({ rows: HEADER + all, formats: FORMATS }));
  return validateFile(datasetOf(FIELDS, { accept: { max_rejected: '100%' } }), 'data_2025-06.xlsx', bytes);
}

test('cells of a workbook become what they show: codes, dates, shares, money, yes and no', async () => {
  const found = await validated(
    '<c r="A2" s="1"><v>501</v></c><c r="B2" s="2"><v>45838</v></c><c r="C2" s="3"><v>0.125</v></c><c r="D2"><v>9007199254740992</v></c><c r="E2" t="b"><v>1</v></c>',
    `${text('A3', '007')}<c r="B3" t="d"><v>2025-06-30</v></c><c r="C3" s="4"><v>1234.5</v></c><c r="D3"><v>1E+05</v></c><c r="E3" t="b"><v>0</v></c>`,
    `${text('A4', '1E5')}<c r="B4"/><c r="C4"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r="D4"><f>1-1</f><v>0</v></c><c r="E4" t="b"><f>1=2</f><v>0</v></c>`,
  );
  expect(found.told).toEqual([]);
  expect(found.accepted).toMatchObject([
    { code: '00501', day: '2025-06-30', amount: 0.125, people: '9007199254740992', active: true },
    { code: '007', day: '2025-06-30', amount: 1234.5, people: '100000', active: false },
    { code: '1E5', day: null, amount: 0.3, people: '0', active: false },
  ]);
});

test("blanks at the ends of a workbook's texts are cut off and counted by column, line breaks too", async () => {
  const kept = (address: string, value: string) =>
    `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
  const found = await validated(
    `${kept('A2', ' 007')}${kept('B2', '2025-06-30 ')}`,
    `${kept('A3', 'a&#10;')}${kept('C3', '\u00a01.5')}`,
    `${kept('A4', 'b c')}`,
  );
  expect(found.accepted).toMatchObject([
    { code: '007', day: '2025-06-30' },
    { code: 'a', amount: 1.5 },
    { code: 'b c' },
  ]);
  expect(found.report.totals.map(({ code, rule, field, count }) => [code, rule, field, count])).toEqual([
    ['cleaned', 'outer blanks', 'code', 2],
    ['cleaned', 'outer blanks', 'day', 1],
    ['cleaned', 'outer blanks', 'amount', 1],
  ]);
});

test('a number in a text column gives its shortest text with a counted warning; zeros only gives none', async () => {
  const found = await validated(
    '<c r="A2"><v>501</v></c>',
    '<c r="A3"><v>0.10000000000000001</v></c>',
    '<c r="A4" s="1"><v>501</v></c>',
  );
  expect(found.accepted.map((row) => row.code)).toEqual(['501', '0.1', '00501']);
  expect(found.findings).toMatchObject({ error: 0, warning: 2 });
});

test('error values, formulas nobody calculated, days that never were and dates among numbers are findings with their cell', async () => {
  const found = await validated(
    `${text('A2', 'a')}<c r="C2" t="e"><v>#N/A</v></c>`,
    `${text('A3', 'b')}<c r="C3"><f>NOW()</f></c>`,
    `${text('A4', 'c')}<c r="B4" s="2"><v>60</v></c>`,
    `${text('A5', 'd')}<c r="B5" s="2"><v>2958466</v></c>`,
    `${text('A6', 'e')}<c r="C6" s="2"><v>45838</v></c>`,
    `${text('A7', 'f')}<c r="B7"><v>45838</v></c>`,
    `${text('A8', 'g')}<c r="C8"><v>1,5</v></c>`,
    `${text('A9', 'h')}<c r="B9" t="d"><v>2025-06-30T00:00:00+02:00</v></c>`,
  );
  const cells = found.report.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ cell, value }) => `${cell} ${value}`);
  expect(cells.sort()).toEqual([
    'B4 #DATE',
    'B5 #DATE',
    'B7 45838',
    'B9 2025-06-30T00:00:00+02:00',
    'C2 #N/A',
    'C3 #FORMULA',
    'C6 2025-06-30',
    'C8 1,5',
  ]);
  expect(found.rows).toMatchObject({ read: 8, accepted: 0, rejected: 8 });
});

test('characters that no database takes are findings, also where a workbook escapes them', async () => {
  const found = await validated(text('A2', 'a_x0000_b'), text('A3', 'c_x0001_d'), text('A4', 'e_xD83D_f'));
  expect(found.told).toHaveLength(1);
  expect(found.told[0]).toMatch(/ A2 /);
  expect(found.accepted.map((row) => row.code)).toEqual(['c\u0001d', 'e_xD83D_f']);
});

test('a cell with an error is one whatever its text says', async () => {
  const found = await validated(
    `${text('A2', 'a')}<c r="B2" t="e"><v>2025-06-30</v></c><c r="C2" t="e"><v>12.5</v></c><c r="D2" t="b"><v>7</v></c><c r="E2" t="e"><v>true</v></c>`,
  );
  expect([...found.told].sort()).toEqual([
    'type-error B2 2025-06-30',
    'type-error C2 12.5',
    'type-error D2 7',
    'type-error E2 true',
  ]);
});
