import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { openXlsx } from '../../src/readers/xlsx/open-xlsx.ts';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { packedParts } from '../unit/reports/packed-parts.ts';
import {
  brokenWorkbook,
  DEPARTMENTS,
  soundWorkbook,
  terribleWorkbook,
} from './terrible-delivery/make-workbooks.ts';

const CASE = join(import.meta.dirname, 'terrible-delivery');
const REPORTS = 'data/reports/staff/2025-06';
/** Kept in the repository; `npx vitest run --project golden -u` writes them anew, to be looked at before they are kept. */
const kept = (name: string) => join(CASE, 'expected', name);

/** One delivery as bad as they come, a second one half fixed, a third one whose headers are broken. */
describe('a terrible delivery', () => {
  let pipeline: Pipeline;
  const results: Record<
    string,
    { exit_code: number; rows: Record<string, number | null>; findings: object }
  > = {};
  const fileNames = ['staff_2025-06.xlsx', 'staff_2025-06_v2.xlsx', 'staff_2025-06_v3.xlsx'];

  beforeAll(async () => {
    const config = readFileSync(join(CASE, 'datasets_config.yml'), 'utf8');
    const landed = { 'departments.csv': DEPARTMENTS, 'staff_2025-05.xlsx': soundWorkbook() };
    pipeline = makePipeline({ config, landed });
    expect((await pipeline.run('run --period 2025-05 --through load-stage --json')).code).toBe(0);
    const books = [terribleWorkbook(), terribleWorkbook(25), brokenWorkbook()];
    for (const [i, name] of fileNames.entries()) {
      pipeline.land(name, books[i] as Buffer);
      await pipeline.run(['ingest', '--file-path', name]);
      results[name] = (await pipeline.run(`validate --file-id ${i + 3} --json`)).json;
    }
  }, 300_000);
  afterAll(() => pipeline.remove());

  const findingsOf = (fileId: number) =>
    JSON.parse(readFileSync(join(pipeline.root, REPORTS, String(fileId), 'findings.json'), 'utf8'));
  const pageOf = (fileId: number) =>
    readFileSync(join(pipeline.root, REPORTS, String(fileId), 'report.html'), 'utf8');

  it('is told exactly: what it counts is what it lists, and every row is accounted for', () => {
    for (const fileId of [3, 4]) {
      const { rows, counts, totals, findings } = findingsOf(fileId);
      expect(rows.read).toBe(rows.accepted + rows.rejected);
      for (const severity of ['error', 'warning'] as const) {
        const own = (list: { severity: string; count?: number }[]) =>
          list.filter((one) => one.severity === severity);
        expect(own(findings)).toHaveLength(counts[severity]);
        expect(own(totals).reduce((sum, { count = 0 }) => sum + count, 0)).toBe(counts[severity]);
      }
    }
    const result = results['staff_2025-06.xlsx'];
    expect(result).toMatchObject({ exit_code: 3, findings: findingsOf(3).counts });
    expect(result?.rows).toMatchObject({ read: 59, accepted: 11, rejected: 48 });
  });

  it('has at least thirty kinds of fault', () => {
    const kinds = new Set(
      findingsOf(3).totals.map((one: Record<string, string>) => [one.code, one.rule, one.field].join(' ')),
    );
    expect(kinds.size).toBeGreaterThanOrEqual(30);
  });

  it('says what is wrong and what to do in 25 words at most, without the names of codes', () => {
    for (const fileId of [3, 4, 5]) {
      for (const { message, fix, code } of findingsOf(fileId).findings) {
        for (const text of [message, fix ?? '']) {
          // A quoted value is as long as the file has it.
          const words = text.replace(/'[^']*'/g, 'value').split(/\s+/);
          expect(words.length, text).toBeLessThanOrEqual(25);
          expect(text).not.toContain(code);
        }
      }
    }
  });

  it.each([3, 4, 5])('has the findings that are kept (delivery %i)', async (fileId) => {
    const { tidemark_version: _v, sha256: _s, profile: _p, ...told } = findingsOf(fileId);
    await expect(`${JSON.stringify(told, null, 1)}\n`).toMatchFileSnapshot(kept(`findings-${fileId}.json`));
  });

  it.each([3, 4, 5])('has the report that is kept, word for word (delivery %i)', async (fileId) => {
    await expect(wordsOf(pageOf(fileId))).toMatchFileSnapshot(kept(`report-${fileId}.txt`));
  });

  it('has corrections and an annotated copy that are kept, cell for cell', async () => {
    const folder = join(pipeline.root, REPORTS, '3');
    await expect(await sheetText(join(folder, 'corrections.xlsx'), 'Problems')).toMatchFileSnapshot(
      kept('corrections-3.txt'),
    );
    const parts = await packedParts(join(folder, 'annotated.xlsx'));
    const comments = parts.get('xl/tidemarkComments1.xml')?.text ?? '';
    const said = [...comments.matchAll(/<comment ref="(\w+)".*?<\/comment>/gs)].map(
      ([whole, cell]) => `${cell} ${whole.replace(/<[^>]+>/g, '').replaceAll('\n', ' / ')}`,
    );
    await expect(`${said.join('\n')}\n`).toMatchFileSnapshot(kept('comments-3.txt'));
  });

  it('shows nobody’s name or national number in what may be sent around', () => {
    for (const fileId of [3, 4, 5]) {
      const told = pageOf(fileId) + JSON.stringify(findingsOf(fileId));
      expect(told).not.toMatch(/N1000|X123|Wolfeschlegel|Nu\ufffdll|Okafor Gil|Fatou Okafor/);
    }
  });

  it('says of the second delivery what is fixed, and what is left', () => {
    expect(findingsOf(4).since_last).toMatchObject({ file_id: 3, new: 0 });
    const { fixed, still_open: open } = findingsOf(4).since_last;
    expect(fixed + open).toBe(findingsOf(3).counts.error + findingsOf(3).counts.warning);
    expect(open).toBe(findingsOf(4).counts.error + findingsOf(4).counts.warning);
  });
});

/** What a page says, a line each, without what differs from run to run. */
function wordsOf(page: string): string {
  const text = page
    .replace(/<style>[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>|<footer>[\s\S]*?<\/footer>/g, '')
    .replace(/<\/(?:tr|p|li|h\d|div|title|section)>/g, '\n')
    .replace(/<\/t[dh]>/g, ' | ')
    .replace(/<[^>]+>/g, '');
  const lines = text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

async function sheetText(path: string, name: string): Promise<string> {
  const source = await openXlsx(path, DEFAULT_LIMITS);
  try {
    const sheet = (await source.sheets()).find((one) => one.name === name);
    if (sheet === undefined) throw new Error(`there is no sheet ${name}`);
    const lines: string[] = [];
    for await (const { cells } of source.rows(sheet)) lines.push(cells.map(({ text }) => text).join(' | '));
    return `${lines.join('\n')}\n`;
  } finally {
    await source.close();
  }
}
