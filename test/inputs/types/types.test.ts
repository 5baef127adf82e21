import { describe, expect, test } from 'vitest';
import {
  type Became,
  judgeTexts,
  read,
  readCells,
  testFields,
  testTexts,
} from '../../unit/types/read-together.ts';
import {
  datasetOf,
  type SheetCell,
  validateCells,
  validateText,
} from '../../unit/validation/validate-text.ts';

const FAULT = 'type-error';

describe('integer', () => {
  const integer = { type: 'integer' };
  testTexts('%j', integer, [
    ['12', '12'],
    [' 12 ', '12'],
    ['\u00a012\u00a0', '12'],
    ['+12', '12'],
    ['-12', '-12'],
    ['007', '7'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', FAULT],
    ['12.0', FAULT],
    ['12.5', FAULT],
    ['1e3', FAULT],
    ['1_000', FAULT],
    ['1,000', FAULT],
    ['0x1F', FAULT],
    ['twelve', FAULT],
    ['- 5', FAULT],
    ['', null],
    ['   ', null],
  ]);

  testTexts('with groups %j', { type: 'integer', groupChar: ',' }, [
    ['1,234', '1234'],
    ['-1,234,567', '-1234567'],
    ['12,34,567', '1234567'],
    ['1234', '1234'],
    ['12,5', FAULT],
    ['1,2345', FAULT],
    [',123', FAULT],
  ]);
});

describe('number with precision and scale', () => {
  const decimal = { type: 'number', precision: 6, scale: 2 };
  testTexts('%j', decimal, [
    ['12.34', '12.34'],
    ['12.3', '12.30'],
    ['12', '12.00'],
    ['12.', '12.00'],
    ['.5', '0.50'],
    ['12.340', '12.34'],
    ['+1.5', '1.50'],
    ['9999.99', '9999.99'],
    ['12.345', FAULT],
    ['10000', FAULT],
    ['1e3', FAULT],
    ['NaN', FAULT],
    ['infinity', FAULT],
    ['1_000', FAULT],
    ['.', FAULT],
    ['-', FAULT],
    ['1.2.3', FAULT],
    ['12,34', FAULT],
  ]);

  testTexts('with a decimal comma %j', { ...decimal, decimalChar: ',', groupChar: '.' }, [
    ['1.234,56', '1234.56'],
    ['12,5', '12.50'],
    ['12.5', FAULT],
    ['1234,5', '1234.50'],
  ]);

  testTexts('with units %j', { ...decimal, bareNumber: false }, [
    ['€ 12.50', '12.50'],
    ['12.50 EUR', '12.50'],
    ['-$5', '-5.00'],
    ['$-5', '-5.00'],
    ['5%', '5.00'],
    ['(5)', FAULT],
    ['5-', FAULT],
    ['EUR', FAULT],
  ]);
});

describe('number without precision', () => {
  testTexts('%j', { type: 'number' }, [
    ['12.345', 12.345],
    ['12', 12],
    ['-0.5', -0.5],
    ['nan', FAULT],
    ['inf', FAULT],
    ['1e+20', FAULT],
    ['1e400', FAULT],
    [`1${'0'.repeat(400)}`, FAULT],
  ]);
});

describe('signs around numbers', () => {
  const exact = { type: 'number', precision: 9, scale: 2 };
  testFields('%j %j', [
    // Thousands set off by spaces of any width, and by apostrophes straight and curly.
    [{ ...exact, groupChar: ' ' }, '1 234.50', '1234.50'],
    [{ ...exact, groupChar: ' ' }, '1\u00a0234.50', '1234.50'],
    [{ ...exact, groupChar: ' ' }, '1\u202f234\u202f567.5', '1234567.50'],
    [{ ...exact, groupChar: ' ' }, '12 34.50', FAULT],
    [{ ...exact, groupChar: "'" }, "1'234.50", '1234.50'],
    [{ ...exact, groupChar: "'" }, '1\u2019234.50', '1234.50'],
    [{ type: 'integer', groupChar: '.' }, '1.234', '1234'],
    [{ type: 'integer', groupChar: '.' }, '1.5', FAULT],
    // The minus sign of typesetters is one.
    [exact, '\u221212.50', '-12.50'],
    [{ type: 'integer' }, '\u22125', '-5'],
    [exact, '\u201312.50', FAULT],
    // As bookkeepers write, where the field says so.
    [{ ...exact, accounting: true, groupChar: ',' }, '(1,234.50)', '-1234.50'],
    [{ ...exact, accounting: true, groupChar: ',' }, '1,234.50-', '-1234.50'],
    [{ ...exact, accounting: true }, '12.50', '12.50'],
    [{ ...exact, accounting: true }, '-12.50', '-12.50'],
    [{ ...exact, accounting: true }, '(-12.50)', FAULT],
    [{ ...exact, accounting: true }, '-12.50-', FAULT],
    [{ ...exact, accounting: true }, '(12.50', FAULT],
    [{ ...exact, accounting: true }, '()', FAULT],
    [{ ...exact, accounting: true }, '($12.50)', FAULT],
    [{ ...exact, accounting: true, bareNumber: false }, '($12.50)', '-12.50'],
    [{ ...exact, accounting: true, bareNumber: false }, '$(12.50)', '-12.50'],
    [{ ...exact, accounting: true, bareNumber: false }, '12.50- EUR', '-12.50'],
    [{ type: 'integer', accounting: true }, '(7)', '-7'],
    [{ ...exact, accounting: true, decimalChar: ',', groupChar: '.' }, '(1.234,5)', '-1234.50'],
    // A percent sign: the number shown, or the fraction behind it; never rounded.
    [{ ...exact, bareNumber: false }, '12.5 %', '12.50'],
    [{ ...exact, bareNumber: false, percent: 'fraction' }, '5%', '0.05'],
    [{ ...exact, bareNumber: false, percent: 'fraction' }, '-125 %', '-1.25'],
    [{ ...exact, bareNumber: false, percent: 'fraction' }, '5.5%', FAULT],
    [{ ...exact, scale: 4, bareNumber: false, percent: 'fraction' }, '5.25%', '0.0525'],
    [{ ...exact, scale: 4, bareNumber: false, percent: 'fraction' }, '.5%', '0.0050'],
    [{ ...exact, bareNumber: false, percent: 'fraction' }, '0.25', '0.25'],
    [{ ...exact, bareNumber: false, percent: 'fraction' }, '%', FAULT],
    [{ type: 'number', bareNumber: false, percent: 'fraction' }, '12.5%', 0.125],
    // Signs of a language, and what is written over them.
    [{ ...exact, locale: 'de' }, '1.234,50', '1234.50'],
    [{ ...exact, locale: 'de' }, '1,234.50', FAULT],
    [{ ...exact, locale: 'fr' }, '1\u202f234,50', '1234.50'],
    [{ ...exact, locale: 'de-CH' }, "1'234.50", '1234.50'],
    [{ ...exact, locale: 'de', groupChar: ' ' }, '1 234,50', '1234.50'],
    [{ ...exact, locale: 'de', decimalChar: '.' }, '1234.50', '1234.50'],
    [{ type: 'number', decimalChar: ',' }, '12,5', 12.5],
    [{ type: 'number', decimalChar: ',' }, ',5', 0.5],
    [{ type: 'number', decimalChar: ',' }, '12.5', FAULT],
    [{ type: 'number', decimalChar: ',' }, '1e3', FAULT],
  ]);
});

describe('digits of a binary number', () => {
  const digits = [
    ['9007199254740993', true],
    ['9007199254740992', false],
    ['-9007199254740993.0', true],
    ['12345678901234567890', true],
    ['123456789012345680000', false],
    ['100000000000000000000000', false],
    ['0.1', false],
    ['0.10000000000000001', false],
    ['0.1234567890123456', false],
    ['0.12345678901234567890', true],
    ['3.141592653589793', false],
    ['3.141592653589793238', true],
    ['0.000000000000000000123', false],
  ] as const;
  const judged = [{}, { quickFrom: 0 }].map((options) => {
    let judging: Promise<Became[]> | undefined;
    return () => {
      judging ??= judgeTexts(
        digits.map(([text]) => [{ type: 'number' }, text]),
        options,
      );
      return judging;
    };
  });
  test.each(digits.map((one, i) => [...one, i] as const))('%j: told %j', async (text, lost, i) => {
    for (const judge of judged) {
      const { told, accepted } = (await judge())[i] as Became;
      expect(told).toEqual(lost ? [`digits-lost (warning) 2:1 ${text}`] : []);
      expect(accepted).toBe(true);
    }
  });

  test('with precision all of them are kept', async () => {
    expect(await read({ type: 'number', precision: 20, scale: 0 }, '9007199254740993')).toBe(
      '9007199254740993',
    );
    expect(await read({ type: 'integer' }, '9007199254740993')).toBe('9007199254740993');
  });

  test.each([
    ['1.2000000000000002', 1.2, false],
    ['0.30000000000000004', 0.3, false],
    ['19.989999999999998', 19.99, false],
    ['1234567.8900000001', 1234567.89, false],
    ['-0.7999999999999999', -0.8, false],
    // No noise: a third, and what a program measured.
    ['0.3333333333333333', 0.3333333333333333, false],
    ['1234567890123.4568', 1234567890123.4568, false],
    ['1.0000000000000008e+22', 1.0000000000000008e22, false],
    // Whole numbers are exact as far as a binary number goes.
    ['9007199254740991', 9007199254740991, false],
    ['9007199254740099', 9007199254740099, false],
    ['9007199254740993', 9007199254740992, true],
    ['1234567890123456.789', 1234567890123456.8, true],
    ['12345678901234567890', 12345678901234567000, true],
  ])('of a workbook cell, %s becomes %d; told %j', async (text, value, lost) => {
    for (const decimalChar of ['.', ','])
      for (const quickFrom of [0, 1e9]) {
        const dataset = datasetOf([{ name: 'v', type: 'number', decimalChar }]);
        const { told, accepted } = await validateCells(dataset, [[['n', text]]], { quickFrom });
        expect(accepted[0]?.v).toBe(value);
        expect(told).toEqual(lost ? [`digits-lost (warning) A2 ${text}`] : []);
      }
  });

  test('of a text in a workbook and of any text file, all digits count', async () => {
    const dataset = datasetOf([{ name: 'v', type: 'number' }, { name: 'z' }]);
    for (const quickFrom of [0, 1e9]) {
      const text = await validateText(dataset, 'v,z\n1.2000000000000002,x\n', { quickFrom });
      expect(text.accepted[0]?.v).toBe(1.2000000000000002);
      const cell = await validateCells(dataset, [[['s', '1.2000000000000002']]], { quickFrom });
      expect(cell.accepted[0]?.v).toBe(1.2000000000000002);
    }
  });
});

test('a percentage typed as text into a workbook is told, for the cell beside it holds the fraction', async () => {
  const cells: SheetCell[][] = [[['s', '5%']], [['n', '0.05']]];
  const field = { name: 'v', type: 'number', precision: 6, scale: 2, bareNumber: false };
  const shown = await validateCells(datasetOf([field]), cells);
  expect(shown.told).toEqual(['percent-in-text (warning) A2 5%']);
  expect(shown.accepted.map(({ v }) => v)).toEqual(['5.00', '0.05']);
  const fraction = await validateCells(datasetOf([{ ...field, percent: 'fraction' }]), cells);
  expect(fraction.told).toEqual([]);
  expect(fraction.accepted.map(({ v }) => v)).toEqual(['0.05', '0.05']);
});

describe('boolean', () => {
  testTexts('%j', { type: 'boolean' }, [
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['False', false],
    ['0', false],
    ['yes', FAULT],
  ]);

  test('takes the configured values alone', async () => {
    const field = { type: 'boolean', trueValues: ['yes', 'Y'], falseValues: ['no'] };
    expect(await read(field, 'Y')).toBe(true);
    expect(await read(field, ' no')).toBe(false);
    expect(await read(field, 'true')).toBe(FAULT);
  });
});

describe('date', () => {
  testTexts('%j', { type: 'date' }, [
    ['2025-06-30', '2025-06-30'],
    ['2024-02-29', '2024-02-29'],
    ['2025-02-29', FAULT],
    ['2025-6-1', FAULT],
    ['2025/06/01', FAULT],
    ['01/06/2025', FAULT],
    ['2025-06-30 00:00:00', FAULT],
    ['12025-01-01', FAULT],
    ['0000-01-01', FAULT],
    ['infinity', FAULT],
    ['epoch', FAULT],
    ['45000', FAULT],
  ]);

  testTexts('by formats %j', { type: 'date', format: ['%d/%m/%Y', '%Y-%m-%d'] }, [
    ['30/06/2025', '2025-06-30'],
    ['1/6/2025', '2025-06-01'],
    ['2025-06-30', '2025-06-30'],
    ['31/06/2025', FAULT],
    ['06/30/2025', FAULT],
    ['1/6/25', FAULT],
  ]);

  test('reads month names and two-digit years where a format says so', async () => {
    expect(await read({ type: 'date', format: '%d %b %y' }, '3 Jun 25')).toBe('2025-06-03');
    expect(await read({ type: 'date', format: '%d. %B %Y' }, '3. June 2025')).toBe('2025-06-03');
  });

  const inLanguage = (locale: string, format: string, type = 'date') => ({ type, locale, format });
  testFields('%j %j', [
    [inLanguage('de', '%d. %B %Y'), '3. Juni 2025', '2025-06-03'],
    [inLanguage('de', '%d. %B %Y'), '3. M\u00e4rz 2025', '2025-03-03'],
    [inLanguage('de', '%d. %B %Y'), '3. M\u00c4RZ 2025', '2025-03-03'],
    [inLanguage('de', '%d. %b %Y'), '3. Mrz. 2025', '2025-03-03'],
    [inLanguage('de', '%d. %B %Y'), '3. June 2025', FAULT],
    [inLanguage('de', '%d. %B %Y'), '31. Juni 2025', FAULT],
    [inLanguage('de', '%A, %d. %B %Y'), 'Dienstag, 3. Juni 2025', '2025-06-03'],
    [inLanguage('fr', '%d %B %Y'), '1 ao\u00fbt 2025', '2025-08-01'],
    [inLanguage('fr', '%d %B %Y'), '1\u00a0aout 2025', '2025-08-01'],
    [inLanguage('fr', '%d-%b-%y'), '01-f\u00e9vr.-25', '2025-02-01'],
    [inLanguage('es', '%d de %B de %Y'), '5 de septiembre de 2025', '2025-09-05'],
    [inLanguage('pl', '%d %B %Y'), '15 pa\u017adziernika 2025', '2025-10-15'],
    [inLanguage('nl', '%d %b %Y'), '3 mrt 2025', '2025-03-03'],
    [inLanguage('en', '%B %d, %Y'), 'Sept 3, 2025', '2025-09-03'],
    [inLanguage('de', '%d.%m.%Y'), '03.06.2025', '2025-06-03'],
    [inLanguage('de', '%d. %B %Y %H:%M', 'datetime'), '3. Mai 2025 14:05', '2025-05-03 14:05:00'],
    [inLanguage('de', '%d. %B %Y %H:%M %z', 'datetime'), '3. Mai 2025 14:05 +02:00', '2025-05-03 14:05:00'],
    [inLanguage('de', '%d. %B %Y %H:%M%z', 'datetime'), '3. Mai 2025 14:05Z', '2025-05-03 14:05:00'],
    [inLanguage('de', '%B %Y', 'yearmonth'), 'M\u00e4rz 2025', '2025-03'],
    [{ type: 'date', format: '%Y%m%d' }, '20250603', '2025-06-03'],
    // The third of November, or the thirteenth of January?
    [{ type: 'date', format: '%Y%m%d' }, '2025113', FAULT],
  ]);

  test('refuses a format it does not know', async () => {
    await expect(read({ type: 'date', format: '%Q' }, 'x')).rejects.toThrow(/field 'v'.*%Q/i);
  });
});

describe('datetime and time', () => {
  testTexts('datetime %j', { type: 'datetime' }, [
    ['2025-06-30T12:05:00', '2025-06-30 12:05:00'],
    ['2025-06-30 12:05', '2025-06-30 12:05:00'],
    ['2025-06-30T12:05:00.25', '2025-06-30 12:05:00.25'],
    ['2025-06-30T12:05:00Z', '2025-06-30 12:05:00'],
    ['2025-06-30T12:05:00+02:00', '2025-06-30 12:05:00'],
    ['2025-06-01T00:30:00+02:00', '2025-06-01 00:30:00'],
    ['2025-06-30T23:59:59.999 -11:00', '2025-06-30 23:59:59.999'],
    ['2025-06-30T12:05+0230', '2025-06-30 12:05:00'],
    ['2025-06-30', '2025-06-30 00:00:00'],
    ['2025-06-30T25:00:00', FAULT],
    ['2025-06-31T12:00:00', FAULT],
    ['12025-06-30 12:05:00', FAULT],
    ['2025-06-30T12:05:00+14:00', '2025-06-30 12:05:00'],
    ['2025-06-30T12:05:00+99:00', FAULT],
    ['0001-01-01T00:00:00+14:00', '0001-01-01 00:00:00'],
    ['9999-12-31T23:59:59-12:00', '9999-12-31 23:59:59'],
    ['now', FAULT],
  ]);

  testTexts('datetime with offset: utc %j', { type: 'datetime', offset: 'utc' }, [
    ['2025-06-30T12:05:00Z', '2025-06-30 12:05:00'],
    ['2025-06-30T12:05:00+02:00', '2025-06-30 10:05:00'],
    ['2025-06-30T12:05+0230', '2025-06-30 09:35:00'],
    ['2025-06-30T12:05:00+14:00', '2025-06-29 22:05:00'],
    ['2025-06-30 12:05:00', '2025-06-30 12:05:00'],
    ['0001-01-01T00:00:00+14:00', FAULT],
    ['9999-12-31T23:59:59-12:00', FAULT],
  ]);

  test('reads offsets by format: as written, or as UTC where asked', async () => {
    const field = { type: 'datetime', format: '%d.%m.%Y %H:%M %z' };
    const utc = { ...field, offset: 'utc' };
    expect(await read(field, '30.06.2025 12:00 +02:00')).toBe('2025-06-30 12:00:00');
    expect(await read(utc, '30.06.2025 12:00 +02:00')).toBe('2025-06-30 10:00:00');
    expect(await read(field, '30.06.2025 12:00 Z')).toBe('2025-06-30 12:00:00');
    expect(await read(utc, '30.06.2025 12:00 Z')).toBe('2025-06-30 12:00:00');
    expect(await read(field, '30.06.2025 12:00 +99:00')).toBe(FAULT);
  });

  test('an offset that was left out is said, counted and in its month', async () => {
    const dataset = datasetOf([{ name: 'id' }, { name: 'v', type: 'datetime' }], {
      checks: [{ name: 'month', in_period: 'v' }],
    });
    const text = 'id,v\na,2025-06-01T00:30:00+02:00\nb,2025-06-30T23:30:00Z\nc,2025-06-05 10:00:00\n';
    const found = await validateText(dataset, text);
    expect(found.accepted).toHaveLength(3);
    expect(found.told).toEqual([
      'offset-dropped (info) 2:2 2025-06-01T00:30:00+02:00',
      'offset-dropped (info) 3:2 2025-06-30T23:30:00Z',
    ]);
  });

  testTexts('time %j', { type: 'time' }, [
    ['12:05:00', '12:05:00'],
    ['9:30', '09:30:00'],
    ['24:00:00', FAULT],
    ['12:60', FAULT],
  ]);

  test('time by format', async () =>
    expect(await read({ type: 'time', format: '%I:%M %p' }, '2:05 PM')).toBe('14:05:00'));
});

describe('year, yearmonth, JSON and text', () => {
  testFields('%j %j', [
    [{ type: 'year' }, '2025', 2025],
    [{ type: 'year' }, '25', FAULT],
    [{ type: 'year' }, '0000', FAULT],
    [{ type: 'yearmonth' }, '2025-06', '2025-06'],
    [{ type: 'yearmonth' }, '2025-13', FAULT],
    [{ type: 'yearmonth' }, '0000-01', FAULT],
    [{ type: 'yearmonth', format: ['%m/%Y', '%Y%m', '%b %Y'] }, '06/2025', '2025-06'],
    [{ type: 'yearmonth', format: ['%m/%Y', '%Y%m', '%b %Y'] }, '202506', '2025-06'],
    [{ type: 'yearmonth', format: ['%m/%Y', '%Y%m', '%b %Y'] }, 'Jun 2025', '2025-06'],
    [{ type: 'yearmonth', format: ['%m/%Y', '%Y%m', '%b %Y'] }, '13/2025', FAULT],
    [{ type: 'yearmonth', format: ['%m/%Y', '%Y%m', '%b %Y'] }, '2025-06', FAULT],
    [{ type: 'yearmonth', format: '%Y%m' }, '45809', FAULT],
    [{ type: 'object' }, '{"a":"NaN,]"}', '{"a":"NaN,]"}'],
    [{ type: 'object' }, '{"a":NaN}', FAULT],
    [{ type: 'object' }, '{"a":-Infinity}', FAULT],
    [{ type: 'object' }, '{"a":1,}', FAULT],
    [{ type: 'array' }, '[1, ]', FAULT],
    [{ type: 'array' }, '["\\"",]', FAULT],
    [{ type: 'object' }, '{}', '{}'],
    [{ type: 'object' }, '[1]', FAULT],
    [{ type: 'array' }, '[1]', '[1]'],
    [{ type: 'array' }, '[1', FAULT],
    [{ type: 'string' }, '007', '007'],
    [{ type: 'string' }, '1E5', '1E5'],
    [{ type: 'string' }, '\u3000 Zoë\u00a0', 'Zoë'],
    [{ type: 'string' }, 'a\tb', 'a\tb'],
  ]);

  test('finds escapes in JSON that a database refuses', async () => {
    const cells = (text: string): SheetCell[][] => [[['s', text]]];
    const dataset = datasetOf([{ name: 'v', type: 'array' }], { accept: { max_rejected: 5 } });
    const codes = async (text: string) => (await validateCells(dataset, cells(text))).told;
    expect(await codes('["\\u0000"]')).toEqual(['bad-character A2 ["\\u0000"]']);
    expect(await codes('["\\ud800"]')).toEqual(['bad-character A2 ["\\ud800"]']);
    expect(await codes('["\\ud83d\\ude00"]')).toEqual([]);
    expect(await codes('["\\\\u0000"]')).toEqual([]);
  });
});

describe('how to fix a number', () => {
  test.each([
    [{ type: 'number', precision: 5, scale: 2 }, '12.345', /^Round it/],
    [{ type: 'number', precision: 5, scale: 2 }, '1234.5', /too large/],
    [{ type: 'integer' }, '12.5', /^Round it/],
    [{ type: 'integer' }, '1.0', /^Round it/],
    [{ type: 'integer' }, '9223372036854775808', /too large/],
    [{ type: 'number' }, '1,234', /^Write decimals with '.'/],
    [{ type: 'integer', constraints: { required: true } }, '5-', /^Enter a whole number\.$/],
  ])('%j %j', async (field, text, fix) => {
    const dataset = datasetOf([{ name: 'v', ...field }, { name: 'z' }], { source: { delimiter: ';' } });
    const { report } = await validateText(dataset, `v;z\n${text};x\n`);
    expect(report.findings.map((one) => one.fix)).toEqual([expect.stringMatching(fix)]);
  });
});

describe('missing values', () => {
  testTexts('%j', { type: 'integer', missingValues: ['NA', '-', '-999'] }, [
    ['NA', null],
    [' - ', null],
    ['-999', null],
    ['999', '999'],
  ]);
});

describe('cells of a workbook', () => {
  const cases: readonly (readonly [field: Record<string, unknown>, cell: SheetCell, value: unknown])[] = [
    [{ type: 'integer' }, ['n', '12'], '12'],
    [{ type: 'integer' }, ['n', '12.5'], 'type-error A2 12.5'],
    [{ type: 'integer' }, ['d', '2025-06-01'], 'type-error A2 2025-06-01'],
    [{ type: 'integer', groupChar: ',' }, ['n', '1234'], '1234'],
    [{ type: 'string' }, ['s', 'a\0b'], 'bad-character A2 a\0b'],
    [{ type: 'string' }, ['s', '\ud800'], 'bad-character A2 \ufffd'],
    [{ type: 'number' }, ['n', '1e-7'], 1e-7],
    [{ type: 'number', decimalChar: ',' }, ['n', '12.5'], 12.5],
    [{ type: 'number', precision: 8, scale: 2 }, ['n', '12.340000000000002'], '12.34'],
    [{ type: 'number', precision: 8, scale: 2 }, ['n', '12.345'], 'type-error A2 12.345'],
    [{ type: 'number', precision: 18, scale: 2 }, ['n', '1234567890123456.78'], '1234567890123456.78'],
    [
      { type: 'number', precision: 18, scale: 2 },
      ['n', '1234567890123456.789'],
      'type-error A2 1234567890123456.789',
    ],
    [{ type: 'number', precision: 18, scale: 2 }, ['n', '12345678901234.568'], '12345678901234.57'],
    [{ type: 'number', precision: 8, scale: 2 }, ['n', '1.5e-1'], '0.15'],
    [
      { type: 'number', precision: 8, scale: 2 },
      ['s', '12.340000000000002'],
      'type-error A2 12.340000000000002',
    ],
    [{ type: 'string' }, ['n', '7'], ['7', 'number-in-text (warning) A2 7']],
    [{ type: 'string' }, ['z', '007'], '007'],
    [{ type: 'string' }, ['e', '#N/A'], 'type-error A2 #N/A'],
    [{ type: 'string', missingValues: ['#N/A'] }, ['e', '#N/A'], 'type-error A2 #N/A'],
    [{ type: 'boolean', trueValues: ['yes'], falseValues: ['no'] }, ['b', 'TRUE'], true],
    [{ type: 'boolean' }, ['n', '1'], true],
    [{ type: 'date', format: '%d/%m/%Y' }, ['d', '2025-06-01'], '2025-06-01'],
    [{ type: 'date', format: '%d/%m/%Y' }, ['s', '2025-06-01'], 'type-error A2 2025-06-01'],
    [{ type: 'date' }, ['d', '2025-06-01T00:00:00'], '2025-06-01'],
    [{ type: 'date' }, ['d', '2025-06-01T12:00:00'], 'type-error A2 2025-06-01T12:00:00'],
    [{ type: 'date' }, ['n', '45809'], 'type-error A2 45809'],
    [{ type: 'datetime', format: '%d/%m/%Y' }, ['d', '2025-06-01T12:00:00'], '2025-06-01 12:00:00'],
    [{ type: 'datetime' }, ['d', '2025-06-01'], '2025-06-01 00:00:00'],
    [{ type: 'time' }, ['t', '09:30:00'], '09:30:00'],
    [{ type: 'time' }, ['t', '25:30:00'], 'type-error A2 25:30:00'],
    [{ type: 'yearmonth' }, ['d', '2025-06-01'], '2025-06'],
    [{ type: 'yearmonth' }, ['d', '2025-06-02'], 'type-error A2 2025-06-02'],
    [{ type: 'year' }, ['n', '2025'], 2025],
    // Digits of a format in a cell without one.
    [{ type: 'date', format: '%Y%m%d' }, ['n', '20250603'], '2025-06-03'],
    [{ type: 'date', format: ['%d/%m/%Y', '%Y%m%d'] }, ['n', '45809'], 'type-error A2 45809'],
    [{ type: 'date', format: '%d%m%y' }, ['n', '145809'], 'type-error A2 145809'],
    [{ type: 'yearmonth', format: '%Y%m' }, ['n', '202506'], '2025-06'],
    [{ type: 'number', bareNumber: false, percent: 'fraction' }, ['n', '0.05'], 0.05],
    [{ type: 'number', precision: 5, scale: 2, accounting: true }, ['n', '-5.5'], '-5.50'],
  ];
  let became: ReturnType<typeof readCells> | undefined;
  test.each(cases.map((one, i) => [...one, i] as const))('%j %j', async (_field, _cell, wanted, i) => {
    became ??= readCells(cases.map(([field, cell]) => [field, cell]));
    const { accepted, value, told } = (await became)[i] as Became;
    expect(accepted ? (told.length > 0 ? [value, ...told] : value) : told.join()).toEqual(wanted);
  });

  test('keeps line breaks, escapes and delimiters of a cell', async () => {
    const dataset = datasetOf([{ name: 'v' }]);
    const text = 'a\nb\r\x1bn\x1fc\x1b';
    const { accepted } = await validateCells(dataset, [[['s', text]]]);
    expect(accepted[0]?.v).toBe(text);
  });
});
