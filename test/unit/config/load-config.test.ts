import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { TidemarkError } from '../../../src/errors/tidemark-error.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, environment: Record<string, string> = {}): Config {
  const path = join(folder, 'datasets_config.yml');
  writeFileSync(path, text);
  return loadConfig(path, environment, 'datasets_config.yml');
}

function problem(text: string, environment: Record<string, string> = {}): TidemarkError {
  try {
    load(text, environment);
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

/** A dataset with what a test adds; the lines of `over` stand from line 4 on. */
const dataset = (over: string, rest = 'source: {filename: "c_{period}.csv"}') =>
  `version: 1\ndatasets:\n  citizens:\n${[...over.split('\n').filter(Boolean), rest]
    .map((line) => `    ${line}\n`)
    .join(
      '',
    )}${/^schema:/m.test(over) ? '' : '    schema: {fields: [{name: id, type: integer}, {name: income, type: number}, {name: birth_date, type: date}]}\n'}`;
const field = (written: string) => dataset(`schema:\n  fields:\n    - ${written}`);
const first = (config: Config): Dataset => [...config.datasets.values()][0] as Dataset;

/** The example of the contract, with the list that it refers to. */
const EXAMPLE = `
version: 1
datasets:
  citizens:
    title: Citizens register
    owner: registry@example.org
    period: month                # month | quarter | year | none
    source:
      filename: "citizens_{period}[_v{version}].{xlsx,csv}"
      sheet: Citizens            # name or number; default: the first visible sheet with a matching header
      header_row: auto           # or a number
      footer: "^(Total|Source:)" # rows from the first match on are not data
      delimiter: auto            # text files
      expected: {by_day: 5}      # due on the 5th after the period
    headers: {match: loose, extra: error, order: any}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, aliases: [ID, Citizen No.], type: integer, constraints: {required: true}}
        - {name: national_id, type: string, constraints: {pattern: "N[0-9]{9}", unique: true}, pii: true}
        - {name: birth_date, type: date, format: ["%d/%m/%Y", "%Y-%m-%d"]}
        - {name: region_code, type: string, constraints: {enum: [NO, SO, EA, WE, CE]}, clean: [trim, upper]}
        - {name: income, type: number, precision: 12, scale: 2, groupChar: ",", decimalChar: "."}
        - {name: is_active, type: boolean, trueValues: [yes, Y, "1"], falseValues: [no, N, "0"]}
      primaryKey: [citizen_id]
      foreignKeys: [{fields: region_code, reference: {dataset: regions, fields: code}}]
      missingValues: ["", "NA", "N/A", "-"]
    checks:
      - {name: adult_income, expect: "income = 0 or birth_date < date '2010-01-01'", severity: warning}
      - {name: row_count, rows: {min: 1000}}
      - {name: steady, versus_previous: {rows: {max_drop: 20%, max_rise: 50%}, sum(income): {max_drop: 30%}}}
      - {name: right_month, in_period: updated_at}
      - {name: not_last_month_again, differs_from_previous: true}
    accept: {max_rejected: 1%}   # default 0
    core:
      key: [citizen_id]
      strategy: upsert           # upsert | replace_period | history
      covers: all                # all | period
      missing: keep              # keep | close | delete
      guards: {max_removed: 5%, max_modified: 50%, min_rows: 1000}
      review: optional           # required: transform waits for approve
`;
const REGIONS = `  regions:
    period: none
    source: {filename: "regions.csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
`;

describe('the example of the contract', () => {
  const withField = EXAMPLE.replace(
    '      primaryKey:',
    '        - {name: updated_at, type: date}\n      primaryKey:',
  );

  it('is taken, once the list and the field that it refers to are there', () => {
    const { datasets } = load(withField + REGIONS);
    expect([...datasets.keys()]).toEqual(['citizens', 'regions']);
    const citizens = datasets.get('citizens') as Dataset;
    expect(citizens).toMatchObject({
      periodKind: 'month',
      source: { sheet: 'Citizens', headerRow: 'auto', delimiter: 'auto', dueByDay: 5 },
      primaryKey: ['citizen_id'],
      foreignKeys: [{ fields: ['region_code'], dataset: 'regions', referenceFields: ['code'] }],
      accept: { maxRejected: { kind: 'share', value: 0.01, text: '1%' }, empty: false, sameBytes: false },
      core: {
        table: 'citizens',
        key: ['citizen_id'],
        strategy: 'upsert',
        covers: 'all',
        missing: 'keep',
        guards: { max_removed: { kind: 'share', value: 0.05 }, max_added: null, min_rows: 1000 },
      },
    });
    expect(citizens.fields[3]?.constraints.enum).toEqual(['NO', 'SO', 'EA', 'WE', 'CE']);
    expect(citizens.fields[5]).toMatchObject({
      trueValues: ['yes', 'Y', '1'],
      falseValues: ['no', 'N', '0'],
    });
    expect(citizens.fields[1]).toMatchObject({ pii: true, missingValues: ['', 'NA', 'N/A', '-'] });
    expect(citizens.checks.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['expect', 'warning'],
      ['rows', 'error'],
      ['versus_previous', 'error'],
      ['in_period', 'error'],
      ['differs_from_previous', 'error'],
    ]);
    expect(citizens.checks[2]).toMatchObject({
      measures: [
        { measure: 'rows', maxDrop: { value: 0.2 }, maxRise: { value: 0.5 } },
        { measure: { of: 'sum', field: 'income' }, maxDrop: { value: 0.3 }, maxRise: null },
      ],
    });
  });

  it('says all that is not there, each at its line', () => {
    const { code, message } = problem(EXAMPLE);
    expect(code).toBe('bad-config');
    const lines = EXAMPLE.split('\n');
    const at = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
    expect(message).toContain(`datasets_config.yml:${at('foreignKeys')}:`);
    expect(message).toContain("there is no dataset 'regions'");
    expect(message).toContain(`datasets_config.yml:${at('right_month')}:`);
    expect(message).toContain("there is no field 'updated_at'");
    expect(message.split('\n')).toHaveLength(2);
  });
});

describe('defaults', () => {
  it('fill in what a short configuration leaves open', () => {
    const config = load(dataset(''));
    expect(config).toMatchObject({ databaseUrl: null, limits: DEFAULT_LIMITS });
    expect(first(config)).toMatchObject({
      name: 'citizens',
      title: 'citizens',
      periodKind: 'month',
      source: {
        sheet: null,
        headerRow: 'auto',
        footer: null,
        delimiter: 'auto',
        quote: '"',
        encoding: 'auto',
      },
      headers: { match: 'loose', extra: 'error', order: 'any' },
      primaryKey: [],
      checks: [],
      accept: { maxRejected: { kind: 'count', value: 0 }, empty: false, sameBytes: false },
      core: {
        table: 'citizens',
        key: ['_source_row'],
        strategy: 'replace_period',
        covers: null,
        missing: 'keep',
      },
    });
    expect(first(config).fields[1]).toMatchObject({
      type: 'number',
      precision: null,
      decimalChar: '.',
      bareNumber: true,
      pii: false,
      missingValues: [''],
    });
  });

  it('promote a list without a period by its key', () => {
    const config = load(`version: 1\ndatasets:\n${REGIONS}`);
    expect(first(config).core).toMatchObject({ strategy: 'upsert', key: ['code'] });
  });

  it('tell checks apart that have no names of their own', () => {
    const { checks } = first(
      load(dataset('checks: [{expect: "id > 0"}, {expect: "id < 9"}, {rows: {min: 1}}]')),
    );
    expect(checks.map(({ name }) => name)).toEqual(['expect', 'expect 2', 'rows']);
  });

  it('put the slice names before the primary key in the core key', () => {
    const text = dataset(
      'schema: {primaryKey: id, fields: [{name: id}]}',
      'source: {filename: "t_{board}_{period}.csv"}',
    );
    expect(first(load(text))).toMatchObject({ sliceNames: ['board'], core: { key: ['board', 'id'] } });
  });

  it('keep the limits that are not named', () => {
    const config = load(`version: 1\nlimits: {rows: 10}\ndatasets:\n${REGIONS}`);
    expect(config.limits).toEqual({ ...DEFAULT_LIMITS, rows: 10 });
  });
});

describe('variables of the environment', () => {
  const text = `version: 1\ndatabase: "postgres://\${DB_USER}:\${DB_PASSWORD}@db/x"\ndatasets:\n${REGIONS}`;

  it('are filled in', () => {
    expect(load(text, { DB_USER: 'me', DB_PASSWORD: 'top' }).databaseUrl).toBe('postgres://me:top@db/x');
    expect(load(text, { DB_USER: '', DB_PASSWORD: '${X}' }).databaseUrl).toBe('postgres://:${X}@db/x');
  });

  it('that are not set are named with their line, and no value is shown', () => {
    const { code, message, exitCode } = problem(text, { DB_PASSWORD: 'top-secret' });
    expect([code, exitCode]).toEqual(['bad-environment', 2]);
    expect(message).toMatch(/^datasets_config\.yml:2: database: \$\{DB_USER\} is not set$/);
    expect(message).not.toContain('top-secret');
  });

  it('stay as they are behind a second dollar', () => {
    const config = load(dataset('title: "a $${HOME} b"'), { HOME: '/root' });
    expect(first(config).title).toBe('a ${HOME} b');
  });
});

describe('a configuration is refused, with file, line, path and what was meant', () => {
  const CASES: readonly (readonly [string, string, RegExp])[] = [
    [
      'an unknown key',
      dataset('perod: month'),
      /^datasets_config\.yml:4:5: datasets\.citizens\.perod: unknown key 'perod'; did you mean 'period'\?$/,
    ],
    [
      'an unknown key at the top',
      `versoin: 1\nversion: 1\ndatasets: {}\n`,
      /yml:1:1: versoin: unknown key 'versoin'; did you mean 'version'\?/,
    ],
    [
      'an unknown key of a field',
      field('{name: id, tpye: string}'),
      /yml:6:\d+: datasets\.citizens\.schema\.fields\[0\]\.tpye: unknown key 'tpye'; did you mean 'type'\?/,
    ],
    [
      'an unknown key of a constraint',
      field('{name: id, constraints: {requierd: true}}'),
      /yml:6:.*'requierd'; did you mean 'required'\?/,
    ],
    [
      'an unknown type',
      field('{name: id, type: strng}'),
      /yml:6:\d+: .*type: 'strng' is not one of string, .*; did you mean 'string'\?/,
    ],
    [
      'an unknown kind of period',
      dataset('period: monthly'),
      /yml:4:13: datasets\.citizens\.period: 'monthly' is not one of month, quarter, year, none; did you mean 'month'\?/,
    ],
    ['another version', 'version: 2\ndatasets: {}\n', /yml:1:10: version: 2 is not one of 1$/],
    ['no version', 'datasets: {}\n', /'version' is missing/],
    ['no datasets', 'version: 1\n', /'datasets' is missing/],
    ['nothing at all', '', /datasets_config\.yml:1:1: /],
    ['a list where keys belong', '- a\n', /datasets_config\.yml:1:1: /],
    [
      'a dataset without source',
      'version: 1\ndatasets:\n  citizens:\n    schema: {fields: [{name: id}]}\n',
      /yml:4:5: .*'source' is missing/,
    ],
    [
      'a text where a number belongs',
      dataset('', 'source: {filename: "c_{period}.csv", expected: {by_day: five}}'),
      /yml:4:\d+: .*expected\.by_day: expected number, found 'five'/,
    ],
    [
      'a day that no month has',
      dataset('', 'source: {filename: "c_{period}.csv", expected: {by_day: 32}}'),
      /yml:4:.*by_day/,
    ],
    [
      'a threshold that is neither count nor share',
      dataset('accept: {max_rejected: 5 percent}'),
      /yml:4:.*max_rejected: .*5 percent/,
    ],
    ['two datasets of one name', 'version: 1\ndatasets:\n  a: {}\n  a: {}\n', /yml:4:3: .*unique/i],
    ['broken YAML', 'version: 1\ndatasets: {\n  a: [}\n', /yml:3:/],
    [
      'a number with leading zeros',
      field('{name: id, constraints: {enum: [007]}}'),
      /yml:6:\d+: 007 without quotes is read as the number 7; write "007"/,
    ],
    [
      'a dataset name that no table can have',
      'version: 1\ndatasets:\n  "Citi zens":\n    source: {filename: "c_{period}.csv"}\n    schema: {fields: [{name: id}]}\n',
      /yml:\d:.*'Citi zens'.*small letters/,
    ],
    [
      'a dataset name over 48 characters',
      `version: 1\ndatasets:\n  ${'a'.repeat(49)}:\n    source: {filename: "c_{period}.csv"}\n    schema: {fields: [{name: id}]}\n`,
      /48 characters/,
    ],
    ['a field name that is ours', field('{name: _file_id}'), /yml:6:.*begin with _/],
    ['a field name of more than 63 bytes', field(`{name: ${'ö'.repeat(32)}}`), /63 bytes/],
    [
      'two fields that differ by case alone',
      dataset('schema: {fields: [{name: id}, {name: ID}]}'),
      /yml:4:.*fields\[1\]\.name: there are two fields 'ID'/,
    ],
    ['no field', dataset('schema: {fields: []}'), /yml:4:.*schema\.fields/],
    [
      'a key of no field',
      dataset('schema: {primaryKey: citizen, fields: [{name: citizens}]}'),
      /yml:4:.*primaryKey: there is no field 'citizen'; did you mean 'citizens'\?/,
    ],
    [
      'precision of an integer',
      field('{name: id, type: integer, precision: 3}'),
      /yml:6:.*precision belongs to type number, not integer/,
    ],
    ['scale without precision', field('{name: id, type: number, scale: 3}'), /yml:6:.*scale needs precision/],
    [
      'scale over precision',
      field('{name: id, type: number, precision: 3, scale: 4}'),
      /yml:6:.*scale cannot be greater/,
    ],
    [
      'one character for groups and decimals',
      field('{name: id, type: number, groupChar: ",", decimalChar: ","}'),
      /yml:6:.*both ','/,
    ],
    [
      'groups in a text',
      field('{name: id, groupChar: ","}'),
      /yml:6:.*groupChar belongs to numbers, not string/,
    ],
    ['true values of a text', field('{name: id, trueValues: [y]}'), /yml:6:.*type boolean, not string/],
    [
      'a format of a number',
      field('{name: id, type: number, format: "%d"}'),
      /yml:6:.*format belongs to date/,
    ],
    [
      'a language that is not known',
      field('{name: id, type: date, format: "%d %B %Y", locale: dee}'),
      /yml:6:.*'dee' is not one of .*did you mean 'de'/,
    ],
    [
      'a language of a text',
      field('{name: id, locale: de}'),
      /yml:6:.*locale belongs to numbers, dates and times, not string/,
    ],
    [
      'brackets around a text',
      field('{name: id, accounting: true}'),
      /yml:6:.*accounting belongs to numbers, not string/,
    ],
    [
      'percent without signs',
      field('{name: id, type: number, percent: fraction}'),
      /yml:6:.*percent needs bareNumber: false/,
    ],
    [
      'fractions of a whole number',
      field('{name: id, type: integer, bareNumber: false, percent: fraction}'),
      /yml:6:.*no whole number/,
    ],
    [
      'a bound that is no date',
      field('{name: id, type: date, constraints: {minimum: 30/06/2025}}'),
      /yml:6:.*constraints\.minimum: '30\/06\/2025' is no date; write it like 2025-06-30/,
    ],
    [
      'a bound with a comma',
      field('{name: id, type: number, decimalChar: ",", constraints: {maximum: "0,5"}}'),
      /yml:6:.*constraints\.maximum: '0,5' is no number; write it like 12\.5/,
    ],
    [
      'a bound of a boolean',
      field('{name: id, type: boolean, constraints: {maximum: 1}}'),
      /yml:6:.*maximum belongs to numbers, dates, times and text, not boolean/,
    ],
    [
      'lengths that no text has',
      field('{name: id, constraints: {minLength: 3, maxLength: 2}}'),
      /yml:6:.*minLength 3 is more than maxLength 2/,
    ],
    [
      'an ambiguous file name',
      dataset('', 'source: {filename: "c_{a}{b}_{period}.csv"}'),
      /yml:4:\d+: datasets\.citizens\.source\.filename: the file name pattern: \{a\} and \{b\} touch/,
    ],
    [
      'no period in the file name',
      dataset('', 'source: {filename: "c.csv"}'),
      /yml:4:.*needs \{period\}, or the dataset `period: none`/,
    ],
    [
      'a delimiter of two characters',
      dataset('', 'source: {filename: "c_{period}.csv", delimiter: "::"}'),
      /yml:4:.*'::' is not auto or one character/,
    ],
    [
      'a reference to no dataset',
      dataset(
        'schema: {fields: [{name: id}], foreignKeys: [{fields: id, reference: {dataset: citizen, fields: id}}]}',
      ),
      /yml:4:.*there is no dataset 'citizen'; did you mean 'citizens'\?/,
    ],
    [
      'a reference to no field',
      dataset(
        'schema: {fields: [{name: id}], foreignKeys: [{fields: id, reference: {dataset: citizens, fields: idd}}]}',
      ),
      /yml:4:.*dataset 'citizens': there is no field 'idd'; did you mean 'id'\?/,
    ],
    [
      'a reference of another width',
      dataset(
        'schema: {fields: [{name: id}, {name: b}], foreignKeys: [{fields: [id, b], reference: {dataset: citizens, fields: id}}]}',
      ),
      /yml:4:.*as many fields/,
    ],
    [
      'a check of no kind',
      dataset('checks: [{name: x}]'),
      /yml:4:\d+: datasets\.citizens\.checks\[0\]: a check needs exactly one of/,
    ],
    [
      'a check of two kinds',
      dataset('checks: [{name: x, expect: "id > 0", rows: {min: 1}}]'),
      /yml:4:.*this one has expect and rows/,
    ],
    ['rows without a bound', dataset('checks: [{name: x, rows: {}}]'), /yml:4:.*min, max or both/],
    [
      'a sum of no field',
      dataset('checks: [{name: x, versus_previous: {sum(incom): {max_drop: 1}}}]'),
      /yml:4:.*there is no field 'incom'/,
    ],
    [
      'a measure that is none',
      dataset('checks: [{name: x, versus_previous: {median(income): {max_drop: 1}}}]'),
      /yml:4:.*neither rows nor sum/,
    ],
    [
      'a measure of a date',
      dataset('checks: [{name: x, versus_last_year: {avg(birth_date): {max_drop: 1}}}]'),
      /yml:4:.*avg needs a field of numbers; 'birth_date' is of type date/,
    ],
    [
      'a condition of a check without one',
      dataset('checks: [{name: x, rows: {min: 1}, when: "id > 0"}]'),
      /yml:4:.*when belongs to expect and required, not rows/,
    ],
    [
      'failures of the file as a whole',
      dataset('checks: [{name: x, rows: {min: 1}, max_failures: 2%}]'),
      /yml:4:.*max_failures belongs to checks of rows .*not rows/,
    ],
    [
      'a tolerance of no total',
      dataset('checks: [{name: x, expect: "id > 0", tolerance: 1}]'),
      /yml:4:.*tolerance belongs to control/,
    ],
    [
      'a needed field that is none',
      dataset('checks: [{name: x, required: [idd]}]'),
      /yml:4:.*checks\[0\]\.required: there is no field 'idd'; did you mean 'id'\?/,
    ],
    [
      'uniqueness across slices that are not there',
      dataset('checks: [{name: x, unique: {fields: id, across: slices}}]'),
      /yml:4:.*hold no slices/,
    ],
    [
      'a misspelt reach of uniqueness',
      dataset('checks: [{name: x, unique: {fields: id, across: period}}]'),
      /yml:4:.*'period' is not one of .*did you mean 'periods'/,
    ],
    [
      'a tree with a parent of another width',
      dataset('checks: [{name: x, hierarchy: {key: [id, id], parent: id}}]'),
      /yml:4:.*parent needs as many fields as key, 2/,
    ],
    [
      'a tree whose parents are of another type',
      dataset('checks: [{name: x, hierarchy: {key: id, parent: birth_date}}]'),
      /yml:4:.*'birth_date' is of type date and 'id' of type integer/,
    ],
    [
      'a tree of no depth',
      dataset('checks: [{name: x, hierarchy: {key: id, parent: id, min_depth: 3, max_depth: 2}}]'),
      /yml:4:.*min_depth 3 is more than max_depth 2/,
    ],
    [
      'a level that is no number',
      dataset('checks: [{name: x, hierarchy: {key: id, parent: id, level: income}}]'),
      /yml:4:.*level needs a field of type integer; 'income' is of type number/,
    ],
    [
      'a total from nowhere',
      dataset('checks: [{name: x, control: {rows: header}}]'),
      /yml:4:.*'header' is no number, nor file, footer or footer\(field\)/,
    ],
    [
      'a total from a footer that is none',
      dataset('checks: [{name: x, control: {rows: footer(id)}}]'),
      /yml:4:.*needs source\.footer/,
    ],
    [
      'rows from the footer, in no column',
      dataset(
        'checks: [{name: x, control: {rows: footer}}]',
        'source: {filename: "c_{period}.csv", footer: x}',
      ),
      /yml:4:.*write footer\(field\)/,
    ],
    [
      'a rule of a constraint that the field does not have',
      field('{name: id, constraints: {required: true}, rules: {pattern: {severity: warning}}}'),
      /yml:6:.*rules\.pattern: the field has no constraint 'pattern'/,
    ],
    [
      'a rule of no constraint',
      field('{name: id, rules: {patern: {severity: warning}}}'),
      /yml:6:.*unknown key 'patern'; did you mean 'pattern'\?/,
    ],
    [
      'a key that rows may lack',
      dataset(
        'schema: {primaryKey: id, fields: [{name: id, constraints: {required: true}, rules: {required: {severity: warning}}}]}',
      ),
      /yml:4:.*rules\.required: 'id' is part of the key/,
    ],
    [
      'a period of a number',
      dataset('checks: [{name: x, in_period: income}]'),
      /yml:4:.*in_period needs a field of dates; 'income' is of type number/,
    ],
    [
      'a comparison without a bound',
      dataset('checks: [{name: x, versus_previous: {rows: {}}}]'),
      /yml:4:.*max_drop, max_rise or both/,
    ],
    [
      'a period of no field',
      dataset('checks: [{name: x, in_period: birthdate}]'),
      /yml:4:.*there is no field 'birthdate'/,
    ],
    ['upsert without a key', dataset('core: {strategy: upsert}'), /yml:4:.*strategy upsert needs a key/],
    [
      'missing without covers',
      dataset('core: {strategy: upsert, key: id, missing: close}'),
      /yml:4:.*missing: close needs covers/,
    ],
    [
      'missing of another strategy',
      dataset('core: {key: id, missing: delete, covers: all}'),
      /yml:4:.*belongs to strategy upsert, not replace_period/,
    ],
    [
      'history of a list without periods',
      dataset('period: none\ncore: {strategy: history, key: id}', 'source: {filename: "c.csv"}'),
      /strategy history needs periods/,
    ],
    [
      'history of a delivery that is not the whole truth of its period',
      dataset('core: {strategy: history, key: id, covers: period}'),
      /whole truth of its period/,
    ],
    [
      'a core key without the slice',
      dataset('core: {key: id}', 'source: {filename: "c_{board}_{period}.csv"}'),
      /yml:4:.*slice names too: board/,
    ],
    [
      'a distribution column outside the key',
      dataset('distribute_by: income'),
      /yml:4:.*part of schema\.primaryKey/,
    ],
    [
      'an unknown limit',
      'version: 1\nlimits: {row: 3}\ndatasets: {}\n',
      /yml:2:10: limits\.row: unknown key 'row'; did you mean 'rows'\?/,
    ],
    ['a limit of nothing', 'version: 1\nlimits: {rows: 0}\ndatasets: {}\n', /yml:2:\d+: limits\.rows/],
  ];

  it.each(CASES)('%s', (_, text, expected) => {
    const { code, exitCode, message, hint } = problem(text);
    expect(message).toMatch(expected);
    expect([code, exitCode]).toEqual(['bad-config', 2]);
    expect(hint).not.toBe('');
    for (const line of message.split('\n')) expect(line).toMatch(/^datasets_config\.yml:\d+:\d+: /);
  });

  it('two datasets of one core table', () => {
    const text = `${dataset('core: {table: people}')}  other:\n    source: {filename: "o_{period}.csv"}\n    schema: {fields: [{name: id}]}\n    core: {table: people}\n`;
    expect(problem(text).message).toMatch(/yml:10:.*core\.people belongs to dataset 'citizens' already/);
  });

  it('datasets that refer to each other in a circle', () => {
    const of = (name: string, other: string) =>
      `  ${name}:\n    source: {filename: "${name}_{period}.csv"}\n    schema: {fields: [{name: id}], foreignKeys: [{fields: id, reference: {dataset: ${other}, fields: id}}]}\n`;
    const text = `version: 1\ndatasets:\n${of('a', 'b')}${of('b', 'c')}${of('c', 'a')}`;
    expect(problem(text).message).toContain('in a circle: a → b → c → a');
  });

  it('but not a dataset that refers to itself', () => {
    const text = dataset(
      'schema: {fields: [{name: id}, {name: boss}], foreignKeys: [{fields: boss, reference: {dataset: citizens, fields: id}}]}',
    );
    expect(first(load(text)).foreignKeys).toHaveLength(1);
  });

  it('for all its faults at once', () => {
    const { message } = problem(dataset('perod: month\ntitel: x\nchecks: [{naem: x}]'));
    for (const key of ['perod', 'titel', 'naem']) expect(message).toContain(`unknown key '${key}'`);
    expect(message.split('\n').length).toBeGreaterThanOrEqual(3);
  });

  it('where there is none', () => {
    const missing = () => loadConfig(join(folder, 'nothing.yml'), {}, 'nothing.yml');
    expect(missing).toThrow(/nothing\.yml: there is no configuration here/);
  });
});
