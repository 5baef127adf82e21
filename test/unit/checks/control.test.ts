import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ControlFile } from '../../../src/checks/basis.ts';
import { readControlFile } from '../../../src/validation/basis/control-file.ts';
import { datasetOf, temporaryFolder, validateCells, validateText } from '../validation/validate-text.ts';

const AMOUNT = { name: 'amount', type: 'number', precision: 8, scale: 2, title: 'Amount paid' };
const dataset = (control: object, more: object = {}, amount: object = AMOUNT, source: object = {}) =>
  datasetOf([{ name: 'id', type: 'integer' }, amount as never], {
    accept: { max_rejected: 1000 },
    source: { footer: '^Total', delimiter: ';', ...source },
    checks: [{ name: 'as_sent', control, ...more }],
  });
const HEAD = 'id;Amount paid\n';
const fromFooter = dataset({ 'sum(amount)': 'footer' });

describe('a total in the row below the table', () => {
  test.each([
    ['1;10.50\n2;20.25\nTotal;30.75\n', []],
    ['1;10.50\n2;20.25\nTotal;30.750\n', []],
    ['1;10.50\n2;20.25\nTotal;30.76\n', ['control-total - -']],
    ['1;10.50\n2;20.25\nTotal of the month;\n;30.75\n', []],
    ['1;10.50\nTotal;\n', ['control-total - -']],
    ['1;10.50\n', ['control-total - -']],
    ['1;10.50\nTotal;about ten\n', ['control-total - -']],
  ])('%j', async (text, told) =>
    expect((await validateText(fromFooter, `${HEAD}${text}`)).told).toEqual(told),
  );

  test('says both totals and where the one stands', async () => {
    const { report, status } = await validateText(fromFooter, `${HEAD}1;10.50\nTotal;11.50\n`);
    expect(status).toBe('refused');
    expect(report.findings[0]).toMatchObject({
      field: 'amount',
      message: 'Sum of Amount paid is 10.5; the totals row (row 3) says 11.5.',
    });
  });

  test('may differ by the tolerance', async () => {
    const near = (tolerance: number | string) => dataset({ 'sum(amount)': 'footer' }, { tolerance });
    const text = `${HEAD}1;10.00\nTotal;10.01\n`;
    expect((await validateText(near(0.01), text)).status).toBe('passed');
    expect((await validateText(near('0.1%'), text)).status).toBe('passed');
    expect((await validateText(near(0.009), text)).status).toBe('refused');
  });

  test('is larger than a cell of the column may be, and written as the column is', async () => {
    const german = { ...AMOUNT, precision: 6, locale: 'de', accounting: true };
    const text = `${HEAD}1;9.999,99\n2;9.999,99\nTotal;19.999,98\n`;
    expect((await validateText(dataset({ 'sum(amount)': 'footer' }, {}, german), text)).told).toEqual([]);
    const below = `${HEAD}1;(5,00)\nTotal;(5,00)\n`;
    expect((await validateText(dataset({ 'sum(amount)': 'footer' }, {}, german), below)).told).toEqual([]);
  });

  test('counts rows, where it stands under a column', async () => {
    const counted = dataset({ rows: 'footer(amount)' });
    expect((await validateText(counted, `${HEAD}1;1\n2;1\nTotal;2\n`)).told).toEqual([]);
    expect((await validateText(counted, `${HEAD}1;1\nTotal;2\n`)).report.findings[0]?.message).toBe(
      'Number of rows is 1; the totals row (row 3) says 2.',
    );
  });

  test('in a workbook is the number of the cell', async () => {
    const data = dataset({ 'sum(amount)': 'footer' }, {}, { ...AMOUNT, decimalChar: ',' });
    const { told } = await validateCells(data, [
      [
        ['n', '1'],
        ['n', '10.5'],
      ],
      [
        ['n', '2'],
        ['n', '1.25'],
      ],
      [
        ['s', 'Total'],
        ['n', '11.75'],
      ],
    ]);
    expect(told).toEqual([]);
  });

  test('counts rejected rows as well, for the sender did', async () => {
    const unique = datasetOf([{ name: 'id', type: 'integer', constraints: { maximum: '1' } }, AMOUNT], {
      accept: { max_rejected: 1000 },
      source: { footer: '^Total', delimiter: ';' },
      checks: [{ control: { 'sum(amount)': 'footer', rows: 2 } }],
    });
    const { told, status } = await validateText(unique, `${HEAD}1;10\n2;20\nTotal;30\n`);
    expect([status, told]).toEqual(['passed', ['constraint-error 3:1 2']]);
  });

  test('is not asked for where a value cannot be read', async () => {
    const { told, report } = await validateText(fromFooter, `${HEAD}1;10\n2;x\nTotal;30\n`);
    expect(told).toEqual(['type-error 3:2 x', 'check-skipped (info) - -']);
    expect(report.findings[1]?.message).toContain('1 row cannot be read');
  });

  test('of binary numbers may differ in the last digits', async () => {
    const double = dataset(
      { 'sum(amount)': 'footer' },
      {},
      { name: 'amount', type: 'number', title: 'Amount paid' },
    );
    expect((await validateText(double, `${HEAD}1;0.1\n2;0.2\nTotal;0.3\n`)).told).toEqual([]);
    expect((await validateText(double, `${HEAD}1;0.1\n2;0.2\nTotal;0.3001\n`)).told).toHaveLength(1);
  });
});

