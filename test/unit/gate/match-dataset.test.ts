import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { parsePeriod } from '../../../src/domain/period.ts';
import { selectLanded } from '../../../src/gate/candidates.ts';
import {
  compareVersions,
  exampleNames,
  nearestPattern,
  readFileName,
} from '../../../src/gate/match-dataset.ts';
import type { LandedFile } from '../../../src/lake/landed.ts';
import { dataset, field } from './dataset-for-test.ts';

const FIELDS = [field('id')];
const CITIZENS = dataset(FIELDS);
const TOPICS = dataset(FIELDS, {
  name: 'topics',
  pattern: 'topics_{board}_{level}_{period}.csv',
  period: 'quarter',
});
const REGIONS = dataset(FIELDS, { name: 'regions', pattern: 'regions.csv', period: 'none' });

function config(...datasets: Dataset[]): Config {
  return {
    path: '',
    datasets: new Map(datasets.map((one) => [one.name, one])),
    databaseUrl: null,
    limits: DEFAULT_LIMITS,
  };
}
const CONFIG = config(CITIZENS, TOPICS, REGIONS);

function landed(name: string, over: Partial<LandedFile> = {}): LandedFile {
  return {
    absolute: `/p/${name}`,
    path: `data/landed/${name}`,
    name,
    kind: 'file',
    bytes: 1,
    mtimeMs: 0,
    ...over,
  };
}

describe('file names', () => {
  it('say dataset, period, slice and version', () => {
    expect(readFileName(CONFIG, 'citizens_202506_v10.csv')).toMatchObject({
      kind: 'one',
      delivery: { period: '2025-06', version: '10', sliceText: '' },
    });
    expect(readFileName(CONFIG, 'topics_AQA_a level_2025Q2.csv')).toMatchObject({
      kind: 'one',
      delivery: { period: '2025-Q2', sliceText: 'board=AQA/level=a%20level' },
    });
    expect(readFileName(CONFIG, 'regions.csv')).toMatchObject({ kind: 'one', delivery: { period: 'none' } });
    expect(readFileName(CONFIG, 'citizens_2025-13.csv').kind).toBe('impossible-period');
    expect(readFileName(CONFIG, 'citizen_2025-06.csv').kind).toBe('none');
    expect(readFileName(config(CITIZENS, { ...CITIZENS, name: 'other' }), 'citizens_2025-06.csv').kind).toBe(
      'several',
    );
  });

  it('that fit nothing are answered with the nearest pattern', () => {
    expect(nearestPattern(CONFIG, 'Citizen 2025-06.xls')).toMatchObject({
      dataset: { name: 'citizens' },
      far: false,
    });
    expect(nearestPattern(CONFIG, 'topic_AQA_gcse_2025-Q1.csv')?.dataset.name).toBe('topics');
    expect(nearestPattern(CONFIG, 'invoice summary.docx')?.far).toBe(true);
    expect(nearestPattern(config(), 'x.csv')).toBeNull();
    expect(exampleNames(CITIZENS)).toEqual([
      'citizens_2025-06.xlsx',
      'citizens_2025-06.csv',
      'citizens_2025-06_v2.xlsx',
      'citizens_2025-06_v2.csv',
    ]);
  });

  it('order by version as people count', () => {
    const versions = ['10', null, '9', '2b', '2', 'a', '2a'];
    expect([...versions].sort(compareVersions)).toEqual([null, '2', '2a', '2b', '9', '10', 'a']);
    expect(compareVersions('02', '2')).toBe(0);
  });
});

describe('the files a call is about', () => {
  const june = parsePeriod('2025-06');
  const names = (files: LandedFile[], asked: Partial<Parameters<typeof selectLanded>[2]>, from = CONFIG) => {
    const { candidates, warnings } = selectLanded(from, files, {
      period: june,
      dataset: null,
      slice: new Map(),
      ...asked,
    });
    return [
      candidates.map(({ file, refusal, unfinished }) => [
        file.name,
        refusal?.code ?? (unfinished ? 'unfinished' : null),
      ]),
      warnings.length,
    ];
  };

  it('for a period: what is due in it, and lists; the rest are warnings or not meant', () => {
    const files = [
      'citizens_2025-06.csv',
      'citizens_2025-05.csv',
      'topics_A_b_2025-Q2.csv',
      'topics_A_b_2025-Q1.csv',
      'regions.csv',
      'readme.txt',
      'citizens_2025-13.csv',
    ].map((name) => landed(name));
    expect(names(files, {})).toEqual([
      [
        ['citizens_2025-06.csv', null],
        ['topics_A_b_2025-Q2.csv', null],
        ['regions.csv', null],
      ],
      2,
    ]);
    expect(names(files, { period: parsePeriod('2025-05') })[0]).toEqual([
      ['citizens_2025-05.csv', null],
      ['regions.csv', null],
    ]);
    expect(names(files, { dataset: 'topics', slice: new Map([['board', 'A']]) })[0]).toEqual([
      ['topics_A_b_2025-Q2.csv', null],
    ]);
    expect(names(files, { slice: new Map([['board', 'B']]) })[0]).toEqual([]);
  });

  it('for everything: each file, those that fit nothing refused', () => {
    const files = [
      landed('citizens_2025-13.csv'),
      landed('readme.txt'),
      landed('regions.csv'),
      landed('x.part'),
    ];
    expect(names(files, { period: null })).toEqual([
      [
        ['citizens_2025-13.csv', 'impossible-period'],
        ['readme.txt', 'unknown-file-name'],
        ['regions.csv', null],
        ['x.part', 'unfinished'],
      ],
      0,
    ]);
  });

  it('two datasets that fit one name refuse it, also for a period', () => {
    const twice = config(CITIZENS, { ...CITIZENS, name: 'other' });
    expect(names([landed('citizens_2025-06.csv'), landed('citizens_2025-07.csv')], {}, twice)[0]).toEqual([
      ['citizens_2025-06.csv', 'ambiguous-file-name'],
    ]);
  });

  it('unfinished files count for a period only where the finished one is not there yet', () => {
    expect(names([landed('citizens_2025-06.csv.part')], {})).toEqual([
      [['citizens_2025-06.csv.part', 'unfinished']],
      0,
    ]);
    expect(names([landed('~$citizens_2025-06.xlsx'), landed('citizens_2025-06.xlsx')], {})).toEqual([
      [['citizens_2025-06.xlsx', null]],
      1,
    ]);
    expect(names([landed('other.tmp'), landed('citizens_2025-05.csv.tmp')], {})).toEqual([[], 0]);
  });

  it.each([
    [{ kind: 'link-outside' }, 'out-of-landed'],
    [{ kind: 'link-broken' }, 'file-unreadable'],
    [{ kind: 'not-a-file' }, 'file-unreadable'],
    [{ bytes: DEFAULT_LIMITS.file_bytes + 1 }, 'limit-exceeded'],
  ] as const)('refuses an entry that is %j', (over, code) => {
    expect(names([landed('citizens_2025-06.csv', over)], {})[0]).toEqual([['citizens_2025-06.csv', code]]);
  });
});
