import { describe, expect, it } from 'vitest';
import { codeOf, fill, quoted, type Wording } from '../../../src/checks/wording.ts';
import { listed } from '../../../src/domain/listed.ts';
import { ALL_WORDINGS, CATALOGUE } from '../../../src/validation/catalogue.ts';
import { expected, formOf, typeCure } from '../../../src/validation/form/expected.ts';
import { datasetOf, validateText } from './validate-text.ts';

/** What stands in the places of the templates: as long as it may be in earnest. */
const FILLINGS: Record<string, string> = {
  column: 'Date of birth',
  columns: 'Date of birth, Income, Region',
  value: quoted('one two three four five six seven'),
  expected: 'a date such as 30/06/2025 or 2025-06-30',
  form: 'N[0-9]{9}, such as N123456789',
  allowed: listed(['north', 'south', 'east', 'west', 'centre', 'north east', 'south east', 'north west']),
  limit: '2025-06-30',
  cure: 'Enter a date.',
  step: 'outer blanks',
  width: '12',
  row: '1,048,576',
  meant: " (did you mean 'North East'?)",
  table: 'Sales of the north',
  places: '2025-03, 2025-04, 2025-05 and more',
  list: "the list 'regions'",
  rule: 'income of adults',
  because: 'Status, Region',
  key: 'Topic code',
  path: 'rows 2 → 3 → 4 → 5 → 6 → 7 and 4994 more',
  period: '2025-06',
  count: '12,000',
  measure: 'Number of different values of Region',
  place: "the control file 'payments_2025-06.control.csv'",
  found: '1134.50',
  wanted: '1234.50',
  why: 'cannot be read: it is not one JSON object',
  moved: 'fell',
  before: '1200',
  now: '600',
  share: ', by 50.0%',
  check: 'as last year',
  cells: '11,998 of 12,000 cells',
  owner: 'registry@example.org',
  example: '30. June 2025',
  format: "%d. %B %Y, names in 'de'",
  marks: "',' and thousands with '.'",
  values: "'North', 'South', 'East'",
};
const words = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
/** Words of people who write programs and configurations. */
const CODE =
  /`|[a-z]_[a-z]|\b(null|NaN|regex|regexp|pattern|constraint|boolean|integer|string|varchar|decimal|timestamp|primary key|foreign key|schema|SQL|parse|cast|array|parquet|duckdb|enum)\b/i;

describe('what analysts read', () => {
  it.each(Object.keys(ALL_WORDINGS))('%s has at most 25 words, and none of programmers', (id) => {
    const { summary, message, fix } = ALL_WORDINGS[id] as Wording;
    for (const template of [summary, message, fix ?? '']) {
      expect(template).not.toMatch(CODE);
      const text = fill(template, FILLINGS);
      // A circle of rows is drawn, not said.
      expect(words(text.replace(/ → \d+/g, '')), text).toBeLessThanOrEqual(25);
      expect(text.trim()).toBe(text);
    }
    expect(message).toMatch(/[.]$/);
    expect(summary).not.toMatch(/[.]$|\{value\}/);
  });

  it('has a page in docs/checks.md for every code', () => {
    const codes = new Set(CATALOGUE.map(({ code }) => code));
    const ids = Object.keys(ALL_WORDINGS);
    expect(ids.map(codeOf).filter((code) => !codes.has(code))).toEqual([]);
  });

  const FIELDS: Record<string, unknown>[] = [
    { type: 'integer' },
    { type: 'number' },
    { type: 'number', precision: 12, scale: 2, decimalChar: ',', groupChar: '.' },
    { type: 'boolean' },
    {
      type: 'boolean',
      trueValues: ['yes please', 'oh yes', 'of course'],
      falseValues: ['no thank you', 'never', 'n'],
    },
    { type: 'date', format: ['%d/%m/%Y', '%Y-%m-%d', '%d.%m.%y', '%d %B %Y'] },
    { type: 'date', locale: 'de', format: '%A, %d. %B %Y' },
    { type: 'datetime' },
    { type: 'time', format: ['%I:%M %p', '%H.%M'] },
    { type: 'year' },
    { type: 'yearmonth', format: ['%m/%Y', '%B %Y'] },
    { type: 'object' },
    { type: 'array' },
  ];
  it.each(FIELDS)('says in 25 words what a cell of %j should hold, and how to fix it', (written) => {
    const [field] = datasetOf([{ name: 'v', ...written }]).fields;
    if (field === undefined) throw new Error('no field');
    const values = {
      column: 'Date of birth',
      value: quoted('thirty or so'),
      expected: expected(field),
      cure: '',
    };
    expect(words(fill(ALL_WORDINGS['type-error']?.message ?? '', values))).toBeLessThanOrEqual(25);
    for (const value of [null, '1e5', '12.345', '45809', 'about 5', '99999999999,5', '(5)'])
      expect(words(typeCure(field, value)), typeCure(field, value)).toBeLessThanOrEqual(25);
  });

  it('quotes the beginning of long values', () => {
    expect(quoted('a b c d e f g h')).toBe("'a b c d e f …'");
    expect(quoted('x'.repeat(500))).toHaveLength(82);
    expect(quoted(null)).toBe('the value');
  });

  it.each([
    ['N[0-9]{9}', 'N[0-9]{9}, such as N123456789'],
    ['^[A-Z]{2}-\\d{3,5}$', '^[A-Z]{2}-\\d{3,5}$, such as AA-123'],
    ['[a-z]+\\.[a-z]*x?', '[a-z]+\\.[a-z]*x?, such as a.'],
    ['(a|b)', '(a|b)'],
    ['[^x]', '[^x]'],
    ['\\w+', '\\w+'],
    ['.*', '.*'],
    ['abc', 'abc'],
  ])('shows an example of the form %s', (pattern, form) => expect(formOf(pattern)).toBe(form));

  it('every sentence of a terrible file keeps to it', async () => {
    const dataset = datasetOf(
      [
        { name: 'citizen_id', title: 'Citizen ID', type: 'integer' },
        { name: 'national_id', title: 'National ID', constraints: { pattern: 'N[0-9]{9}', unique: true } },
        {
          name: 'region',
          title: 'Region',
          constraints: { enum: ['NO', 'SO', 'EA'], minLength: 2, maxLength: 2 },
        },
        {
          name: 'income',
          title: 'Income',
          type: 'number',
          constraints: { minimum: '0', maximum: '1000000' },
        },
        { name: 'born', title: 'Date of birth', type: 'date', constraints: { required: true } },
        { name: 'above', title: 'Head of family', type: 'integer' },
      ],
      {
        accept: { max_rejected: 1000 },
        schema: { primaryKey: ['citizen_id'] },
        source: { footer: '^Total' },
        checks: [
          { name: 'adult_income', expect: "income = 0 or born < date '2010-01-01'", max_failures: '1%' },
          { name: 'has_region', required: 'region', when: 'income > 0' },
          { name: 'in_month', in_period: 'born' },
          { name: 'once', unique: { fields: ['region', 'born'], across: 'periods' } },
          { name: 'families', hierarchy: { key: 'citizen_id', parent: 'above', min_depth: 2, max_depth: 2 } },
          { name: 'enough', rows: { min: 100 } },
          { name: 'as_sent', control: { rows: 'file', 'sum(income)': 'footer', 'max(citizen_id)': 7 } },
          { name: 'steady', versus_previous: { rows: { max_drop: 0 } } },
          { name: 'last_year', versus_last_year: { rows: { max_drop: 0 } } },
        ],
      },
    );
    const lines = [
      '1,N123456789,NO,5,1980-01-01,',
      '1,N123456789,NORTH EAST,-5,31/02/1980,9',
      '2,X1,N,2000000,,3',
      '3,N000000001,SO,9007199254740993,2015-01-01,2',
      '4,N000000002,,10,1980-01-01,4',
      '5,N000000003,NO,10,1980-01-01',
      '6,N000000004,NO,1e5,1980-01-01,4,7',
      'Total,,,17,,',
    ];
    const { report } = await validateText(
      dataset,
      `Citizen ID,National ID,Region,Income,Date of birth,Head of family\n${lines.join('\n')}\n`,
    );
    expect(report.totals.length).toBeGreaterThan(20);
    const texts = [
      ...report.findings.flatMap(({ message, fix }) => [message, fix ?? '']),
      ...report.totals.map(({ message }) => message),
    ];
    // What authors of rules wrote is theirs: a rule without words of its own is quoted after 'Expected'.
    for (const text of texts.map((one) => one.replace(/ Expected: .*/, ''))) {
      expect(words(text.replace(/ → \d+/g, '')), text).toBeLessThanOrEqual(25);
      expect(text).not.toMatch(/`|\bnull\b|[a-z]_[a-z]+_?[a-z]*\b(?!\.control)/);
    }
  });
});
