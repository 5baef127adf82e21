import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const dataset = (check: object, pii = false) =>
  datasetOf([{ name: 'a', type: 'integer', title: 'Amount', pii }, { name: 'b' }], {
    accept: { max_rejected: 1000 },
    checks: [{ name: 'steady', ...check }],
  });
const other = (period: string) => ({
  period,
  rows: 4,
  measures: new Map([
    ['sum(a)', '100'],
    ['avg(a)', '25.0'],
    ['min(a)', '10'],
    ['max(a)', '40'],
    ['distinct(b)', '4'],
    ['nulls(b)', '0'],
    ['sum(none)', null],
  ]),
  path: null,
});
const previous = other('2025-05');
const lastYear = other('2024-06');
const TEXT = 'Amount,b\n10,x\n20,y\n30,\n60,x\n';

describe.each(['versus_previous', 'versus_last_year'] as const)('%s', (kind) => {
  const code = kind.replaceAll('_', '-');
  test.each<[object, string | null]>([
    [{ rows: { max_drop: 0, max_rise: 0 } }, null],
    [{ 'sum(a)': { max_rise: '20%' } }, null],
    [{ 'sum(a)': { max_rise: '19%' } }, 'Sum of Amount rose from 100'],
    [{ 'avg(a)': { max_rise: 5 } }, null],
    [{ 'avg(a)': { max_rise: 4 } }, 'Average of Amount rose from 25'],
    [{ 'min(a)': { max_rise: 0, max_drop: 0 } }, null],
    [{ 'max(a)': { max_rise: 19 } }, 'Largest value of Amount rose from 40'],
    [{ 'distinct(b)': { max_drop: 2 } }, null],
    [{ 'distinct(b)': { max_drop: '40%' } }, 'Number of different values of b fell from 4'],
    [{ 'nulls(b)': { max_rise: 1 } }, null],
    [{ 'nulls(b)': { max_rise: 0 } }, 'Number of blank cells of b rose from 0'],
  ])('%j', async (measures, message) => {
    const { report, status } = await validateText(dataset({ [kind]: measures }), TEXT, {
      previous,
      lastYear,
    });
    expect(status).toBe(message === null ? 'passed' : 'refused');
    if (message !== null)
      expect(report.findings[0]).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('does not tell the smallest or largest value of personal data', async () => {
    const check = dataset({ [kind]: { 'max(a)': { max_rise: 1 } } }, true);
    const { report } = await validateText(check, TEXT, { previous, lastYear });
    expect(report.findings[0]?.message).toBe('Largest value of Amount rose; at most 1 is expected.');
  });

  test.each([
    ['sum(a)', 'Sum of Amount rose, by 20.0%; at most 1% is expected.'],
    ['avg(a)', 'Average of Amount rose, by 20.0%; at most 1% is expected.'],
  ])(
    'tells of %s of personal data how far it moved, and no amount: one row may be all there is',
    async (measure, message) => {
      const check = dataset({ [kind]: { [measure]: { max_rise: '1%' } } }, true);
      const { report } = await validateText(check, TEXT, { previous, lastYear });
      expect(report.findings[0]?.message).toBe(message);
    },
  );

  test('says so where there is no such period, no such column, or nothing to measure', async () => {
    const check = dataset({ [kind]: { 'sum(a)': { max_rise: 1 } } });
    expect((await validateText(check, TEXT)).told).toEqual(['check-skipped (info) - -']);
    const bare = { ...previous, measures: new Map() };
    const unloaded = await validateText(check, TEXT, { previous: bare, lastYear: bare });
    expect(unloaded.report.findings[0]?.message).toMatch(/the column Amount is not loaded/);
    const none = dataset({ [kind]: { 'max(a)': { max_rise: 1 } } });
    const empty = await validateText(none, 'Amount,b\n,x\n', { previous, lastYear });
    expect(empty.report.findings[0]?.message).toMatch(/no values to compare/);
  });
});

test('names the month of last year that is not loaded', async () => {
  const check = dataset({ versus_last_year: { rows: { max_drop: 1 } } });
  expect((await validateText(check, TEXT)).report.findings[0]?.message).toMatch(/2024-06 is not loaded/);
});
