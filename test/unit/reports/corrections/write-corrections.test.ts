import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { writeCorrections } from '../../../../src/reports/corrections/write-corrections.ts';
import { type Problem, type ProblemList, ruleKey } from '../../../../src/reports/problem-list.ts';
import type { ValidationReport } from '../../../../src/reports/validation-report.ts';
import { allRows, scratchFolder } from '../../readers/xlsx/tiny-workbook.ts';
import { packedParts } from '../packed-parts.ts';

const TOTAL = { code: 'type-error', rule: 'type', field: 'income' } as const;

const REPORT: ValidationReport = {
  version: '1',
  dataset: 'people',
  title: '=People',
  owner: null,
  period: '2025-06',
  slice: '',
  fileId: 17,
  file: 'data/landed/people.xlsx',
  sheet: "A & 'B'",
  sha256: 'ab'.repeat(32),
  verdict: 'refused',
  refusals: ['None of the 3 rows can be accepted.'],
  threshold: 'none',
  rows: { read: 123_456, accepted: 0, rejected: 123_456, blank: 0 },
  footerRows: 0,
  counts: { error: 123_456, warning: 0, info: 0 },
  totals: [{ ...TOTAL, severity: 'error', message: 'no number', count: 123_456, shown: 1, groups: [] }],
  findings: [],
  sinceLast: null,
  lastPeriod: null,
  notes: [],
  checked: [],
  profile: [],
  rejectedCsv: null,
};

const PROBLEM: Problem = {
  severity: 'error',
  cell: 'B7',
  column: 1,
  row: 7,
  field: 'income',
  label: 'Income',
  value: '=cmd|calc',
  message: '@wrong \u0000 _x0041_',
  fix: '-fix',
  suggestion: '+1',
};

const LIST: ProblemList = {
  total: 123_456,
  problems: [PROBLEM, { ...PROBLEM, cell: null, column: 0, value: null }],
  headers: ['=ID', 'Income'],
  rows: [{ row: 7, cells: ['\t1', '=cmd|calc'] }],
  listed: new Map([[ruleKey(TOTAL), 2]]),
  rowsInAll: 123_456,
};

let made = 0;

async function write(list: ProblemList = LIST): Promise<string> {
  const path = join(scratchFolder(), `corrections-${++made}.xlsx`);
  await writeCorrections(path, REPORT, list, DEFAULT_LIMITS);
  return path;
}

async function sheetOf(path: string, name: string): Promise<string[][]> {
  const source = await openXlsx(path, DEFAULT_LIMITS);
  try {
    const sheet = (await source.sheets()).find((one) => one.name === name);
    const rows = sheet === undefined ? [] : await allRows(source, sheet);
    return rows.map(({ cells }) => cells.map(({ text }) => text));
  } finally {
    await source.close();
  }
}

describe('writeCorrections', () => {
  it('lists each problem with its cell, value, what to do, and room for what is right', async () => {
    const [header, first, second] = await sheetOf(await write(), 'Problems');
    expect(header).toEqual([
      'Cell',
      'Sheet',
      'Row',
      'Column',
      'Value',
      'What is wrong',
      'How to fix it',
      'Did you mean',
      'Corrected value',
      'Empty cell',
      'Delete row',
    ]);
    expect(first).toEqual([
      'B7',
      "A & 'B'",
      '7',
      'Income',
      '=cmd|calc',
      '@wrong \u0000 _x0041_',
      '-fix',
      '+1',
    ]);
    expect(second?.slice(0, 4)).toEqual(['', "A & 'B'", '7', 'Income']);
  });

  it('opens at the problems', async () => {
    const parts = await packedParts(await write());
    const workbook = parts.get('xl/workbook.xml')?.text ?? '';
    expect(workbook).toMatch(/<workbookView [^>]*activeTab="1"/);
    const names = [...workbook.matchAll(/<sheet [^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(names[1]).toBe('Problems');
  });

  it('says the exact counts of what it lists and of all there is', async () => {
    const lines = await sheetOf(await write(), 'Summary');
    const text = lines.map((cells) => cells.join('|'));
    expect(text).toContain('Correct|no number|income|123456|2');
    expect(text).toContain('2 of 123,456 problems are listed on the sheet Problems.');
    expect(text).toContain('1 of 123,456 rows are given on the sheet Rows.');
  });

  it('gives the rows concerned as they stand in the file, and links a problem to its cell in them', async () => {
    const path = await write();
    expect(await sheetOf(path, 'Rows')).toEqual([
      ['Row', '=ID', 'Income'],
      ['7', '\t1', '=cmd|calc'],
    ]);
    const parts = await packedParts(path);
    expect(parts.get('xl/worksheets/_rels/sheet2.xml.rels')?.text).toContain('Target="#Rows!C2"');
  });

  it('holds no formula, and every text stays text when it is edited', async () => {
    const parts = await packedParts(await write());
    const styles = parts.get('xl/styles.xml')?.text ?? '';
    const formats = [
      ...(/<cellXfs.*<\/cellXfs>/s.exec(styles)?.[0] ?? '').matchAll(/<xf numFmtId="(\d+)"/g),
    ].map(([, id]) => id);
    for (const name of ['sheet1', 'sheet2', 'sheet3']) {
      const sheet = parts.get(`xl/worksheets/${name}.xml`)?.text ?? '';
      expect(sheet).not.toMatch(/<f[ >]/);
      const texts = [...sheet.matchAll(/<c r="[A-Z]+\d+" s="(\d+)" t="(?:str|inlineStr|s)"/g)];
      expect(texts.length).toBe([...sheet.matchAll(/ t="(?:str|inlineStr|s)"/g)].length);
      for (const [tag, style] of texts) expect(formats[Number(style)], tag).toBe('49');
    }
  });

  it('is known by the delivery and the hash of its file, and readable by owner and group alone', async () => {
    const path = await write();
    const text = (await packedParts(path)).get('docProps/custom.xml')?.text ?? '';
    expect(text).toContain('name="file_id"><vt:lpwstr>17<');
    expect(text).toContain(`name="sha256"><vt:lpwstr>${'ab'.repeat(32)}<`);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('640');
  });
});
