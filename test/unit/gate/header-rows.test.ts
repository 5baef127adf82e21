import { describe, expect, it } from 'vitest';
import { type Dataset, fileSource } from '../../../src/domain/dataset.ts';
import { locateTable } from '../../../src/gate/locate-table.ts';
import { splitUnit } from '../../../src/gate/unit.ts';
import { dataset, field } from './dataset-for-test.ts';
import { sourceOf, type Table } from './source-for-test.ts';

const located = (rows: Table, over: Dataset) =>
  locateTable(sourceOf([{ name: 'Data', rows }]), over, 'a.xlsx');
const mapped = async (rows: Table, over: Dataset) => {
  const { message, mapping } = await located(rows, over);
  return message ?? mapping.map(({ label, field }) => [label, field]);
};

const QUARTERS = dataset([
  field('region', { required: true }),
  field('q1_2025', { title: '2025 Q1' }),
  field('q2_2025', { title: '2025 Q2' }),
  field('q1_2024', { title: '2024 Q1' }),
]);
const rowsSaid = (headerRows: number, over: Dataset = QUARTERS): Dataset => ({
  ...over,
  source: { ...fileSource(over), headerRows },
});
const READ = [
  ['Region', 'region'],
  ['2025 Q1', 'q1_2025'],
  ['2025 Q2', 'q2_2025'],
  ['2024 Q1', 'q1_2024'],
];

describe('several header rows', () => {
  it.each([
    ['configured', rowsSaid(2)],
    ['found out', QUARTERS],
  ])('are one name, a merged text heading all that stands under it: %s', async (_what, over) => {
    const below = [
      ['Report'],
      ['', '2025', '', '2024'],
      ['Region', 'Q1', 'Q2', 'Q1'],
      ['North', '1', '2', '3'],
    ];
    expect(await mapped(below, over)).toEqual(READ);
    expect(await located(below, over)).toMatchObject({ headerRow: 3, hasDataRows: true });
    const tall = [
      ['Region', '2025', '', '2024'],
      ['', 'Q1', 'Q2', 'Q1'],
      ['North', '1', '2', '3'],
    ];
    expect(await mapped(tall, over)).toEqual(READ);
  });

  it('a group ends at an empty column and where another begins', async () => {
    const fields = dataset([field('a', { title: 'North Men' }), field('women'), field('total')]);
    const rows = [
      ['North', '', '', 'South'],
      ['Men', '', 'Women', 'Total'],
      ['1', '', '2', '3'],
    ];
    expect(await mapped(rows, rowsSaid(2, fields))).toEqual([
      ['North Men', 'a'],
      ['', null],
      ['Women', 'women'],
      ['South Total', 'total'],
    ]);
  });

  it('three rows are one name as well', async () => {
    const fields = dataset([
      field('key'),
      field('x', { title: 'Income 2025 Men' }),
      field('y', { title: 'Income 2025 Women' }),
    ]);
    const rows = [
      ['', 'Income', ''],
      ['', '2025', ''],
      ['Key', 'Men', 'Women'],
      ['k', '1', '2'],
    ];
    expect(await mapped(rows, fields)).toEqual([
      ['Key', 'key'],
      ['Income 2025 Men', 'x'],
      ['Income 2025 Women', 'y'],
    ]);
  });

  it('texts that only decorate stand above names that are found without them', async () => {
    const fields = dataset([field('id', { required: true }), field('name'), field('gross')]);
    const rows = [
      ['Person', '', 'Income'],
      ['ID', 'Name', 'Gross'],
      ['1', 'A', '2'],
    ];
    for (const over of [fields, rowsSaid(2, fields)])
      expect((await located(rows, over)).mapping.map((one) => one.field)).toEqual(['id', 'name', 'gross']);
  });

  it('a name that stands under two groups is there twice, not guessed', async () => {
    const fields = dataset([field('region'), field('q1')]);
    const { message } = await located(
      [
        ['', '2025', '2024'],
        ['Region', 'Q1', 'Q1'],
      ],
      rowsSaid(2, fields),
    );
    expect(message).toBe("The headers (rows 1 to 2 of sheet 'Data') do not fit. There twice: 'q1'.");
  });

  it('a row of data is never taken for a second header row', async () => {
    const fields = dataset([field('id', { required: true }), field('name'), field('income')]);
    const { headerRow, message } = await located(
      [
        ['id', '', 'income'],
        ['7', 'name', '3'],
      ],
      fields,
    );
    expect(headerRow).toBe(1);
    expect(message).toMatch(/Missing: 'name'/);
  });

  it('a fault points to the row its text stands in', async () => {
    const rows = [
      ['Region', '2025', '', '2024', 'Remarks'],
      ['', 'Q1', 'Q9', 'Q1', ''],
    ];
    const { findings } = await located(rows, rowsSaid(2));
    expect(findings.map(({ code, cell }) => [code, cell])).toEqual([
      ['missing-label', null],
      ['extra-label', 'C2'],
      ['extra-label', 'E1'],
    ]);
  });
});

