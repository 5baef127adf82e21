import { describe, expect, it } from 'vitest';
import { matchFilename, PatternError, parseFilenamePattern } from '../../../src/domain/filename-pattern.ts';
import type { PeriodKind } from '../../../src/domain/period.ts';

function match(source: string, name: string, kind: PeriodKind = 'month') {
  return matchFilename(parseFilenamePattern(source, kind), kind, name);
}

const CITIZENS = 'citizens_{period}[_v{version}].{xlsx,csv}';
const TOPICS = 'topics_{exam_board}_{qualification}_{period}.csv';

describe('a file-name pattern', () => {
  it.each([
    ['citizens_2025-06.xlsx', '2025-06', null],
    ['citizens_202506.csv', '2025-06', null],
    ['citizens_2025_06.csv', '2025-06', null],
    ['citizens_2025-06_v2.xlsx', '2025-06', '2'],
    ['citizens_202506_v10.csv', '2025-06', '10'],
    ['citizens_2025_06_v2b.csv', '2025-06', '2b'],
  ])('reads period and version of %s', (name, period, version) =>
    expect(match(CITIZENS, name)).toMatchObject({ period: { text: period }, version, slice: [] }),
  );

  it.each([
    'citizens_2025-06.xls',
    'Citizens_2025-06.xlsx',
    'citizens_2025-06.xlsx.bak',
    'xcitizens_2025-06.xlsx',
    'citizens_2025-06_v.xlsx',
    'citizens_2025-06_2.xlsx',
    'citizens_2025-6.xlsx',
    'citizens_2025-06xlsx',
    'citizens_2025-06.xlsx\n',
    '\ncitizens_2025-06.xlsx',
    'citizens_.xlsx',
    '',
  ])('does not match %j', (name) => expect(match(CITIZENS, name)).toBeNull());

  it('says that a name has the shape of a period that cannot be', () => {
    expect(match(CITIZENS, 'citizens_2025-13.xlsx')).toMatchObject({ period: null, periodText: '2025-13' });
    expect(match('q_{period}.csv', 'q_2025-Q7.csv', 'quarter')).toMatchObject({
      period: null,
      periodText: '2025-Q7',
    });
  });

  it('captures slices in the order of the pattern, period and version left out', () => {
    const pattern = parseFilenamePattern(TOPICS, 'month');
    expect(pattern.sliceNames).toEqual(['exam_board', 'qualification']);
    expect(match(TOPICS, 'topics_AQA_gcse-9-1_2025-06.csv')?.slice).toEqual([
      ['exam_board', 'AQA'],
      ['qualification', 'gcse-9-1'],
    ]);
    expect(match(TOPICS, 'topics_AQA_2025-06.csv')).toBeNull();
    expect(match(TOPICS, 'topics_AQA_gcse_extra_2025-06.csv')).toBeNull();
    expect(match(TOPICS, 'topics_AQA__2025-06.csv')).toBeNull();
  });

  it('captures names of any script, blanks and quotes as they stand', () => {
    expect(match('t_{office}_{period}.csv', "t_Zürich Nord's 中文_2025-06.csv")?.slice).toEqual([
      ['office', "Zürich Nord's 中文"],
    ]);
  });

  it('reads names typed on another system the same way', () => {
    const decomposed = 'bürger_2025-06.csv'.normalize('NFD');
    expect(match('bürger_{period}.csv'.normalize('NFC'), decomposed)).not.toBeNull();
    expect(match('bürger_{period}.csv'.normalize('NFD'), 'bürger_2025-06.csv')).not.toBeNull();
    expect(match('x_{office}_{period}.csv', `x_${'é'.normalize('NFD')}_2025-06.csv`)?.slice).toEqual([
      ['office', 'é'.normalize('NFC')],
    ]);
  });

  it('takes every other character of the pattern for itself', () => {
    expect(match('a+b (c)^$.*_{period}.csv', 'a+b (c)^$.*_2025-06.csv')).not.toBeNull();
    expect(match('a.b_{period}.csv', 'axb_2025-06.csv')).toBeNull();
  });

  it('has no period where the dataset has none', () => {
    expect(match('regions[_v{version}].csv', 'regions_v3.csv', 'none')).toMatchObject({
      period: { text: 'none' },
      version: '3',
    });
    expect(match('regions[_v{version}].csv', 'regions.csv', 'none')).toMatchObject({ version: null });
  });

  it('reads slices named like members of objects', () => {
    expect(match('x_{valueOf}_{constructor}_{period}.csv', 'x_a_b_2025-06.csv')?.slice).toEqual([
      ['valueOf', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('a pattern is refused', () => {
  it.each([
    ['x_{period}_{period}.csv', 'month', /twice/],
    ['x.csv', 'month', /needs \{period\}/],
    ['x_{period}.csv', 'none', /no \{period\}/],
    ['x[_{period}].csv', 'month', /cannot be optional/],
    ['sub/x_{period}.csv', 'month', /slash/],
    ['sub\\x_{period}.csv', 'month', /slash/],
    ['x_{period.csv', 'month', /never closed/],
    ['x_period}.csv', 'month', /closes nothing/],
    ['x_{period}].csv', 'month', /closes nothing/],
    ['x_{period}[_v{version}.csv', 'month', /never closed/],
    ['x_{period}[_v[{version}]].csv', 'month', /cannot contain another/],
    ['x_{period}_{1st}.csv', 'month', /not a name/],
    ['x_{period}_{}.csv', 'month', /not a name/],
  ] as const)('%s (%s)', (source, kind, why) => {
    expect(() => parseFilenamePattern(source, kind)).toThrow(PatternError);
    expect(() => parseFilenamePattern(source, kind)).toThrow(why);
  });

  it.each([
    ['x_{board}{level}_{period}.csv', 'two captures that touch'],
    ['x_{board}-{level}_{period}.csv', 'a capture may hold what divides it from the next'],
    ['x_{board}v{version}_{period}.csv', 'letters after a capture'],
    ['x_{period}[_{board}][_{level}].csv', 'which of two optional parts was left out'],
    ['x_{period}[_v{version}][_{level}].csv', 'a version is also a level'],
    ['x_{period}[_final][_final].csv', 'the same optional part twice'],
  ])('%s, because it can match in two ways: %s', (source) => {
    expect(() => parseFilenamePattern(source, 'month')).toThrow(/two ways/);
  });

  it.each([
    'x_{period}[_v{version}][.final].csv',
    'x_{board}_{level}_{period}.csv',
    '{board}.{level}_{period}.csv',
    'x_{period}.{xlsx,csv}',
    'x_{board}_{period}[_v{version}].csv',
    'x_{board}[_{level}]_{period}.csv',
    'x{period}.csv',
    '{period}-x.csv',
  ])('but not %s, which matches in one way alone', (source) => {
    expect(() => parseFilenamePattern(source, 'month')).not.toThrow();
  });
});
