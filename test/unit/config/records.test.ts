import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SCHEMA = ['schema:', '  primaryKey: id', '  fields:', '    - {name: id}', '    - {name: title}'];
const FILE = 'source: {filename: "postings_{period}.csv"}';

/** The datasets of a configuration whose dataset postings has these lines, the first of them in line 4. */
function load(lines: readonly string[], more = ''): ReadonlyMap<string, Dataset> {
  const path = join(folder, 'datasets_config.yml');
  const body = lines.map((line) => `    ${line}\n`).join('');
  writeFileSync(path, `version: 1\ndatasets:\n  postings:\n${body}${more}`);
  return loadConfig(path, {}, 'c.yml').datasets;
}

const postings = (lines: readonly string[]) => load(lines).get('postings') as Dataset;
const records = (...lines: readonly string[]) => ['source: {records: {}}', ...lines, ...SCHEMA];

/** Every problem of the configuration, a line each. */
function problems(lines: readonly string[], more = ''): readonly string[] {
  try {
    load(lines, more);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

describe('a dataset that takes records', () => {
  it('has no period, the strategy upsert, and leaves to each run how many of its records may fail', () => {
    expect(postings(records())).toMatchObject({
      source: { kind: 'records', unknown: 'ignore' },
      periodKind: 'none',
      accept: { maxRejected: { kind: 'share', text: '100%' } },
      core: { strategy: 'upsert', key: ['id'], onDuplicate: 'skip', missing: 'keep', covers: null },
      sliceNames: [],
    });
  });

  it('reads each field from the member of its name, without a default', () => {
    expect(postings(records()).fields).toMatchObject([
      { name: 'id', path: null, value: null, defaultText: null },
      { name: 'title', path: null, value: null, defaultText: null },
    ]);
  });

  it('takes what it says instead of the defaults', () => {
    const said = postings([
      'source: {records: {unknown: refuse}}',
      'period: none',
      'accept: {max_rejected: 5%}',
      'core: {strategy: upsert, on_duplicate: update, guards: {max_modified: 10}}',
      'checks: [{name: short, expect: "length(title) < 9"}, {name: once, unique: {fields: [title]}}]',
      ...SCHEMA.slice(0, 3),
      '    - {name: id, path: "$.job[\'the id\']"}',
      '    - {name: site, value: 12}',
      '    - {name: title, path: "$.job.titles[0]", default: none}',
    ]);
    expect(said).toMatchObject({
      source: { unknown: 'refuse' },
      accept: { maxRejected: { kind: 'share', text: '5%' } },
      core: { onDuplicate: 'update', guards: { max_modified: { kind: 'count', value: 10 } } },
    });
    expect(said.fields).toMatchObject([
      { path: ['job', 'the id'], value: null, defaultText: null },
      { path: null, value: '12' },
      { path: ['job', 'titles', 0], defaultText: 'none' },
    ]);
    expect(said.checks).toHaveLength(2);
  });

  it.each(['ignore', 'warn', 'refuse'])('may %s members that no field reads', (unknown) => {
    const { source } = postings([`source: {records: {unknown: ${unknown}}}`, ...SCHEMA]);
    expect(source).toEqual({ kind: 'records', unknown });
  });
});

describe('what speaks of files or periods in a dataset of records is told with its line', () => {
  const at = 'c.yml';

  it.each([
    ['filename', '"p_{period}.csv"'],
    ['sheet', '1'],
    ['header_row', '2'],
    ['header_rows', '2'],
    ['footer', '"^Total"'],
    ['skip', '"^Sum"'],
    ['merged', 'keep'],
    ['delimiter', '";"'],
    ['quote', '"\'"'],
    ['escape', '"\\\\"'],
    ['encoding', 'utf-8'],
    ['expected', '{by_day: 5}'],
  ])('source.%s', (key, value) => {
    const lines = ['source:', '  records: {}', `  ${key}: ${value}`, ...SCHEMA];
    expect(problems(lines)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${at}:6:\\d+: datasets\\.postings\\.source\\.${key}: ${key} belongs to files; a source is records or files, never both$`,
        ),
      ),
    ]);
  });

  it.each(['month', 'quarter', 'year'])('period: %s', (period) => {
    expect(problems(records(`period: ${period}`))).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^${at}:5:\\d+: datasets\\.postings\\.period: records have no periods: write period: none, not ${period}$`,
        ),
      ),
    );
  });

  it.each([
    ['headers: {match: exact}', 'headers: headers belong to files; records have members'],
    ['accept: {empty: true}', 'accept.empty: empty belongs to files'],
    ['accept: {same_bytes: true}', 'accept.same_bytes: same_bytes belongs to files'],
    ['core: {strategy: replace_period}', 'core.strategy: records are promoted by upsert, not replace_period'],
    ['core: {covers: all}', 'core.covers: covers belongs to files: records never say what is missing'],
    ['core: {missing: keep}', 'core.missing: missing belongs to files: records never say what is missing'],
    [
      'core: {guards: {max_removed: 5%}}',
      'core.guards.max_removed: max_removed speaks of whole deliveries, and records have none',
    ],
    [
      'core: {guards: {max_drop: 5%}}',
      'core.guards.max_drop: max_drop speaks of whole deliveries, and records have none',
    ],
    [
      'core: {guards: {min_rows: 5}}',
      'core.guards.min_rows: min_rows speaks of whole deliveries, and records have none',
    ],
    ['checks: [{rows: {min: 5}}]', 'checks[0].rows: rows speaks of files or periods, and records have none'],
    [
      'checks: [{expect: "id > 5"}, {in_period: title}]',
      'checks[1].in_period: in_period speaks of files or periods, and records have none',
    ],
    [
      'checks: [{versus_previous: {rows: {max_drop: 20%}}}]',
      'checks[0].versus_previous: versus_previous speaks of files or periods, and records have none',
    ],
    [
      'checks: [{versus_last_year: {rows: {max_drop: 20%}}}]',
      'checks[0].versus_last_year: versus_last_year speaks of files or periods, and records have none',
    ],
    [
      'checks: [{differs_from_previous: true}]',
      'checks[0].differs_from_previous: differs_from_previous speaks of files or periods, and records have none',
    ],
    [
      'checks: [{control: {rows: 5}}]',
      'checks[0].control: control speaks of files or periods, and records have none',
    ],
  ])('%s', (line, said) => {
    const found = problems(records(line));
    expect(found.map((one) => one.replace(/^c\.yml:5:\d+: datasets\.postings\./, ''))).toContain(said);
  });

  it('all of it at once', () => {
    const lines = [
      'source: {records: {}, sheet: 1}',
      'period: month',
      'headers: {extra: ignore}',
      'core: {covers: all, on_duplicate: update}',
      ...SCHEMA,
    ];
    expect(problems(lines).map((line) => line.replace(/^c\.yml:(\d+):.*?: (.*?): .*/, '$1 $2'))).toEqual([
      '4 datasets.postings.source.sheet',
      '5 datasets.postings.period',
      '6 datasets.postings.headers',
      '7 datasets.postings.core.covers',
    ]);
  });

  it('history needs periods, and records have none', () => {
    expect(problems(records('core: {strategy: history}'))).toContainEqual(
      expect.stringMatching(
        /^c\.yml:5:\d+: datasets\.postings\.core\.strategy: records are promoted by upsert, not history$/,
      ),
    );
  });
});