describe('units in headers', () => {
  const FIELDS = dataset([field('region'), field('area'), field('income'), field('price_usd')]);

  it('are left out of account where the name is found without them, and that is said', async () => {
    const rows = [['Region', 'Area (km²)', 'Income [EUR]', 'Price, USD']];
    expect(await mapped(rows, FIELDS)).toEqual([
      ['Region', 'region'],
      ['Area (km²)', 'area'],
      ['Income [EUR]', 'income'],
      ['Price, USD', 'price_usd'],
    ]);
    const { findings } = await located(rows, FIELDS);
    expect(findings.map(({ code, severity, cell, message }) => [code, severity, cell, message])).toEqual([
      ['unit-label', 'info', 'B1', "The header 'Area (km²)' is taken for 'area'; its unit is not checked."],
      [
        'unit-label',
        'info',
        'C1',
        "The header 'Income [EUR]' is taken for 'income'; its unit is not checked.",
      ],
    ]);
  });

  it('in a row of their own below the names are units too', async () => {
    const rows = [
      ['Region', 'Area', 'Income', 'Price'],
      ['', 'km²', 'EUR', 'USD'],
      ['North', '1', '2', '3'],
    ];
    expect((await located(rows, rowsSaid(2, FIELDS))).mapping.map((one) => one.field)).toEqual([
      'region',
      'area',
      'income',
      'price_usd',
    ]);
  });

  it.each([
    ['a scale would change the values', ['Region', 'Area', 'Income (EUR thousand)', 'Price USD'], 'income'],
    ['net is no unit', ['Region', 'Area', 'Income (net)', 'Price USD'], 'income'],
    ['two headers claim the name', ['Region', 'Area (km²)', 'Area (ha)', 'Income', 'Price USD'], 'area'],
    ['exact matching was asked for', ['region', 'area (km²)', 'income', 'price_usd'], 'area'],
  ])('are no guess: %s', async (why, header, missing) => {
    const over = why.startsWith('exact')
      ? { ...FIELDS, headers: { ...FIELDS.headers, match: 'exact' as const } }
      : FIELDS;
    const { findings } = await located([header], over);
    expect(findings.filter(({ code }) => code === 'missing-label').map((one) => one.field)).toEqual([
      missing,
    ]);
  });

  it('a column known by another unit is not taken, one that another header names neither', async () => {
    const known = dataset([field('area', { title: 'Area (km²)' }), field('income')]);
    expect(await mapped([['Area (ha)', 'Income']], known)).toMatch(/Missing: 'Area \(km²\)'/);
    const { findings } = await located([['area', 'income', 'Income (EUR)']], known);
    expect(findings.map(({ code, cell }) => [code, cell])).toEqual([['extra-label', 'C1']]);
  });

  it.each([
    ['Area (km²)', 'Area', 'km²'],
    ['Yield [kg/ha]', 'Yield', 'kg/ha'],
    ['Price, US$', 'Price', 'US$'],
    ['Time in hours', 'Time', 'in hours'],
    ['Share (%)', 'Share', '%'],
  ])('%s', (label, base, unit) => {
    expect(splitUnit(label)).toEqual({ base, unit });
  });

  it.each(['Income (m)', 'Revenue (in thousands)', 'Born in France', '(km²)', 'km²', 'Name, first'])(
    '%s has none',
    (label) => {
      expect(splitUnit(label)).toBeNull();
    },
  );
});

describe('sheets', () => {
  const rows: Table = [
    ['id', 'name'],
    ['1', 'A'],
  ];
  const FIELDS = dataset([field('id'), field('name')]);
  const sheets = [
    { name: 'North', rows },
    { name: 'Notes', rows: [['read me']] },
    { name: 'South', rows },
    { name: 'Form', rows: [['id', 'name']] },
    { name: 'Old', visible: false, rows },
  ];

  it('a further sheet with the same headers and rows is named, as it is not read', async () => {
    const { sheet, findings, message } = await locateTable(sourceOf(sheets), FIELDS, 'a.xlsx');
    expect(sheet?.name).toBe('North');
    expect(message).toBeNull();
    expect(findings.map((one) => [one.code, one.severity, one.sheet])).toEqual([
      ['sheet-not-read', 'warning', 'South'],
    ]);
  });

  it('a configured sheet is the one that was meant', async () => {
    const said = { ...FIELDS, source: { ...FIELDS.source, sheet: 'South' } };
    expect(await locateTable(sourceOf(sheets), said, 'a.xlsx')).toMatchObject({ findings: [] });
  });
});
