import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { renderReportHtml } from '../../../src/reports/report-html.ts';
import type { ValidationReport } from '../../../src/reports/validation-report.ts';
import { closeBrowser, OPENS_PAGES, openPage, type PageLook } from '../../fixtures/browser/open-page.ts';
import { pageFaults, paleTexts } from '../../fixtures/browser/page-faults.ts';
import { datasetOf, temporaryFolder, validateText } from '../validation/validate-text.ts';

const DATASET = datasetOf(
  [
    { name: 'id', title: 'Number', type: 'integer', constraints: { required: true } },
    { name: 'region', title: 'Region', clean: ['upper'], constraints: { enum: ['NORTH', 'SOUTH'] } },
    { name: 'income', title: 'Income', type: 'number', precision: 8, scale: 2 },
    { name: 'name', pii: true },
  ],
  {
    schema: { primaryKey: ['id'] },
    checks: [
      { name: 'enough', rows: { min: 50 } },
      { name: 'low', expect: 'income < 900', severity: 'warning' },
    ],
  },
);

async function report(): Promise<ValidationReport> {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i},${i % 2 ? 'north' : 'SOUTH'},${i * 25},n${i}\n`,
  ).join('');
  const faults = `x,WEST,abc,${'long '.repeat(60)}\n90,<b>West</b>,${'9'.repeat(60)},y\n91,,"12,5",z\n`;
  const text = `Number,Region,Income,name\n${rows}${faults}`;
  const before = (await validateText(DATASET, `Number,Region,Income,name\n${rows}`)).report;
  const { report: made } = await validateText(DATASET, text, {
    lastPeriod: { period: '2025-05', profile: before.profile },
  });
  const sinceLast = {
    fileId: 6,
    fixed: 1,
    stillOpen: 2,
    new: 3,
    rules: [],
    fixedFindings: made.findings.slice(0, 1),
  };
  const workbooks = ['annotated.xlsx', 'corrections.xlsx'];
  return { ...made, sinceLast, workbooks, rejectedCsv: 'data/stage/rejected/data.csv' };
}

async function opened(look: PageLook = {}) {
  const path = join(temporaryFolder(), 'report.html');
  writeFileSync(path, renderReportHtml(await report()));
  return openPage(pathToFileURL(path).href, look);
}

const FOCUSED = '`${document.activeElement.tagName} ${document.activeElement.className}`';
afterAll(closeBrowser);

describe.runIf(OPENS_PAGES)('what is held against pages', () => {
  test('finds what keeps people from reading one', async () => {
    const { page } = await openPage(
      'data:text/html,<p style="color:%23999">pale</p><h3>Deep</h3><table><tr><th>a</th></tr></table><a href="%23x">x</a><svg></svg>',
    );
    expect(await paleTexts(page)).toEqual(['2.85 pale']);
    expect((await pageFaults(page)).join()).toMatch(
      /no language.*0 of main.*leaves out a level.*without scope.*without headers.*without words.*to nowhere/s,
    );
  });
});

describe.runIf(OPENS_PAGES)('report.html in a browser without scripts', () => {
  test('asks for nothing but itself, and shows verdict and action at the top', async () => {
    const { page, requests } = await opened();
    expect(requests).toEqual([page.url()]);
    const verdict = page.getByText('This file cannot be used yet.');
    expect((await verdict.boundingBox())?.y).toBeLessThan(300);
    expect((await page.getByText('What to do now:').boundingBox())?.y).toBeLessThan(500);
  });

  test.each(['light', 'dark'] as const)(
    'can be read with a screen reader, and its colours stand out (%s)',
    async (colorScheme) => {
      const { page } = await opened({ colorScheme });
      expect(await pageFaults(page)).toEqual([]);
      expect(await paleTexts(page)).toEqual([]);
    },
  );

  test('goes by keyboard: links lead to their parts, lists open and close, tables scroll', async () => {
    const { page } = await opened();
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      seen.add(await page.evaluate<string>(FOCUSED));
      if ((await page.evaluate<string>(FOCUSED)).startsWith('SUMMARY')) break;
    }
    expect([...seen].join()).toMatch(/A .*DIV scroll.*SUMMARY/);
    const open = () => page.evaluate<boolean>('document.querySelector("details").open');
    const before = await open();
    await page.keyboard.press('Enter');
    expect(await open()).toBe(!before);
    await page.getByRole('link', { name: 'To correct' }).focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#correct$/);
  });

  test.each([390, 1280])('does not scroll sideways at %i pixels', async (width) => {
    const { page } = await opened({ width });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  test('prints dark on white, without links to click', async () => {
    const { page } = await opened({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await paleTexts(page)).toEqual([]);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
