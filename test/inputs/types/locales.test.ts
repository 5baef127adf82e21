import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOCALE_NAMES } from '../../../src/domain/locale.ts';
import { datasetOf, validateText } from '../../unit/validation/validate-text.ts';

/** Texts of one column, each in a row of its own, and the values they become. */
async function readAll(field: object, texts: readonly string[]): Promise<unknown[]> {
  const dataset = datasetOf([{ name: 'v', ...field }, { name: 'z' }], { source: { delimiter: '|' } });
  const { accepted, told } = await validateText(
    dataset,
    `v|z\n${texts.map((text) => `${text}|x\n`).join('')}`,
  );
  expect(told.filter((one) => !one.startsWith('cleaned')).slice(0, 5)).toEqual([]);
  return accepted.map(({ v }) => v);
}

// The tables of the runtime were made by others than ours.
describe.each(LOCALE_NAMES)('in %s', (locale) => {
  const days = Array.from({ length: 92 }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i * 4)));
  const iso = days.map((day) => day.toISOString().slice(0, 10));
  const part = (day: Date, type: 'month' | 'weekday', options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
      .formatToParts(day)
      .find((one) => one.type === type)?.value ?? '';
  const long = (day: Date) => part(day, 'month', { day: 'numeric', month: 'long' });
  const short = (day: Date) => part(day, 'month', { month: 'short' });
  const weekday = (day: Date, weekday: 'long' | 'short') => part(day, 'weekday', { weekday });

  test('days with the names that others write are read as they are meant', async () => {
    const field = {
      type: 'date',
      locale,
      format: ['%d %B %Y', '%A, %d. %B %Y', '%a %d. %b %Y'],
    };
    const texts = [
      days.map((day) => `${day.getUTCDate()} ${long(day)} ${day.getUTCFullYear()}`),
      days.map((day) => `${weekday(day, 'long')}, ${day.getUTCDate()}. ${long(day).toUpperCase()} 2024`),
      days.map((day) => `${weekday(day, 'short')} ${day.getUTCDate()}. ${short(day)} 2024`),
    ];
    expect(await readAll(field, texts.flat())).toEqual([...iso, ...iso, ...iso]);
  });

  test('months with their names are', async () => {
    const texts = days.map((day) => `${part(day, 'month', { month: 'long' })} 2024`);
    expect(await readAll({ type: 'yearmonth', locale, format: '%B %Y' }, texts)).toEqual(
      iso.map((day) => day.slice(0, 7)),
    );
  });

  test('numbers as others write them keep every digit', async () => {
    const cents = fc.sample(fc.integer({ min: -999_999_999_99, max: 999_999_999_99 }), {
      numRuns: 200,
      seed: 7,
    });
    const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const texts = cents.map((value) => format.format(value / 100));
    expect(await readAll({ type: 'number', precision: 12, scale: 2, locale }, texts)).toEqual(
      cents.map((value) => (value / 100).toFixed(2)),
    );
    const whole = cents.map((value) => new Intl.NumberFormat(locale).format(value));
    expect(await readAll({ type: 'integer', locale }, whole)).toEqual(cents.map(String));
  });
});

describe('numbers of bookkeepers', () => {
  const amount = fc.integer({ min: 0, max: 99_999_999 });
  const cents = fc.sample(amount, { numRuns: 300, seed: 11 });
  const plain = (value: number) =>
    new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(value / 100);
  const field = { type: 'number', precision: 10, scale: 2, groupChar: ',', accounting: true };

  test('in brackets or with the minus behind are below zero, to the last digit', async () => {
    const texts = cents.map((value, i) => (i % 2 === 0 ? `(${plain(value)})` : `${plain(value)}-`));
    const below = cents.map((value) => (value === 0 ? '0.00' : `-${(value / 100).toFixed(2)}`));
    expect(await readAll(field, texts)).toEqual(below);
  });

  test('with percent signs are hundredths, without going through binary numbers', async () => {
    const fraction = { ...field, scale: 6, precision: 14, bareNumber: false, percent: 'fraction' };
    const exact = cents.map((value) => {
      const digits = String(value).padStart(5, '0');
      return `${digits.slice(0, -4)}.${digits.slice(-4)}00`;
    });
    expect(
      await readAll(
        fraction,
        cents.map((value) => `${plain(value)} %`),
      ),
    ).toEqual(exact);
  });
});
