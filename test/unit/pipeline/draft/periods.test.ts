import { describe, expect, it } from 'vitest';
import { readNamePattern } from '../../../../src/pipeline/draft/name-pattern.ts';
import { type Cell, drafted, workbook } from './drafted.ts';

describe('periods in file names that are not read', () => {
  it.each([
    ['sales_JUN25.xlsx', 'JUN25', 'sales_2025-06.xlsx'],
    ['Sales juin_2025.xlsx', 'juin_2025', 'Sales 2025-06.xlsx'],
    ['sales_30-June-2025.csv', 'June-2025', 'sales_30-2025-06.csv'],
    ['sales_FY25.csv', 'FY25', 'sales_2025.csv'],
    ['sales_2025-P03.csv', '2025-P03', 'sales_2025-03.csv'],
    ['sales_P3 2025.csv', 'P3 2025', 'sales_2025-03.csv'],
    ['sales_08292024.csv', '08292024', 'sales_2024-08.csv'],
    ['sales_29082024.csv', '29082024', 'sales_2024-08.csv'],
    ['sales_30.06.2025.csv', '30.06.2025', 'sales_2025-06.csv'],
    ['sales_jan-mar-2017.csv', 'jan-mar-2017', 'sales_2017-Q1.csv'],
    ['sales_Q2 FY25.csv', 'Q2 FY25', 'sales_2025-Q2.csv'],
    ['sales_2Q25.csv', '2Q25', 'sales_2025-Q2.csv'],
    ['25-06 sales.csv', '25-06', '2025-06 sales.csv'],
    ['sales_2025-6.csv', '2025-6', 'sales_2025-06.csv'],
  ])('%s: %s gets a doubt and the name that is read', (file, text, name) => {
    const found = readNamePattern(file, null);
    expect(found?.periodKind).toBe('none');
    expect(found?.note).toContain(`The name holds '${text}', which {period} cannot read`);
    expect(found?.note).toContain(`name the file ${name}`);
  });

  it.each([
    ['sales_08072024.csv', '08072024'],
    ['sales_jan-apr-2017.csv', 'jan-apr-2017'],
    ['sales_H1 2025.csv', 'H1 2025'],
    ['sales_2025H1.csv', '2025H1'],
    ['week23_2025.csv', 'week23_2025'],
    ['sales_FY24-25.csv', 'FY24-25'],
    ['Sales June.xlsx', 'June'],
    ['sales_2025-06-30T1010.csv', '2025-06'],
  ])('%s: %s gets a doubt and no guess', (file, text) => {
    const found = readNamePattern(file, null);
    expect(found?.periodKind).toBe('none');
    expect(found?.note).toContain(`'${text}'`);
    expect(found?.note).toContain('write that as 2025-06, 2025-Q2 or 2025 in the name');
  });

  it('says that a period of bookkeeping need not be a month of the calendar', () => {
    expect(readNamePattern('sales_2025-P03.csv', null)?.note).toContain('check when your fiscal year begins');
    const year = readNamePattern('sales_FY2025.csv', null);
    expect(year).toMatchObject({ periodKind: 'year', periodText: '2025' });
    expect(year?.note).toBe(
      "'FY2025' is taken for the calendar year 2025: check when your fiscal year begins.",
    );
  });

  it.each([
    '8digits_12345678.csv',
    'iso2_2025.csv',
    'junction_25.csv',
    'margin12.csv',
    'regions.csv',
    'p03.csv',
  ])('%s holds no such period', (file) => expect(readNamePattern(file, null)?.note).toBeNull());

  it.each([
    ['sales_2025-06 (1).xlsx', '(1)'],
    ['Copy of sales_2025-06.xlsx', 'Copy of'],
    ['sales_2025-06_2025-07.csv', '2025-07'],
    ['sales_2025-06-15_to_2025-06-30.csv', '2025-06'],
  ])('%s: that %s stays in the pattern is a doubt', (file, text) => {
    expect(readNamePattern(file, null)?.note).toContain(`'${text}' stays in source.filename as it is`);
  });

  it('doubts a list whose name says no period but whose dates do', async () => {
    const { notes } = await drafted('orders.csv', 'no,on\n1,2025-06-01\n2,2025-06-30\n3,2025-06-11\n');
    expect(notes).toContain(
      'on: all its dates lie in 2025-06, but the name says no period. If each month has a file, name it like orders_2025-06.csv, delete this draft, and draft it again.',
    );
    const spelled = await drafted('orders_JUN25.csv', 'no,on\n1,2025-06-01\n2,2025-06-30\n3,2025-06-11\n');
    expect(spelled.notes.filter((note) => note.includes('draft it again'))).toHaveLength(1);
  });
});

describe('periods in headers', () => {
  const day = (month: number) => new Date(Date.UTC(2025, month, 1));
  const figures: readonly (readonly Cell[])[] = [
    ['North', 1, 2, 3],
    ['South', 4, 5, 6],
    ['East', 7, 8, 9],
  ];
  it.each([
    ['years', ['Region', 2023, 2024, 2025], ['2023', '2024', '2025']],
    ['first days of months', ['Region', day(0), day(1), day(2)], ['2025-01-01', '2025-02-01', '2025-03-01']],
    ['months', ['Region', '2025-01', '2025-02', '2025-03'], ['2025-01', '2025-02', '2025-03']],
    ['names of months', ['Region', 'Jan 25', 'Feb 25', 'Mar 25'], ['Jan 25', 'Feb 25', 'Mar 25']],
    ['quarters', ['Region', 'Q1 2025', 'Q2 2025', 'Q3 2025'], ['Q1 2025', 'Q2 2025', 'Q3 2025']],
  ])('are headers, with a doubt: %s', async (_what, header, titles) => {
    const { dataset, rows, notes } = await drafted(
      'wide_2025.xlsx',
      await workbook({ Data: [header as Cell[], ...figures] }),
    );
    expect(dataset.fields.map(({ title }) => title)).toEqual(['Region', ...titles]);
    expect(rows).toEqual([
      ['North', '1', '2', '3'],
      ['South', '4', '5', '6'],
      ['East', '7', '8', '9'],
    ]);
    expect(notes).toContain(
      `The headers ${titles.map((title) => `'${title}'`).join(', ')} name a period: a file of another period may have other headers, which the gate refuses. Ask for headers that stay the same: without the period, or with a row for each period.`,
    );
  });

  it('of no year get the milder doubt', async () => {
    const { notes } = await drafted(
      'wide_2025.csv',
      'Region,Jan,Feb,Mar,Apr\nNorth,1,2,3,4\nSouth,1,2,3,4\n',
    );
    expect(notes).toContain(
      "The headers 'Jan', 'Feb', 'Mar' and 1 more name the parts of a year side by side. Ask for a row for each period if the figures are to be summed or compared over time.",
    );
  });

  it('one header with a year is a doubt too, and a number that is none is not', async () => {
    const one = await drafted('stock_2025.csv', 'Site,Stock 31.12.2024\nA,1\nB,2\n');
    expect(one.notes.join()).toContain("The header 'Stock 31.12.2024' names a period");
    const none = await drafted('codes_2025.csv', 'Site,Code 12345,March hare\nA,1,2\nB,2,3\n');
    expect(none.notes.join()).not.toContain('period');
  });

  it('a row of data with two years side by side is no header', async () => {
    const { rows } = await drafted(
      'spans_2025.csv',
      'Name,From,Until\nAnn,2020,2025\nBob,2021,2023\nCy,2019,2022\n',
    );
    expect(rows).toHaveLength(3);
  });
});
