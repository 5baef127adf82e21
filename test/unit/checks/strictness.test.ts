import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const rowsOf = (...cells: string[]) => `v,z\n${cells.map((cell) => `${cell},x\n`).join('')}`;

describe('a constraint held less strictly', () => {
  const field = (rules: object, constraints: object = { maximum: '10' }) =>
    datasetOf([{ name: 'v', type: 'integer', constraints, rules }, { name: 'z' }], {
      accept: { max_rejected: 1000 },
    });

  test('as a warning keeps the row, and its value counts for other checks', async () => {
    const dataset = datasetOf(
      [
        {
          name: 'v',
          type: 'integer',
          constraints: { maximum: '10' },
          rules: { maximum: { severity: 'warning' } },
        },
      ],
      { accept: { max_rejected: 1000 }, checks: [{ name: 'even', expect: 'v % 2 = 0' }] },
    );
    const { told, rows, accepted } = await validateText(dataset, 'v\n12\n13\n2\n');
    expect(told).toEqual([
      'constraint-error (warning) 2:1 12',
      'constraint-error (warning) 3:1 13',
      'row-constraint 3:1 -',
    ]);
    expect([rows.accepted, accepted.map(({ v }) => v)]).toEqual([2, ['12', '2']]);
  });

  test.each([
    [{ max_failures: 2 }, ['11', '12', '1', '2'], 'warning', 4],
    [{ max_failures: 1 }, ['11', '12', '1', '2'], 'error', 2],
    [{ max_failures: '50%' }, ['11', '12', '1', '2'], 'warning', 4],
    [{ max_failures: '49%' }, ['11', '12', '1', '2'], 'error', 2],
    [{ max_failures: 1, severity: 'warning' }, ['11', '12', '1', '2'], 'warning', 4],
    [{ severity: 'info' }, ['11', '12', '1', '2'], 'info', 4],
  ])('%j: each is a %s', async (strict, cells, severity, accepted) => {
    const { report, rows, findings } = await validateText(field({ maximum: strict }), rowsOf(...cells));
    expect(rows).toMatchObject({ read: 4, accepted, rejected: 4 - accepted });
    expect(report.findings.map((one) => one.severity)).toEqual([severity, severity]);
    expect(findings).toMatchObject({ [severity]: 2 });
  });

  test('the summary says the limit it was held against', async () => {
    const summary = async (max: number) =>
      (await validateText(field({ maximum: { max_failures: max } }), rowsOf('11', '12'))).report.totals[0]
        ?.message;
    expect(await summary(2)).toMatch(/within the 2 allowed/);
    expect(await summary(1)).toMatch(/more than the 1 allowed/);
  });

  test('a missing value may be kept as blank', async () => {
    const dataset = field({ required: { severity: 'warning' } }, { required: true });
    const { accepted, told } = await validateText(dataset, rowsOf('1', ''));
    expect(accepted.map(({ v }) => v)).toEqual(['1', null]);
    expect(told).toEqual(['constraint-error (warning) 3:1 -']);
  });

  test('values that stand twice may be kept', async () => {
    const dataset = field({ unique: { max_failures: '60%' } }, { unique: true });
    const few = await validateText(dataset, rowsOf('1', '1', '2', '3'));
    expect([few.rows.accepted, few.told]).toEqual([
      4,
      ['unique-error (warning) 2:1 1', 'unique-error (warning) 3:1 1'],
    ]);
    expect((await validateText(dataset, rowsOf('1', '1', '1', '3'))).rows.accepted).toBe(1);
  });

  test('other constraints of the field stay as strict as they were', async () => {
    const dataset = field({ maximum: { severity: 'warning' } }, { maximum: '10', minimum: '0' });
    expect((await validateText(dataset, rowsOf('11', '-1'))).told).toEqual([
      'constraint-error 3:1 -1',
      'constraint-error (warning) 2:1 11',
    ]);
  });
});

describe('a check of rows held less strictly', () => {
  const checked = (check: object) =>
    datasetOf([{ name: 'v', type: 'integer' }, { name: 'z' }], {
      accept: { max_rejected: 1000 },
      checks: [{ name: 'small', expect: 'v < 10', ...check }],
    });

  test.each([
    ['25%', 4],
    ['24%', 3],
    [1, 4],
    [0, 3],
  ])('up to %j of four rows may break it', async (max_failures, accepted) => {
    const { rows, findings } = await validateText(checked({ max_failures }), rowsOf('1', '2', '3', '11'));
    expect(rows.accepted).toBe(accepted);
    expect(findings).toMatchObject(accepted === 4 ? { warning: 1, error: 0 } : { warning: 0, error: 1 });
  });

  test('a share is of all rows of the file, rejected ones too', async () => {
    const { told } = await validateText(checked({ max_failures: '25%' }), rowsOf('x', 'y', '3', '11'));
    expect(told).toEqual(['type-error 2:1 x', 'type-error 3:1 y', 'row-constraint (warning) 5:1 -']);
  });
});
