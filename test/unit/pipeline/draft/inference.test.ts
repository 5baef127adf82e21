import { describe, expect, it } from 'vitest';
import { inferDates } from '../../../../src/domain/infer-date.ts';
import { ColumnSampler } from '../../../../src/pipeline/draft/column-sample.ts';
import { namesIdentifier } from '../../../../src/pipeline/draft/identifier-name.ts';
import { inferField } from '../../../../src/pipeline/draft/infer-field.ts';
import { readNamePattern } from '../../../../src/pipeline/draft/name-pattern.ts';
import { fieldNames } from '../../../../src/pipeline/draft/snake-case.ts';
import type { CellKind } from '../../../../src/readers/reader.ts';
import { decimalCharOf, inferNumber } from '../../../../src/types/number/infer-number.ts';

function column(header: string, texts: readonly string[], kind: CellKind = 's') {
  const sampler = new ColumnSampler(header, 0);
  for (const text of texts) sampler.add({ text, kind: text === '' ? '_' : kind });
  return sampler;
}
const JUNE = { month: '2025-06', decimalChar: null };
const NOTHING = { month: null, decimalChar: null };
const typeOf = (texts: readonly string[], header = 'x', kind: CellKind = 's') => {
  const { name, title, ...typed } = inferField('x', column(header, texts, kind), JUNE).written;
  return typed;
};

describe('names', () => {
  it.each([
    ['sales_2025-06.xlsx', 'sales', 'month', 'sales_{period}[_v{version}].{xlsx,csv}'],
    ['sales_202506.csv', 'sales', 'month', 'sales_{period}[_v{version}].{xlsx,csv}'],
    ['Sales Report 2025_06.tsv', 'sales_report', 'month', 'Sales Report {period}[_v{version}].tsv'],
    ['citizens_2025-06_v2.xlsx', 'citizens', 'month', 'citizens_{period}[_v{version}].{xlsx,csv}'],
    ['2025-06 Großkunden.csv', 'grosskunden', 'month', '{period} Großkunden[_v{version}].{xlsx,csv}'],
    ['hours_2025-Q2.csv', 'hours', 'quarter', 'hours_{period}[_v{version}].{xlsx,csv}'],
    ['budget2025.xlsx', 'budget', 'year', 'budget{period}[_v{version}].{xlsx,csv}'],
    ['regions.csv', 'regions', 'none', 'regions[_v{version}].csv'],
    ['extract_2025-06-30.csv', 'extract', 'month', 'extract_{period}-{version}.{xlsx,csv}'],
    ['8digits_12345678.csv', 'd_8digits_12345678', 'none', '8digits_12345678[_v{version}].csv'],
  ])('reads %s', (file, dataset, periodKind, pattern) => {
    expect(readNamePattern(file, null)).toMatchObject({ dataset, periodKind, pattern });
  });

  it.each([
    ['Report June 2025.xlsx', 'June 2025'],
    ['sales_06-2025.csv', '06-2025'],
    ['sales_20250630.csv', '20250630'],
    ['sales_Q2-2025.csv', 'Q2-2025'],
    ['sales_2025-W23.csv', '2025-W23'],
    ['budget_2025-2026.csv', '2025-2026'],
  ])('says what to do about %s, whose period cannot be read', (file, spelled) => {
    const found = readNamePattern(file, null);
    expect(found?.periodKind).toBe('none');
    expect(found?.note).toContain(spelled);
  });

  it('finds no month in a name without one, when one is asked for', () => {
    expect(readNamePattern('regions.csv', 'month')).toBeNull();
  });

  it.each([
    ...[
      'id',
      'Order No.',
      'No',
      'Account number',
      'Rechnungsnummer',
      'Kunden-Nr.',
      'customerID',
      'Phone no 2',
    ],
    ...[
      'Code 2',
      'Customer ID (old)',
      'ID of the customer',
      'Your reference',
      'ISIN code',
      'Employee number',
    ],
    ...['Postcode', 'Code', 'Ref (old)', 'ISIN', 'Key', '№'],
  ])('takes %s for an identifier', (header) => expect(namesIdentifier(header)).toBe(true));

  it.each([
    ...['No. of pupils', 'Number of orders', 'Has no children', 'Key stage 2 score', 'Nr. of rooms'],
    ...['Amount', 'Width', 'Paid', 'Notes', 'x', 'Yes/No', 'Married (yes/no)', 'Sí o no', 'Total number'],
    ...['ID expiry date', 'Code description', 'Reference period', 'Customer ID valid from', 'Postcode name'],
  ])('takes %s for no identifier', (header) => expect(namesIdentifier(header)).toBe(false));

  it('gives every header a field name of its own', () => {
    expect(fieldNames(['Citizen ID', 'citizenID', 'Área (%)', '№', '2023', '__proto__', 'Größe'])).toEqual([
      'citizen_id',
      'citizen_id_2',
      'area_percent',
      'no',
      'c_2023',
      'proto',
      'grosse',
    ]);
  });
});

