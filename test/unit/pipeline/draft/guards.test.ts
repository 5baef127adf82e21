import { describe, expect, it } from 'vitest';
import { drafted, workbook } from './drafted.ts';

const days = (count: number, month = '2025-06') =>
  Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);
const orders = (dates: readonly string[]) =>
  `Order No,Ordered on\n${dates.map((date, i) => `${i + 1},${date}`).join('\n')}\n`;
const checksOf = ({ dataset }: Awaited<ReturnType<typeof drafted>>) =>
  dataset.checks.map(({ name, kind, severity }) => `${name}: ${kind}, ${severity}`);

describe('the guards of a draft', () => {
  it('warn of the month before once more, of dates of another month and of many rows more or fewer', async () => {
    const draft = await drafted('orders_2025-06.csv', orders(days(20)));
    expect(checksOf(draft)).toEqual([
      'not_last_month_again: differs_from_previous, warning',
      'right_month: in_period, warning',
      'steady: versus_previous, warning',
    ]);
    expect(draft.dataset.checks[1]).toMatchObject({ field: 'ordered_on' });
    expect(draft.found.rows).toMatchObject({ read: 20, accepted: 20 });
  });

  it('say beside each what it is for', async () => {
    const { yaml } = await drafted('orders_2025-06.csv', orders(days(20)));
    const lines = yaml.split('\n');
    const at = lines.findIndex((line) => line.trim().startsWith('checks:'));
    expect(lines.slice(at, at + 4).map((line) => line.trim())).toEqual([
      'checks: # these only warn; without `severity: warning` they are errors',
      '- {name: not_last_month_again, differs_from_previous: true, severity: warning} # warns where the rows are those of the month before',
      '- {name: right_month, in_period: ordered_on, severity: warning} # warns of dates outside of the month; here all lie in 2025-06',
      '- {name: steady, versus_previous: {rows: {max_drop: 20%, max_rise: 50%}}, severity: warning} # check: how much may the rows change from month to month? This file has 20',
    ]);
  });

  it('let a few dates of another month pass, and count them', async () => {
    const { yaml, found, told } = await drafted('orders_2025-06.csv', orders([...days(19), '2025-07-01']));
    expect(yaml).toContain('# check: 1 of its 20 different values lies outside of 2025-06');
    expect(found.rows.accepted).toBe(20);
    expect(told).toEqual([expect.stringMatching(/^out-of-period \(warning\) .* 2025-07-01$/)]);
  });

  it('ask the month of dates of which day and month may be exchanged', async () => {
    const exchanged = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2025, i, 6)));
    const texts = Array.from({ length: 18 }, (_, i) => `${13 + i}/06/2025`);
    const rows = [...exchanged, ...texts].map((on, i) => [`T${i}`, on]);
    const { yaml, told } = await drafted(
      'paid_2025-06.xlsx',
      await workbook({ Data: [['id', 'paid'], ...rows] }),
    );
    expect(yaml).toContain(
      'in_period: paid, severity: warning} # check: 11 of its 30 different values lie outside of 2025-06',
    );
    expect(told.filter((one) => one.startsWith('out-of-period'))).toHaveLength(11);
  });

  it('ask no month of dates that lie anywhere, such as births', async () => {
    const draft = await drafted(
      'people_2025-06.csv',
      'No,Born on\n1,1980-06-01\n2,1991-12-24\n3,2025-06-02\n',
    );
    expect(checksOf(draft).join()).not.toContain('in_period');
    expect(draft.notes.join()).not.toContain('right file');
  });

  it('name each of several dates', async () => {
    const draft = await drafted(
      'jobs_2025-06.csv',
      'No;Begun;Ended;Month\n1;01.06.2025;02.06.2025 10:30;06/2025\n2;13.06.2025;14.06.2025 9:00;06/2025\n',
    );
    expect(draft.dataset.checks.map(({ name }) => name)).toEqual([
      'not_last_month_again',
      'right_month_begun',
      'right_month_ended',
      'right_month_month',
      'steady',
    ]);
    expect(draft.found.told.filter((told) => told.includes('out-of-period'))).toEqual([]);
  });

  it('doubt the file where all dates lie in one other month', async () => {
    const { notes, dataset } = await drafted('orders_2025-06.csv', orders(days(20, '2025-05')));
    expect(notes).toContain(
      "ordered_on: all its dates lie in 2025-05, but the file's name says 2025-06: check that it is the right file.",
    );
    expect(dataset.checks.map(({ kind }) => kind)).not.toContain('in_period');
  });

  it.each([
    ['q_2025-Q2.csv', ['2025-04-01', '2025-06-30', '2025-05-05'], 'right_quarter'],
    ['y_2025.csv', ['2025-01-01', '2025-12-31', '2025-05-05'], 'right_year'],
  ])('speak of the period of %s', async (name, dates, check) => {
    const { dataset, found } = await drafted(name, orders(dates), {});
    expect(dataset.checks.map((one) => one.name)).toContain(check);
    expect(found.rows.accepted).toBe(3);
  });

  it('of a list without periods are that it is not cut short', async () => {
    const draft = await drafted('towns.csv', orders(days(21)));
    expect(checksOf(draft)).toEqual(['not_cut_short: rows, warning']);
    expect(draft.dataset.checks[0]).toMatchObject({ min: 10, max: null });
    expect(checksOf(await drafted('few.csv', orders(days(3))))).toEqual([]);
  });
});