describe('a dataset of records', () => {
  it('needs a key, by which its records are told apart', () => {
    expect(problems(['source: {records: {}}', 'schema: {fields: [{name: id}]}'])).toEqual([
      expect.stringMatching(
        /^c\.yml:\d+:\d+: datasets\.postings\.core: strategy upsert needs a key: give schema\.primaryKey or core\.key$/,
      ),
    ]);
    expect(problems(['source: {records: {}}', 'core: {key: id}', 'schema: {fields: [{name: id}]}'])).toEqual(
      [],
    );
  });

  it('keeps its records in a table that no other dataset may have', () => {
    const other = `  postings_records:\n    ${FILE}\n    schema: {fields: [{name: a}]}\n`;
    expect(problems(records(), other)).toEqual([
      expect.stringMatching(
        /^c\.yml:10:\d+: datasets\.postings_records: stage\.postings_records holds the records of dataset 'postings'; take another name$/,
      ),
    ]);
    expect(problems([FILE, ...SCHEMA], other)).toEqual([]);
  });

  it('takes one of three words for unknown members, and says what was meant', () => {
    expect(problems(['source: {records: {unknown: refused}}', ...SCHEMA])).toEqual([
      expect.stringMatching(
        /^c\.yml:4:\d+: datasets\.postings\.source\.records\.unknown: 'refused' is not one of ignore, warn, refuse; did you mean 'refuse'\?$/,
      ),
    ]);
  });

  it('is refused where its source says neither files nor records', () => {
    expect(problems(['source: {sheet: 1}', ...SCHEMA])).toEqual([
      expect.stringMatching(
        /^c\.yml:4:\d+: datasets\.postings\.source: a source has a filename or records: write filename: NAME\.csv or records: \{\}$/,
      ),
    ]);
  });
});

describe('where a field of records is', () => {
  const field = (written: string, source = 'source: {records: {}}') => [
    source,
    'schema:',
    '  primaryKey: id',
    '  fields:',
    '    - {name: id}',
    `    - {name: title, ${written}}`,
  ];
  const said = (lines: readonly string[]) =>
    problems(lines).map((line) =>
      line.replace(/^c\.yml:9:\d+: datasets\.postings\.schema\.fields\[1\]\./, ''),
    );

  it.each([
    ['path: title', 'path: A path begins with $ (character 1 of the path).'],
    [
      'path: $',
      'path: A path names a member, such as $.name, and $ alone is the whole record (character 1 of the path).',
    ],
    ['path: $.a..b', 'path: A point is followed by no member (character 5 of the path).'],
    [
      'path: "$[0]"',
      'path: A record is an object, so its path begins with a member such as $.name (character 2 of the path).',
    ],
    ['value: x, path: $.a', 'path: the field has a constant value, so path has no effect'],
    ['value: x, default: y', 'default: the field has a constant value, so default has no effect'],
  ])('%s is refused with its line', (written, message) => {
    expect(said(field(written))).toEqual([message]);
  });

  it.each(['path: $.a', 'value: x', 'default: y'])('%s is refused in a dataset of files', (written) => {
    const key = written.slice(0, written.indexOf(':'));
    expect(said(field(written, FILE))).toEqual([
      `${key}: ${key} belongs to records; give the dataset source: {records: {}}`,
    ]);
  });

  it.each(['skip', 'update'])('on_duplicate: %s is refused in a dataset of files', (word) => {
    expect(problems([FILE, `core: {on_duplicate: ${word}}`, ...SCHEMA])).toEqual([
      expect.stringMatching(
        /^c\.yml:5:\d+: datasets\.postings\.core\.on_duplicate: on_duplicate belongs to records; give the dataset source: \{records: \{\}\}$/,
      ),
    ]);
  });
});
