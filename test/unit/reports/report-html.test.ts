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
      /This file cannot be used yet\.\s+1 of 2 rows cannot be accepted; no row may be rejected\./,
    );
    expect(words).toMatch(/2:2/);
    expect(words).toMatch(/Did you mean &#39;north&#39;\?/);
    expect(words).not.toMatch(/constraint-error|type-error/);
  });

  test('an all-clear says what was checked', async () => {
    const page = renderReportHtml(await report('Number,name,secret\n1,north,5\n'));
    expect(page).toContain('All clear.');
    expect(page).toContain('Nothing to do.');
    expect(page).toContain('Every cell of 3 columns in 1 row is of the kind its column holds.');
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

  test('says a hundred thousand of a hundred thousand faults, each a long text of signs that escaping makes longer', async () => {
    const nasty = `${`'&<\u202e`.repeat(60)}`;
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},${i}${nasty},\n`).join('');
    const made = await report(`Number,name,secret\n${lines}`);
    expect(made.counts.error).toBe(100_000);
    expect(made.rows).toMatchObject({ read: 100_000, accepted: 0, rejected: 100_000 });
    const page = renderReportHtml(made);
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
    expect(page).toContain('100,000');
    expect(page).toMatch(/And 99,[89]\d\d more of the same kind/);
  }, 120_000);

  test('stays small whatever there is too much of: columns, rules, notes, checks, rows, values', async () => {
    const made = await report('Number,name,secret\n1,norht,5\n2,south,6\n');
    const [finding] = made.findings;
    const [total] = made.totals;
    const [column] = (await report('Number,name,secret\n1,north,5\n')).profile;
    if (finding === undefined || total === undefined || column === undefined)
      throw new Error('nothing was found');
    const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
    const text = `'&<\u202e`.repeat(50);
    const told = {
      ...finding,
      value: text,
      message: text,
      expected: text,
      suggestions: many(3, text),
      since: 'new' as const,
    };
    const group = {
      ...(total.groups[0] as (typeof total.groups)[number]),
      value: text,
      message: text,
      fix: text,
    };
    const totals = (['error', 'warning', 'info'] as const).flatMap((severity) =>
      many(6000, {
        ...total,
        severity,
        message: text,
        groups: many(50, { ...group, cells: many(200, 'XFD1048576') }),
      }),
    );
    const page = renderReportHtml({
      ...made,
      totals,
      findings: Array.from({ length: 20_000 }, (_, row) => ({ ...told, row })),
      refusals: many(5000, text),
      notes: many(20_000, text),
      checked: many(20_000, text),
      profile: many(16_384, { ...column, title: text, min: text, max: text }),
      sinceLast: {
        ...{ fileId: 1, fixed: 9, stillOpen: 9, new: 9 },
        rules: many(16_384, { code: 'x', rule: text, field: text, fixed: 1, stillOpen: 1, new: 1 }),
        fixedFindings: many(1000, told),
      },
    });
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
    for (const part of [
      'To correct',
      'Please confirm',
      'Row by row',
      'What was checked',
      'How the file was read',
    ])
      expect(page).toContain(`>${part}</h2>`);
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