describe('a total that is agreed', () => {
  test.each([
    [{ rows: 2 }, []],
    [{ rows: 3 }, ['control-total - -']],
    [{ 'sum(amount)': '30.50' }, []],
    [{ 'max(amount)': 20.5, 'min(amount)': 10, 'avg(amount)': 15.25 }, []],
    [{ 'distinct(id)': 2, 'nulls(amount)': 0 }, []],
    [{ 'distinct(id)': 1, 'nulls(amount)': 1 }, ['control-total - -', 'control-total - -']],
  ])('%j', async (control, told) =>
    expect((await validateText(dataset(control), `${HEAD}1;10\n2;20.5\n`)).told).toEqual(told),
  );
});

describe('a control file', () => {
  const asked = dataset({ rows: 'file', 'sum(amount)': 'file' });
  const beside = (name: string, text: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    return readControlFile(join(folder, 'data_2025-06.xlsx'), asked) as ControlFile;
  };
  const TEXT = `${HEAD}1;10\n2;20.5\n`;

  test.each([
    ['data_2025-06.control.csv', 'rows,2\nsum(amount),30.50\n'],
    ['data_2025-06.control.csv', '\ufeffmeasure;total\r\nRows;2\r\nSum(Amount paid);"30.50"\r\n'],
    ['data_2025-06.control.csv', 'rows;sum(amount)\n2;30.5\n'],
    ['data_2025-06.control.json', '{"rows": 2, "sum(amount)": 30.50, "made_by": "me"}'],
    ['data_2025-06.control.json', '{\n  "rows": "2",\n  "sum(amount)": "30.5"\n}\n'],
  ])('%s %j agrees', async (name, text) => {
    const control = beside(name, text);
    expect(control.state).toBe('read');
    expect((await validateText(asked, TEXT, { control })).told).toEqual([]);
  });

  test('that says something else refuses the file', async () => {
    const control = beside('data_2025-06.control.csv', 'rows,3\nsum(amount),30.50\n');
    const { status, report } = await validateText(asked, TEXT, { control });
    expect(status).toBe('refused');
    expect(report.findings.map(({ message }) => message)).toEqual([
      "Number of rows is 2; the control file 'data_2025-06.control.csv' says 3.",
    ]);
  });

  test.each([
    ['other_2025-06.control.csv', 'rows,2', 'is not there'],
    ['data_2025-06.control.csv', 'rows,2', 'Sum of Amount paid: the control file .* does not say it'],
    ['data_2025-06.control.csv', 'rows,2\nrows,2', "'rows' is in it twice"],
    ['data_2025-06.control.csv', 'rows,two\nsum(amount),30.5', 'holds no number'],
    ['data_2025-06.control.json', '[1]', 'not one JSON object'],
    ['data_2025-06.control.csv', 'x'.repeat(70_000), 'too large'],
  ])('%s %.20j is a finding', async (name, text, message) => {
    const { report } = await validateText(asked, TEXT, { control: beside(name, text) });
    expect(report.findings.map((one) => one.message).join()).toMatch(new RegExp(message));
  });

  test('is not followed where it is a link, and not read where no check asks', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'c.csv'), 'rows,2');
    symlinkSync(join(folder, 'elsewhere', 'c.csv'), join(folder, 'data_2025-06.control.csv'));
    const landed = join(folder, 'data_2025-06.csv');
    expect(readControlFile(landed, asked)).toMatchObject({ state: 'unreadable' });
    expect(readControlFile(landed, dataset({ rows: 2 }))).toBe(null);
  });

  test('numbers of more digits than a binary number has are exact', async () => {
    const big = dataset({ 'sum(id)': 'file' });
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'd.control.json'), '{"sum(id)": 9007199254740993}');
    const control = readControlFile(join(folder, 'd.csv'), big) as ControlFile;
    expect((await validateText(big, `${HEAD}9007199254740993;1\n`, { control })).told).toEqual([]);
    expect((await validateText(big, `${HEAD}9007199254740992;1\n`, { control })).told).toHaveLength(1);
  });
});
