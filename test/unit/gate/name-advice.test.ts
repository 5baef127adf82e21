import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { readFileName } from '../../../src/gate/match-dataset.ts';
import { nameAdvice } from '../../../src/gate/name-advice.ts';
import { dataset, field } from './dataset-for-test.ts';

const FIELDS = [field('id')];
const REPORT = dataset(FIELDS, { name: 's', pattern: 'Report_{period}[_v{version}].{xlsx,csv}' });
const TOPICS = dataset(FIELDS, { name: 'topics', pattern: 'topics_{board}_{level}_{period}.csv' });

const advice = (name: string, of = REPORT, there: readonly string[] = []) =>
  nameAdvice(of, name, (one) => there.includes(one));

describe('advice on a file name', () => {
  it('keeps the month that the name shows, however it is written', () => {
    for (const [name, wanted] of [
      ['report 2024-01.xlsx', 'Report_2024-01.xlsx'],
      ['Report June 2023.xlsx', 'Report_2023-06.xlsx'],
      ['Report_2024-03.XLSX', 'Report_2024-03.xlsx'],
      ['Report_2024-08_final.xlsx', 'Report_2024-08.xlsx'],
      ['Report 31.01.2024.csv', 'Report_2024-01.csv'],
      ['Report-20240229.csv', 'Report_2024-02.csv'],
      ['Februar 2024 report.csv', 'Report_2024-02.csv'],
      ['report 2024-01 v3.xlsx', 'Report_2024-01_v3.xlsx'],
      ['Report_2024-01.txt', 'Report_2024-01.csv'],
    ] as const)
      expect(advice(name), name).toBe(`Rename it to '${wanted}'.`);
  });

  it('leaves the month open where the name shows none, two, or one that is not sure', () => {
    for (const name of [
      'Report.xlsx',
      'Report final.xlsx',
      'Report 2024-01 to 2024-03.xlsx',
      'Report Jan 2024 (printed Feb 2024).xlsx',
      'Report 03.04.2024.xlsx',
      'Report FY2024 P03.xlsx',
      'Report 2024.xlsx',
      'Report 2024-13.xlsx',
    ])
      expect(advice(name), name).toBe(
        "Rename it to 'Report_YYYY-MM.xlsx', with the month of its rows for YYYY-MM.",
      );
  });

  it('never makes one kind of file into another by its ending', () => {
    expect(advice('Report_2024-04.xls')).toBe(
      "Open it, and save it as Excel workbook (.xlsx) under the name 'Report_2024-04.xlsx'.",
    );
    expect(advice('Report_2024-06.ods')).toBe(
      "Open it, and save it as Excel workbook (.xlsx) under the name 'Report_2024-06.xlsx'.",
    );
    expect(advice('Report_2024-05.zip')).toBe(
      "Unpack it, and name the file inside 'Report_2024-05' with its own ending (.xlsx or .csv).",
    );
    expect(advice('Report_2024-05.pdf')).toBe(
      "Deliver its table as Excel workbook (.xlsx) under the name 'Report_2024-05.xlsx'.",
    );
    expect(advice('Report_2024-05')).toMatch(/^Deliver its table as/);
    expect(advice('topics_AQA_gcse_2024-05.xlsx', TOPICS)).toBe(
      "Open it, and save it as CSV (.csv) under the name 'topics_AQA_gcse_2024-05.csv'.",
    );
    expect(advice('topics_AQA_gcse_2024-05.gz', TOPICS)).toBe(
      "Unpack it, and name the file inside 'topics_AQA_gcse_2024-05.csv'.",
    );
  });

  it('keeps what the name shows of the slice, and names what it does not show', () => {
    expect(advice('Topics AQA gcse 2024-05.csv', TOPICS)).toBe("Rename it to 'topics_AQA_gcse_2024-05.csv'.");
    expect(advice('topics-AQA_gcse_May 2024.csv', TOPICS)).toBe(
      "Rename it to 'topics_AQA_gcse_2024-05.csv'.",
    );
    expect(advice('topics_AQA_2024-05.csv', TOPICS)).toBe(
      "Rename it to 'topics_{board}_{level}_2024-05.csv', with its board for {board} and its level for {level}.",
    );
  });

  it('does not replace a file that is there', () => {
    expect(advice('report 2024-01.xlsx', REPORT, ['Report_2024-01.xlsx'])).toBe(
      "A file 'Report_2024-01.xlsx' is there already: if this one replaces it, rename it to 'Report_2024-01_v2.xlsx'.",
    );
    expect(advice('Topics AQA gcse 2024-05.csv', TOPICS, ['topics_AQA_gcse_2024-05.csv'])).toBe(
      "A file 'topics_AQA_gcse_2024-05.csv' is there already: take one of the two away, and give the one that counts this name.",
    );
  });

  it('gives names that fit, wherever it leaves nothing open', () => {
    const config = {
      path: '',
      datasets: new Map([REPORT, TOPICS].map((one) => [one.name, one])),
      databaseUrl: null,
      limits: DEFAULT_LIMITS,
    };
    for (const name of ['report 2024-01.xlsx', 'REPORT Q1 Jan 2024.csv', 'Report_2024-08_final v2.csv']) {
      const said = /^Rename it to '([^']+)'\.$/.exec(advice(name))?.[1] ?? '';
      expect(readFileName(config, said), name).toMatchObject({ kind: 'one' });
    }
  });
});