describe('types', () => {
  it.each([
    [['1', '2', '-3'], { type: 'integer' }],
    [['007', '12'], { type: 'string' }],
    [['1.5', '2'], { type: 'number', precision: 18, scale: 2 }],
    [['1.2345', '2'], { type: 'number', precision: 18, scale: 4 }],
    [['0.30000000000000004'], { type: 'number' }],
    [['1,234.50', '12.00'], { type: 'number', precision: 18, scale: 2, groupChar: ',' }],
    [['1.234,50', '12,00'], { type: 'number', precision: 18, scale: 2, groupChar: '.', decimalChar: ',' }],
    [['€ 12.50', '€ 3.00'], { type: 'number', precision: 18, scale: 2, bareNumber: false }],
    [['1234567890123456789012'], { type: 'string' }],
    [['2025-06-01', '2025-06-30'], { type: 'date' }],
    [['2025-06', '2025-05'], { type: 'yearmonth' }],
    [['Yes', 'No', 'yes'], { type: 'boolean', trueValues: ['Yes', 'yes'], falseValues: ['No'] }],
    [['true', 'false'], { type: 'boolean' }],
    [['0', '1'], { type: 'integer' }],
    [['08:30:00', '17:00:00'], { type: 'time' }],
    [['2025-06-01T10:00:00'], { type: 'datetime' }],
    [['01/06/2025 10:30'], { type: 'datetime', format: '%d/%m/%Y %H:%M' }],
    [['2025-06-01T10:00:00Z', '2025-06-01 10:00+02:00'], { type: 'datetime' }],
    [['a', '1'], { type: 'string' }],
    [['[1, "a"]', '[]'], { type: 'array' }],
    [['{"x": 1}'], { type: 'object' }],
    [['[1]', '[x'], { type: 'string' }],
    [['1e5'], { type: 'string' }],
    [['INV-1001', 'INV-1002', 'CRN-1002'], { type: 'string' }],
    [['ABC123', 'ABC124'], { type: 'string' }],
    [['LHS 1140', 'HIP 581', 'TOI 700'], { type: 'string' }],
    [['USD-5', 'USD-6'], { type: 'string' }],
    [['ALL123', 'TOP124'], { type: 'string' }],
    [['EUR 12.50', 'EUR -3'], { type: 'number', precision: 18, scale: 2, bareNumber: false }],
    [['12.50 EUR', '3 EUR'], { type: 'number', precision: 18, scale: 2, bareNumber: false }],
    [['-€ 12', '€ -3'], { type: 'integer', bareNumber: false }],
    [['9223372036854775807'], { type: 'integer' }],
    [['9223372036854775808'], { type: 'string' }],
    [['0.123456', '2'], { type: 'number', precision: 18, scale: 6 }],
    [['123456789012345.25'], { type: 'number', precision: 38, scale: 2 }],
  ])('%j', (texts, typed) => {
    expect(typeOf(texts)).toEqual(typed);
  });

  it.each([
    [['1.2000000000000002', '72.5'], { type: 'number', precision: 18, scale: 2 }],
    [['0.33299999999999996', '0.125'], { type: 'number', precision: 18, scale: 4 }],
    [['1234567890123456.78', '0.1'], { type: 'number', precision: 38, scale: 2 }],
    [['123456789012340.02'], { type: 'integer' }],
    [['0.3333333333333333'], { type: 'number' }],
  ])('%j of a workbook counts with the fifteen digits it shows', (texts, typed) => {
    expect(typeOf(texts, 'x', 'n')).toEqual(typed);
  });

  it('takes zeros alone for no proof of whole numbers', () => {
    const { written, notes } = inferField('x', column('x', ['0', '0', '0.0']), NOTHING);
    expect(written).toEqual({ name: 'x', type: 'number', precision: 18, scale: 2 });
    expect(notes).toEqual(['only zeros in this file: check the type']);
  });

  it.each([
    [['EUR 5', 'EUR 6'], 'EUR is taken for a currency'],
    [['€ 5', '$ 6'], '$ and € are in one column'],
    [['5%', '0.05'], 'only some of the numbers have a percent sign'],
  ])('%j is a doubt', (texts, note) => {
    expect(inferField('x', column('x', texts), NOTHING).notes.join()).toContain(note);
  });

  it('keeps cells whose format is zeros only as text', () => {
    expect(typeOf(['0123', '4567'], 'zip', 'z')).toEqual({ type: 'string' });
  });

  it('takes real dates of which one has a time of day for datetimes', () => {
    expect(typeOf(['2025-06-01', '2025-06-01T10:00:00'], 'seen', 'd')).toEqual({ type: 'datetime' });
    expect(typeOf(['2025-06-01', '2025-06-02'], 'seen', 'd')).toEqual({ type: 'date' });
  });

  it('still sees a text after more values than it remembers', () => {
    const texts = Array.from({ length: 60_000 }, (_, i) => String(i + 1));
    expect(typeOf([...texts, 'n.k.'])).toEqual({ type: 'string' });
    expect(typeOf([...texts, '0815'])).toEqual({ type: 'string' });
  });

  it('names error cells, which no missing value excuses', () => {
    const sampler = column('x', ['1', '2']);
    sampler.add({ text: '#N/A', kind: 'e' });
    const { written, notes } = inferField('x', sampler, NOTHING);
    expect(written.type).toBe('integer');
    expect(sampler.noValues.size).toBe(0);
    expect(notes.join()).toContain('1 cell holds an error such as #N/A');
  });

  it('takes a year for a year only where the header says so', () => {
    expect(typeOf(['2024', '2025'], 'Year')).toEqual({ type: 'year' });
    expect(typeOf(['2024', '2025'], 'Amount')).toEqual({ type: 'integer' });
  });

  it('tells day-first from month-first by a day above 12, and names the doubt otherwise', () => {
    expect(inferDates(['13/06/2025', '01/02/2025'], null)).toEqual({ formats: ['%d/%m/%Y'], alsoFits: null });
    expect(inferDates(['06/13/2025'], null)).toEqual({ formats: ['%m/%d/%Y'], alsoFits: null });
    expect(inferDates(['01/02/2025'], null)).toEqual({ formats: ['%d/%m/%Y'], alsoFits: '%m/%d/%Y' });
  });

  it('reads dates of the file’s own month as that month', () => {
    expect(inferDates(['06/01/2025', '06/02/2025'], '2025-06')).toEqual({
      formats: ['%m/%d/%Y'],
      alsoFits: null,
    });
  });

  it('takes real dates beside typed ones as two formats', () => {
    expect(inferDates(['2025-06-01', '14/05/2025'], null)?.formats).toEqual(['%d/%m/%Y', '%Y-%m-%d']);
  });

  it.each([
    [
      ['2025-03-06', '2025-07-06'],
      ['13/06/2025', '28/06/2025'],
      'day and month of dates up to the 12th may be exchanged',
    ],
    [['2025-03-06T10:00:00'], ['13.06.2025 9:30'], 'day and month of dates up to the 12th may be exchanged'],
    [['2025-03-06'], ['13 June 2025'], 'check: one column holds dates and date texts'],
  ])('doubts dates %j of a workbook beside the texts %j', (dates, texts, note) => {
    const mixed = column('on', dates, 'd');
    for (const text of texts) mixed.add({ text, kind: 's' });
    const { written, notes } = inferField('on', mixed, NOTHING);
    expect(['date', 'datetime']).toContain(written.type);
    expect(notes.join()).toContain(note);
  });

  it('doubts dates in two notations of a text file, and none in one', () => {
    const notes = (texts: readonly string[]) => inferField('on', column('on', texts), NOTHING).notes.join();
    expect(notes(['2025-06-01', '14/05/2025'])).toContain('two notations (%d/%m/%Y and %Y-%m-%d)');
    expect(notes(['13/06/2025', '14/05/2025'])).toBe('');
    expect(inferField('on', column('on', ['2025-06-01', '2025-06-13'], 'd'), NOTHING).notes).toEqual([]);
  });

  it('finds no date in a day that is not in the calendar', () => {
    expect(inferDates(['31/06/2025'], null)).toBeNull();
  });

  it('says that 1,234 may be read in two ways', () => {
    expect(inferNumber(['1,234', '5,678'])?.ambiguous).toBe(true);
    expect(inferNumber(['1,234', '5,678.90'])?.ambiguous).toBe(false);
  });

  it('takes 1,234 as the other numbers of the file are written, and numbers of cells as they are', () => {
    expect(decimalCharOf([['1,5', '2'], ['1,234'], ['a.b']])).toBe(',');
    expect(decimalCharOf([['1,5'], ['1.5']])).toBeNull();
    expect(inferNumber(['1,234', '5,678'], ',')).toMatchObject({ whole: false, ambiguous: false });
    expect(inferNumber(['1,234', '5,678'], '.')).toMatchObject({ whole: true, groupChar: ',' });
    const mixed = column('x', ['1.234'], 'n');
    mixed.add({ text: '1.000,5', kind: 's' });
    expect(inferField('x', mixed, NOTHING).written).toMatchObject({
      groupChar: '.',
      decimalChar: ',',
      scale: 4,
    });
    expect(inferField('x', column('x', ['1.234'], 'n'), NOTHING).notes).toEqual([]);
  });

  it.each([
    [['3 Mar 2025', '14 Sep 2024'], { type: 'date', format: '%d %b %Y' }],
    [['March 3, 2025', 'June 14, 2024'], { type: 'date', format: '%B %d, %Y' }],
    [['3 March 2025', '14 Sept 2024'], { type: 'date', format: '%d %b %Y', locale: 'en' }],
    [['3 mars 2025', '14 août 2024'], { type: 'date', format: '%d %b %Y', locale: 'fr' }],
    [['03-Mar-25', '14-Dec-24'], { type: 'date', format: '%d-%b-%y' }],
    [['Jun 2025', 'May 2025'], { type: 'yearmonth', format: '%b %Y' }],
    [['June 3, 2025 1:05 PM'], { type: 'datetime', format: '%B %d, %Y %I:%M %p' }],
    [['(12.50)', '3'], { type: 'number', precision: 18, scale: 2, accounting: true }],
    [['12-', '3'], { type: 'integer', accounting: true }],
    [['1\u202f234,5'], { type: 'number', precision: 18, scale: 2, groupChar: ' ', decimalChar: ',' }],
    [['30 Feb 2025'], { type: 'string' }],
    [['Mar 2025', 'Q2 2025'], { type: 'string' }],
  ])('%j is what people write', (texts, typed) => {
    expect(typeOf(texts)).toEqual(typed);
  });

  it('takes 202506 for a month where the header says so', () => {
    expect(typeOf(['202506', '202412'], 'Report month')).toEqual({ type: 'yearmonth', format: '%Y%m' });
    expect(typeOf(['202506', '202412'], 'Amount')).toEqual({ type: 'integer' });
  });

  it('says when a few texts keep a column from being a number', () => {
    const texts = [...Array.from({ length: 60 }, (_, i) => String(i)), 'unknown'];
    expect(inferField('x', column('x', texts), NOTHING).notes.join()).toContain('1 of 61');
  });
});
