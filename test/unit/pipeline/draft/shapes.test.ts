import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { fileSource } from '../../../../src/domain/dataset.ts';
import { FOLDER } from '../../readers/xlsx/producer-facts.ts';
import { drafted, workbook } from './drafted.ts';

const times = <T>(count: number, one: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => one(i));

describe('a drafted dataset reads its file as a person would', () => {
  it('years over the same two headers each, and a total that fills every column', async () => {
    const bytes = await workbook({
      Sales: [
        ['Sales report'],
        ['Region', '2024', null, '2025', null],
        [null, 'H1', 'H2', 'H1', 'H2'],
        ['North', 1, 2, 3, 4],
        ['South', 5, 6, 7, 8],
        ['Total', 6, 8, 10, 12],
      ],
    });
    const { rows, dataset } = await drafted('sales_2025-06.xlsx', bytes);
    expect(dataset.fields.map(({ title }) => title)).toEqual([
      'Region',
      '2024 H1',
      '2024 H2',
      '2025 H1',
      '2025 H2',
    ]);
    expect(rows).toEqual([
      ['North', '1', '2', '3', '4'],
      ['South', '5', '6', '7', '8'],
    ]);
    expect(dataset.source).toMatchObject({ footer: '^Total' });
  });

  it('numbers with letters in them, kept as written, of which the first names a row', async () => {
    const text =
      'invoice,part,star,amount\nINV-1001,ABC123,LHS 1140,5\nINV-1002,ABC124,HIP 581,6\nCRN-1002,ABC125,TOI 700,7\n';
    const { rows, dataset } = await drafted('list_2025-06.csv', text);
    expect(dataset.primaryKey).toEqual(['invoice']);
    expect(rows).toEqual([
      ['INV-1001', 'ABC123', 'LHS 1140', '5'],
      ['INV-1002', 'ABC124', 'HIP 581', '6'],
      ['CRN-1002', 'ABC125', 'TOI 700', '7'],
    ]);
  });

  it('asks for a value in every row only where a full column says that it identifies', async () => {
    const text = `Site no.,Town,No. of visits,Ref\n${times(25, (i) => `${i % 5},T${i},${i * 7},R${i}`).join('\n')}\n`;
    const { dataset } = await drafted('sites_2025-06.csv', text);
    expect(dataset.fields.map(({ name, constraints }) => [name, constraints.required])).toEqual([
      ['site_no', true],
      ['town', false],
      ['no_of_visits', false],
      ['ref', true],
    ]);
    const gaps = await drafted('gaps_2025-06.csv', text.replace('R7', ''));
    expect(gaps.dataset.fields[3]?.constraints.required).toBe(false);
  });

  it('a name that begins like a total does not cut the data short', async () => {
    const { rows } = await drafted(
      'firms_2025-06.csv',
      'Firm,Town,Sales\nTotal Energies,A,5\nAcme,B,7\nTotal Gas,C,6\nTotal,D,3\n',
    );
    expect(rows.map(([firm]) => firm)).toEqual(['Total Energies', 'Acme', 'Total Gas', 'Total']);
    const narrow = await drafted('narrow_2025-06.csv', 'Firm,Sales\nTotal Energies,5\nAcme,7\nZeta,6\n');
    expect(narrow.rows).toHaveLength(3);
  });

  it('title rows above, an offset, an empty column between and totals below', async () => {
    const data = times(6, (i) => ['', '', `S${i}`, i * 10, null, new Date(Date.UTC(2025, 5, i + 1))]);
    const bytes = await workbook({
      Notes: [['read me first']],
      Stock: [
        ['Stock at the end of the month'],
        [],
        ['', '', 'Site', 'Pieces', '', 'Counted on'],
        ...data,
        ['', '', 'Total', 150],
        ['', '', 'Source: the depots'],
      ],
    });
    const { rows, types, dataset } = await drafted('stock_2025-06.xlsx', bytes);
    expect(types).toEqual({ site: 'string', pieces: 'integer', counted_on: 'date' });
    expect(rows).toEqual(times(6, (i) => [`S${i}`, String(i * 10), `2025-06-0${i + 1}`]));
    expect(dataset.source).toMatchObject({ sheet: 'Stock', footer: '^(Total|Source)' });
    expect(dataset.primaryKey).toEqual(['site']);
  });

  it.each([
    [
      'groups above',
      'Report on output\n;2025;;2024\nRegion;Q1;Q2;Q1\nNorth;1,5;2;3\nSouth;4;5,25;6\nEast;7;8;9\n',
    ],
    ['groups beside', 'Region;2025;;2024\n;Q1;Q2;Q1\nNorth;1,5;2;3\nSouth;4;5,25;6\nEast;7;8;9\n'],
  ])('two header rows merged into one name, %s', async (_what, text) => {
    const { rows, dataset, types } = await drafted('output_2025-06.csv', text);
    expect(fileSource(dataset).headerRows).toBe(2);
    expect(dataset.fields.map((field) => field.title ?? field.name)).toEqual([
      'Region',
      '2025 Q1',
      '2025 Q2',
      '2024 Q1',
    ]);
    expect(types).toMatchObject({ c_2025_q1: 'number', c_2025_q2: 'number', c_2024_q1: 'integer' });
    expect(rows).toEqual([
      ['North', '1.50', '2.00', '3'],
      ['South', '4.00', '5.25', '6'],
      ['East', '7.00', '8.00', '9'],
    ]);
  });

  it('merged cells in the header of a workbook, upright and across', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Output');
    sheet.addRows([
      ['Output of the works'],
      [],
      [null, 'Region', 2025, null, 2024, 'Remarks'],
      [null, null, 'Q1', 'Q2', 'Q1'],
      [null, 'North', 1.5, 2, 3, 'late'],
      [null, 'South', 4, 5.25, 6],
      [null, 'East', 7, 8, 9],
    ]);
    for (const range of ['A1:F1', 'B3:B4', 'C3:D3', 'F3:F4']) sheet.mergeCells(range);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    const { rows, dataset, told } = await drafted('output_2025-06.xlsx', bytes);
    expect(dataset.fields.map((field) => field.title ?? field.name)).toEqual([
      ...['Region', '2025 Q1', '2025 Q2', '2024 Q1', 'Remarks'],
    ]);
    expect(rows).toEqual([
      ['North', '1.50', '2.00', '3', 'late'],
      ['South', '4.00', '5.25', '6', null],
      ['East', '7.00', '8.00', '9', null],
    ]);
    expect(told).toEqual([]);
  });

  it('columns of two levels with the name of the index in a third row, as pandas writes them', async () => {
    const written = readFileSync(resolve(FOLDER, 'pandas_two_header_rows-2.3.3.xlsx'));
    const { rows, dataset } = await drafted('frames_2025-06.xlsx', written);
    expect(fileSource(dataset).headerRows).toBe(3);
    expect(dataset.fields.map((field) => field.title ?? field.name)).toEqual(['id', 'A units', 'B units']);
    expect(rows).toEqual([
      ['00417', '1', '4'],
      ['00418', '2', '5'],
    ]);
    const sums = await drafted(
      'sums_2025-06.csv',
      ',,A,B,C\n,,sum,mean,max\nregion,site,,,\nNorth,a,1,2,7\nNorth,b,3,4,8\nSouth,a,5,6,9\n',
    );
    expect(sums.dataset.fields.map((field) => field.title ?? field.name)).toEqual([
      ...['region', 'site', 'A sum', 'B mean', 'C max'],
    ]);
    expect(sums.rows).toHaveLength(3);
  });

  it('a first row of data that is texts is no header', async () => {
    const { rows, notes } = await drafted(
      'texts_2025-06.csv',
      'Region,Head\nNorth,Ann\nSouth,Bob\nEast,Cy\n',
    );
    expect(rows).toHaveLength(3);
    expect(notes.join()).not.toContain('no header');
  });

  it('a row of units below the names', async () => {
    const text = 'Region,Area,Income\n,km²,EUR\nNorth,1,2.5\nSouth,3,4.5\nEast,5,6.5\n';
    const { rows, dataset } = await drafted('areas_2025-06.csv', text);
    expect(dataset.fields.map((field) => field.name)).toEqual(['region', 'area_km2', 'income_eur']);
    expect(rows[0]).toEqual(['North', '1', '2.50']);
  });

  it('units in the headers, and the same headers without them next month', async () => {
    const text = 'Region,Area (km²),"Price, USD"\nNorth,1,2.5\nSouth,3,4.5\nEast,5,6.5\n';
    const { rows, dataset } = await drafted('units_2025-06.csv', text);
    expect(dataset.fields.map((field) => field.name)).toEqual(['region', 'area_km2', 'price_usd']);
    expect(rows).toHaveLength(3);
  });

  it('groups that only decorate names which are whole by themselves', async () => {
    const text = 'Person,,Income,\nID,Name,Gross,Net\n1,Ann,10,8\n2,Bob,20,15\n3,Cy,30,20\n';
    const { dataset, rows } = await drafted('people_2025-06.csv', text);
    expect(dataset.fields.map((field) => field.name)).toEqual(['id', 'name', 'gross', 'net']);
    expect(rows).toHaveLength(3);
  });

  it('subtotals amid the data and the total below, left out and said', async () => {
    const rows = ['North', 'South', 'East'].flatMap((region) => [
      ...times(5, (i) => `${region},site ${i},${i + 1}`),
      `Subtotal ${region},,15`,
    ]);
    const text = `Region,Site,Pieces\n${rows.join('\n')}\nTotal,,45\nSource: depots,,\n`;
    const { found, told, dataset, yaml } = await drafted('stock_2025-06.csv', text);
    expect(found.rows).toMatchObject({ read: 15, accepted: 15 });
    expect(told.filter((one) => !one.startsWith('skipped-row'))).toEqual([]);
    expect(dataset.source).toMatchObject({ skip: '^Subtotal', footer: '^(Total|Source)' });
    expect(yaml).toMatch(/skip: "\^Subtotal" # check: such rows are left out/);
  });

  it('totals of one word, amid the data and below it, which a footer would cut short', async () => {
    const rows = ['North', 'South'].flatMap((region) => [
      ...times(8, (i) => `${region},site ${i},${i + 1}`),
      'Total,,36',
    ]);
    const { found, dataset } = await drafted(
      'sums_2025-06.csv',
      `Region,Site,Pieces\n${rows.join('\n')}\nTotal,,72\n`,
    );
    expect(found.rows).toMatchObject({ read: 16, accepted: 16 });
    expect(dataset.source).toMatchObject({ skip: '^Total', footer: null });
  });

  it('a header that stands again on every page', async () => {
    const page = (from: number) =>
      `ID\tName\n${times(5, (i) => `${from + i}\tname ${from + i}`).join('\n')}\n`;
    const { found, notes, types } = await drafted('pages_2025-06.tsv', `${page(1)}${page(6)}${page(11)}`);
    expect(types).toEqual({ id: 'integer', name: 'string' });
    expect(found.rows).toMatchObject({ read: 15, accepted: 15 });
    expect(notes.join()).toContain('The header is repeated in 2 rows, not counted as data');
  });

  it('another sheet with the same headers is a doubt', async () => {
    const rows = (from: number) => [['ID', 'Name'], ...times(5, (i) => [from + i, `n${from + i}`])];
    const { yaml, found } = await drafted(
      'sheets_2025-06.xlsx',
      await workbook({ North: rows(1), South: rows(11) }),
    );
    expect(yaml).toMatch(/sheet: North # check: 'South' will not be read/);
    expect(found.rows.read).toBe(5);
  });

  it('a header far down is told by its row', async () => {
    const rows = [...times(24, () => []), ['ID', 'Name'], ...times(5, (i) => [i + 1, `n${i}`])];
    rows[0] = ['A long preamble'];
    const { dataset, found } = await drafted('deep_2025-06.xlsx', await workbook({ Data: rows }));
    expect(fileSource(dataset).headerRow).toBe(25);
    expect(found.rows.accepted).toBe(5);
  });

  it('every way to write a value gets the type it has', async () => {
    const columns: Record<
      string,
      readonly [cells: readonly string[], type: string, read: readonly unknown[]]
    > = {
      Nr: [['001', '002', '010'], 'string', ['001', '002', '010']],
      Tag: [
        ['1. März 2025', '15. Juni 2025', '24. Dez. 2024'],
        'date',
        ['2025-03-01', '2025-06-15', '2024-12-24'],
      ],
      Seit: [['01.06.25', '13.02.99', '31.12.24'], 'date', ['2025-06-01', '1999-02-13', '2024-12-31']],
      Monat: [['06/2025', '05/2025', '12/2024'], 'yearmonth', ['2025-06', '2025-05', '2024-12']],
      Zeit: [
        ['01.06.2025 10:30', '02.06.2025 23:59', '13.06.2025 0:05'],
        'datetime',
        ['2025-06-01 10:30:00', '2025-06-02 23:59:00', '2025-06-13 00:05:00'],
      ],
      Betrag: [['1.234,50', '-12,00', '7,25'], 'number', ['1234.50', '-12.00', '7.25']],
      Preis: [['1 234,50 €', '12,00 €', '(7,25 €)'], 'number', ['1234.50', '12.00', '-7.25']],
      Anteil: [['12,5 %', '100 %', '0,5 %'], 'number', ['12.50', '100.00', '0.50']],
      Stück: [['1.234', '12.345', '999'], 'integer', ['1234', '12345', '999']],
      aktiv: [['ja', 'nein', 'Ja'], 'boolean', [true, false, true]],
      Jahr: [['2023', '2024', '2025'], 'year', [2023, 2024, 2025]],
      Ort: [['Köln', 'Straße; 5', '"Bonn"'], 'string', ['Köln', 'Straße; 5', '"Bonn"']],
    };
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const line = (cells: readonly string[]) => cells.map(quoted).join(';');
    const text = [
      Object.keys(columns),
      ...times(3, (i) => Object.values(columns).map(([cells]) => cells[i] as string)),
    ]
      .map(line)
      .join('\r\n');
    const { types, rows, dataset } = await drafted('werte_2025-06.csv', Buffer.from(text, 'utf8'));
    expect(Object.values(types)).toEqual(Object.values(columns).map(([, type]) => type));
    for (const [i, [name, [, , read]]] of Object.entries(columns).entries())
      expect([name, ...rows.map((row) => row[i])]).toEqual([name, ...read]);
    expect(fileSource(dataset).delimiter).toBe(';');
  });

  it('a text file that begins with sep= in Windows-1252 with a Ctrl-Z behind', async () => {
    const text = `sep=;\r\nName;Höhe, m\r\n${times(4, (i) => `Käthe ${i};1,5${i}`).join('\r\n')}\r\n\x1a`;
    const { rows, types } = await drafted('alt_2025-06.csv', Buffer.from(text, 'latin1'));
    expect(types).toEqual({ name: 'string', hohe_m: 'number' });
    expect(rows[3]).toEqual(['Käthe 3', '1.53']);
  });

  it('a delimiter that cannot be told is a doubt beside its line', async () => {
    const { yaml } = await drafted('zwei_2025-06.csv', 'Name;Price, EUR\nA;1,5\nB;2,5\nC;3,5\n');
    expect(yaml).toMatch(/delimiter: "." # check: ".*" divides the rows as evenly/);
  });
});
