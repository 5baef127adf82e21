import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NO_PERIOD,
  type Period,
  type PeriodKind,
  parseFilePeriod,
  parsePeriod,
  periodContaining,
  periodDays,
  periodDue,
  periodRange,
} from '../../../src/domain/period.ts';
import { trials } from '../../fixtures/trials.ts';

const period = (text: string): Period => {
  const parsed = parsePeriod(text);
  if (parsed === null) throw new Error(`${text} is no period`);
  return parsed;
};
const year = fc.integer({ min: 1, max: 9900 }).map((n) => String(n).padStart(4, '0'));
const month = fc
  .tuple(year, fc.integer({ min: 1, max: 12 }))
  .map(([y, m]) => `${y}-${String(m).padStart(2, '0')}`);
const quarter = fc.tuple(year, fc.integer({ min: 1, max: 4 })).map(([y, q]) => `${y}-Q${q}`);
const any = fc.oneof(year, month, quarter).map(period);

describe('a period on the command line', () => {
  it.each([
    ['2025-06', 'month'],
    ['2025-12', 'month'],
    ['2025-Q1', 'quarter'],
    ['2025-Q4', 'quarter'],
    ['2025', 'year'],
  ])('%s is a %s', (text, kind) => expect(parsePeriod(text)).toEqual({ kind, text }));

  it.each([
    '2025-00',
    '2025-13',
    '2025-6',
    '202506',
    '2025_06',
    '2025-06-01',
    '2025-Q0',
    '2025-Q5',
    '2025-q2',
    '2025Q2',
    '0000',
    '0000-01',
    '0000-Q1',
    '25',
    '20255',
    '',
    ' 2025-06',
    '2025-06\n',
    'none',
    '２０２５-06',
    '-2025',
  ])('%j is none', (text) => expect(parsePeriod(text)).toBeNull());

  it('fits the seven characters of _data_period', () => {
    fc.assert(fc.property(any, ({ text }) => text.length <= 7));
    expect(NO_PERIOD.text.length).toBeLessThanOrEqual(7);
  });
});

describe('a period in a file name', () => {
  it.each([
    ['month', '2025-06', '2025-06'],
    ['month', '202506', '2025-06'],
    ['month', '2025_06', '2025-06'],
    ['quarter', '2025-Q2', '2025-Q2'],
    ['quarter', '2025Q2', '2025-Q2'],
    ['quarter', '2025_q2', '2025-Q2'],
    ['year', '2025', '2025'],
  ] as const)('of kind %s: %s is %s', (kind, written, text) =>
    expect(parseFilePeriod(kind, written)).toEqual({ kind, text }),
  );

  it.each([
    ['month', '2025-13'],
    ['month', '2025-00'],
    ['month', '202500'],
    ['month', '2025'],
    ['month', '2025-Q2'],
    ['month', '0000-06'],
    ['quarter', '2025-Q5'],
    ['quarter', '2025-06'],
    ['year', '0000'],
    ['year', '2025-06'],
    ['none', '2025-06'],
  ] as const)('of kind %s: %s is impossible', (kind, written) =>
    expect(parseFilePeriod(kind, written)).toBeNull(),
  );
});

describe('what a call for a period means to a dataset', () => {
  it.each([
    ['month', '2025-06', '2025-06'],
    ['quarter', '2025-06', '2025-Q2'],
    ['quarter', '2025-12', '2025-Q4'],
    ['year', '2025-12', '2025'],
    ['year', '2025-Q4', '2025'],
    ['quarter', '2025-Q3', '2025-Q3'],
    ['year', '2025', '2025'],
    ['none', '2025-05', 'none'],
  ] as const)('a %s dataset asked for %s means %s', (kind, asked, due) =>
    expect(periodDue(kind, period(asked))?.text).toBe(due),
  );

  it.each([
    ['quarter', '2025-05'],
    ['quarter', '2025-07'],
    ['year', '2025-11'],
    ['year', '2025-Q3'],
    ['month', '2025-Q2'],
    ['month', '2025'],
    ['quarter', '2025'],
  ] as const)('a %s dataset is not due for %s', (kind, asked) =>
    expect(periodDue(kind, period(asked))).toBeNull(),
  );

  it('is due in exactly one month of its period, the last', () => {
    fc.assert(
      fc.property(fc.oneof(quarter, year).map(period), (own) => {
        const { from, until } = periodDays(own) as { from: string; until: string };
        const last = period(new Date(Date.parse(`${until}T00:00:00Z`) - 1).toISOString().slice(0, 7));
        const months = periodRange(period(from.slice(0, 7)), last);
        const due = months.filter((one) => periodDue(own.kind, one)?.text === own.text);
        expect(due).toEqual([last]);
      }),
      { examples: [[period('2025-Q1')], [period('2025')]] },
    );
  });
});

