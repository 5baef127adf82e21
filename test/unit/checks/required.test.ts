import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const dataset = (check: object, fields: object[] = []) =>
  datasetOf(
    [
      { name: 'status' },
      { name: 'ended', title: 'End date', type: 'date' },
      { name: 'why' },
      ...fields,
    ] as never,
    { accept: { max_rejected: 1000 }, checks: [{ name: 'closed', ...check }] },
  );
const TEXT = 'status,End date,why\nopen,,\nclosed,2025-06-01,sold\nclosed,,sold\nclosed,,\n';
const CLOSED = { required: ['ended', 'why'], when: "status = 'closed'" };

describe('fields that a condition makes needed', () => {
  test('each blank one is a fault of its own cell, in the rows for which the condition is true', async () => {
    const { told, rows } = await validateText(dataset(CLOSED), TEXT);
    expect(told).toEqual(['required-when 4:2 -', 'required-when 5:2 -', 'required-when 5:3 -']);
    expect(rows).toMatchObject({ read: 4, accepted: 2, rejected: 2 });
  });

  test('the message names the field and what makes it needed', async () => {
    const { report } = await validateText(dataset(CLOSED), TEXT);
    expect(report.findings[0]).toMatchObject({
      field: 'ended',
      message: 'End date is missing; this row needs it, as status says.',
      fix: 'Fill in the cell, or check status in this row.',
    });
  });

  test('without a condition every row needs them', async () => {
    const { told } = await validateText(dataset({ required: 'why', severity: 'warning' }), TEXT);
    expect(told).toEqual(['required-when (warning) 2:3 -', 'required-when (warning) 5:3 -']);
  });

  test('a cell that could not be read is no missing one, nor a condition', async () => {
    const two = dataset({ required: 'why', when: 'n > 1' }, [{ name: 'n', type: 'integer' }]);
    const { told } = await validateText(two, 'status,End date,why,n\na,,,x\nb,,,2\n');
    expect(told).toEqual(['type-error 2:4 x', 'required-when 3:3 -']);
    const unread = dataset({ required: 'ended', when: "status = 'closed'" });
    expect((await validateText(unread, 'status,End date,why\nclosed,soon,\n')).told).toEqual([
      'type-error 2:2 soon',
    ]);
  });

  test.each([
    ["status = 'closed') or (true", /syntax|parser/i],
    ['nonsense', /`when`|nonsense/],
    ['exists (select 1)', /subquery/],
  ])('the condition %j is an error of the configuration', async (when, message) => {
    await expect(validateText(dataset({ required: 'why', when }), TEXT)).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('`when`'),
    });
  });

  test('a rule between values can have a condition too', async () => {
    const rule = dataset({ expect: "why <> 'sold'", when: "status = 'closed'" });
    const { told } = await validateText(rule, 'status,End date,why\nopen,,sold\nclosed,,sold\nclosed,,\n');
    expect(told).toEqual(['row-constraint 3:1 -']);
  });
});
