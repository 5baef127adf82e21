import { describe, expect, test } from 'vitest';
import { renderFindingsJson } from '../../../src/reports/findings-json.ts';
import { renderReportHtml } from '../../../src/reports/report-html.ts';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const FIELDS = [
  { name: 'id', title: 'Number', type: 'integer', constraints: { required: true } },
  { name: 'name', type: 'string', constraints: { enum: ['north', 'south'] } },
  { name: 'secret', type: 'integer', pii: true, constraints: { unique: true } },
];
const report = async (text: string, more: Parameters<typeof datasetOf>[1] = {}) =>
  (await validateText(datasetOf(FIELDS, more), text)).report;

describe('report.html', () => {
  test('says first that a file cannot be used, and why', async () => {
    const page = renderReportHtml(await report('Number,name,secret\n1,norht,5\n2,south,6\n'));
    const words = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, ' ');
    expect(words).toMatch(
      /This file cannot be used yet\.\s+1 of 2 rows cannot be accepted; none is allowed\./,
    );
    expect(words).toMatch(/2:2/);
    expect(words).toMatch(/Did you mean &#39;north&#39;\?/);
    expect(words).not.toMatch(/constraint-error|type-error/);
  });

  test('an all-clear says what was checked', async () => {
    const page = renderReportHtml(await report('Number,name,secret\n1,north,5\n'));
    expect(page).toContain('All clear.');
    expect(page).toContain('Every cell of 3 columns in 1 rows is of the kind its column holds.');
  });

  test('nothing in a cell becomes part of the page', async () => {
    const page = renderReportHtml(
      await report('Number,name,secret\n1,<img src=x onerror=alert(1)>&\u202e,5\n'),
    );
    expect(page).not.toMatch(/<img|onerror=alert\(1\)>|\u202e/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;[U+202E]');
    expect(page).not.toMatch(/<script|https?:\/\//);
  });

  test('values of PII fields stand in no report', async () => {
    const made = await report('Number,name,secret\n1,north,4711\n2,south,4711\n3,south,abc4711\n');
    expect(made.counts.error).toBe(3);
    for (const text of [renderReportHtml(made), renderFindingsJson(made)]) expect(text).not.toContain('4711');
  });

  test('stays small with a great many faults', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `x${i},${'y'.repeat(300)},z${i}\n`).join('');
    const made = await report(`Number,name,secret\n${lines}`);
    expect(made.counts.error).toBe(180_000);
    expect(renderReportHtml(made).length).toBeLessThan(5_000_000);
  });
});

describe('findings.json', () => {
  test('is one object with totals and findings, the same each time', async () => {
    const text = 'Number,name,secret\n1,nowhere,5\n';
    const [one, two] = [renderFindingsJson(await report(text)), renderFindingsJson(await report(text))];
    expect(one).toBe(two);
    expect(JSON.parse(one)).toMatchObject({
      schema: 'tidemark.findings.v1',
      verdict: 'refused',
      rows: { read: 1, accepted: 0, rejected: 1, blank: 0 },
      counts: { error: 1, warning: 0, info: 0 },
      findings: [
        { code: 'constraint-error', severity: 'error', cell: '2:2', row: 2, field: 'name', value: 'nowhere' },
      ],
    });
  });
});