describe('the period that contains another', () => {
  it.each([
    ['quarter', '2025-05', '2025-Q2'],
    ['year', '2025-05', '2025'],
    ['year', '2025-Q1', '2025'],
    ['month', '2025-05', '2025-05'],
    ['none', '2025', 'none'],
  ] as const)('of kind %s around %s is %s', (kind, inner, outer) =>
    expect(periodContaining(kind, period(inner))?.text).toBe(outer),
  );

  it('is none where the kind asked for is smaller', () => {
    expect(periodContaining('month', period('2025-Q1'))).toBeNull();
    expect(periodContaining('quarter', period('2025'))).toBeNull();
    expect(periodContaining('month', NO_PERIOD)).toBeNull();
  });

  it('covers all its days', () => {
    const kinds = fc.constantFrom<PeriodKind>('month', 'quarter', 'year');
    fc.assert(
      fc.property(any, kinds, (inner, kind) => {
        const outer = periodContaining(kind, inner);
        if (outer === null) return;
        const [small, large] = [periodDays(inner), periodDays(outer)];
        expect(large && small && large.from <= small.from && small.until <= large.until).toBe(true);
      }),
    );
  });
});

describe('ranges and days of periods', () => {
  it('runs across the turn of a year, both ends included', () => {
    const texts = (from: string, to: string) => periodRange(period(from), period(to)).map(({ text }) => text);
    expect(texts('2024-11', '2025-02')).toEqual(['2024-11', '2024-12', '2025-01', '2025-02']);
    expect(texts('2024-Q4', '2025-Q1')).toEqual(['2024-Q4', '2025-Q1']);
    expect(texts('2024', '2026')).toEqual(['2024', '2025', '2026']);
    expect(texts('2025-06', '2025-06')).toEqual(['2025-06']);
  });

  it('is empty where the ends are out of order or of two kinds', () => {
    expect(periodRange(period('2025-02'), period('2025-01'))).toEqual([]);
    expect(periodRange(period('2025-02'), period('2025'))).toEqual([]);
    expect(periodRange(NO_PERIOD, NO_PERIOD)).toEqual([]);
  });

  it('has half-open days', () => {
    expect(periodDays(period('2024-02'))).toEqual({ from: '2024-02-01', until: '2024-03-01' });
    expect(periodDays(period('2025-12'))).toEqual({ from: '2025-12-01', until: '2026-01-01' });
    expect(periodDays(period('2025-Q4'))).toEqual({ from: '2025-10-01', until: '2026-01-01' });
    expect(periodDays(period('2025'))).toEqual({ from: '2025-01-01', until: '2026-01-01' });
    expect(periodDays(NO_PERIOD)).toBeNull();
  });

  it('ends each period where the next begins', () => {
    fc.assert(
      fc.property(month, fc.integer({ min: 1, max: 30 }), (first, count) => {
        const start = period(first);
        const end = new Date(Date.parse(`${first}-01T00:00:00Z`));
        end.setUTCMonth(end.getUTCMonth() + count);
        const range = periodRange(start, period(end.toISOString().slice(0, 7)));
        expect(range).toHaveLength(count + 1);
        for (let i = 1; i < range.length; i++) {
          expect(periodDays(range[i - 1] as Period)?.until).toBe(periodDays(range[i] as Period)?.from);
        }
      }),
      trials(50),
    );
  });
});
