import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { expect, it } from 'vitest';
import { makeWorld } from './world.ts';

async function workbook(rows: readonly (readonly (string | number | Date | null)[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('Data').addRows(rows as (string | number | Date | null)[][]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

interface Shape {
  readonly file: string;
  readonly bytes: () => Promise<Buffer | string> | Buffer | string;
  /** Column names of the core table with their types, in order. */
  readonly types: Readonly<Record<string, string>>;
  /** Rows of the core table as text, in order of their first column. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Name and value of one figure of the mart. */
  readonly figure: readonly [name: string, value: string];
}

const SHAPES: readonly Shape[] = [
  {
    file: 'stock_2025-06.xlsx',
    bytes: () =>
      workbook([
        ['Stock at the end of June'],
        [],
        [null, 'Site', 'Weight (kg)', null, 'Counted on'],
        [null, 'A1', 12.5, null, new Date(Date.UTC(2025, 5, 30))],
        [null, 'B2', 7, null, new Date(Date.UTC(2025, 5, 29))],
        [null, 'C3', 0.25, null, null],
        [null, 'Total', 19.75],
      ]),
    types: { site: 'VARCHAR', weight_kg: 'DECIMAL(18,2)', counted_on: 'DATE' },
    rows: [
      ['A1', '12.50', '2025-06-30'],
      ['B2', '7.00', '2025-06-29'],
      ['C3', '0.25', null],
    ],
    figure: ['weight_kg', '19.75'],
  },
  {
    file: 'output_2025-06.csv',
    bytes: () => ';2025;;2024\r\nWerk;Q1;Q2;Q1\r\nNord;1.234,5;2;3\r\nSüd;4;5,25;-6\r\n',
    types: {
      werk: 'VARCHAR',
      c_2025_q1: 'DECIMAL(18,2)',
      c_2025_q2: 'DECIMAL(18,2)',
      c_2024_q1: 'BIGINT',
    },
    rows: [
      ['Nord', '1234.50', '2.00', '3'],
      ['Süd', '4.00', '5.25', '-6'],
    ],
    figure: ['c_2025_q1', '1238.50'],
  },
  {
    file: 'pages_2025-06.tsv',
    bytes: () => 'Nr\tName\tAktiv\n001\tAnn\tyes\n002\tBob\tno\nNr\tName\tAktiv\n003\tCy\tyes\n\n',
    types: { nr: 'VARCHAR', name: 'VARCHAR', aktiv: 'BOOLEAN' },
    rows: [
      ['001', 'Ann', 'true'],
      ['002', 'Bob', 'false'],
      ['003', 'Cy', 'true'],
    ],
    figure: ['row_count', '3'],
  },
  {
    file: 'sums_2025-06.csv',
    bytes: () =>
      Buffer.from(
        'sep=|\r\nRegion|Am|Betrag\r\nNord|1. März 2025|€ 1.000,50\r\nSubtotal Nord||€ 1.000,50\r\nOst|24. Dez. 2025|€ 2,25\r\nSubtotal Ost||€ 2,25\r\nTotal||€ 1.002,75\r\n\x1a'.replaceAll(
          '€',
          '\x80',
        ),
        'latin1',
      ),
    types: { region: 'VARCHAR', am: 'DATE', betrag: 'DECIMAL(18,2)' },
    rows: [
      ['Nord', '2025-03-01', '1000.50'],
      ['Ost', '2025-12-24', '2.25'],
    ],
    figure: ['betrag', '1002.75'],
  },
];

it('drafts datasets from spreadsheets of every shape, which then reach marts with exact rows and types', async () => {
  const world = makeWorld({ config: 'version: 1\ndatasets: {}\n' });
  for (const { file, bytes } of SHAPES) {
    const path = join(world.root, file);
    writeFileSync(path, await bytes());
    await world.json(['init', '--from', path], 0);
  }
  await world.json('config check', 0);
  const run = await world.json('run --period 2025-06', 0);
  expect(run.findings.error).toBe(0);
  for (const { file, types, rows, figure } of SHAPES) {
    const name = file.split('_')[0] as string;
    const columns = await world.query(
      `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'core'
         AND table_name = '${name}' AND NOT starts_with(column_name, '_') ORDER BY ordinal_position`,
    );
    expect(Object.fromEntries(columns.map((one) => [one.column_name, one.data_type]))).toEqual(types);
    const found = await world.query(`SELECT ${Object.keys(types).join(', ')} FROM core.${name} ORDER BY 1`);
    expect([name, ...found.map((row) => Object.values(row))]).toEqual([name, ...rows]);
    const mart = await world.query(`SELECT sum(${figure[0]})::VARCHAR AS figure FROM mart.${name}_by_period`);
    expect([name, mart[0]?.figure]).toEqual([name, figure[1]]);
  }
}, 300_000);

it('a draft warns of a month that is the month before, of its dates and of rows gone, and loads it', async () => {
  const world = makeWorld({ config: 'version: 1\ndatasets: {}\n' });
  const lines = Array.from({ length: 10 }, (_, i) => `${i + 1},2025-06-${10 + i}`);
  const file = (rows: readonly string[]) => `Order No,Ordered on\n${rows.join('\n')}\n`;
  const path = join(world.root, 'orders_2025-06.csv');
  writeFileSync(path, file(lines));
  await world.json(['init', '--from', path], 0);
  await world.json('run --period 2025-06', 0);
  world.land('orders_2025-07.csv', file(lines.toReversed()));
  const again = await world.json('run --period 2025-07', 0);
  expect(again.findings).toEqual({ error: 0, warning: 11, info: 0 });
  world.land('orders_2025-08.csv', file(['1,2025-08-01', '2,2025-08-31']));
  const few = await world.json('run --period 2025-08', 0);
  expect(few.findings).toEqual({ error: 0, warning: 1, info: 0 });
  expect(
    await world.query('SELECT _data_period, count(*) AS n FROM stage.orders GROUP BY 1 ORDER BY 1'),
  ).toEqual([
    { _data_period: '2025-06', n: '10' },
    { _data_period: '2025-07', n: '10' },
    { _data_period: '2025-08', n: '2' },
  ]);
});

it('a cast of a mart that does not fit its field any more is told by config check and at publish', async () => {
  const world = makeWorld({ config: 'version: 1\ndatasets: {}\n' });
  const path = join(world.root, 'sales_2025-06.csv');
  writeFileSync(path, 'Town,Pieces\nOslo,1.25\nBonn,2.50\n');
  await world.json(['init', '--from', path], 0);
  const sound = await world.json('config check', 0);
  expect([sound.findings.warning, sound.details.warnings]).toEqual([0, []]);

  const model = join(world.root, 'models/mart/sales_by_period.sql');
  writeFileSync(model, readFileSync(model, 'utf8').replace('sum(pieces)', 'CAST(sum(pieces) AS BIGINT)'));
  const warning = expect.stringContaining(
    "the cast to BIGINT rounds 'pieces', which has 2 decimals. Take the cast out, or write round(…) in it if that is meant.",
  );
  const told = await world.json('config check', 0);
  expect([told.findings.warning, told.details.warnings]).toEqual([1, [warning]]);
  expect((await world.run('config check')).stdout).toContain(
    'Warning: models/mart/sales_by_period.sql:10: the cast',
  );
  await world.json('run --period 2025-06 --through transform', 0);
  const published = await world.json('publish --period 2025-06', 0);
  expect([published.findings.warning, published.message]).toEqual([1, warning]);
});
