import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longDecimal, plainNumber } from '../../../../src/readers/xlsx/number-text.ts';

test.each([
  ['1234567890123456.78', '1234567890123456.78'],
  ['-1234567890123456.780', '-1234567890123456.78'],
  ['+0012345678901234567.5', '12345678901234567.5'],
  ['0.12345678901234567891234', '0.12345678901234567891234'],
  ['100000000000000.001', '100000000000000.001'],
])('digits that a double does not hold stay as written: %s', (text, kept) => {
  expect(longDecimal(text)).toBe(kept);
});

test.each([
  '1.2000000000000002',
  '0.33299999999999996',
  '0.10000000000000001',
  '0.1000000000000000055511151231257827',
  '19.9899999999999999998',
  '21474836.4699999999993',
  '0.0750000000000000000027',
  '0.070000000000000010002',
  '0.00000000000000000001',
  '1.50000000000000000000',
  '12.5',
  '12',
  '1e5',
])('what a double says as well is left to it: %s', (text) => {
  expect(longDecimal(text)).toBeNull();
});

test('however many digits of a double are printed, it is that double', () => {
  const numbers = fc.double({ min: 1e-6, max: 1e14, noNaN: true });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 16, max: 36 }), (value, digits) => {
      const text = value.toPrecision(digits);
      if (!text.includes('e')) expect(longDecimal(text)).toBeNull();
      expect(longDecimal(plainNumber(value))).toBeNull();
    }),
    { numRuns: 2000, seed: 5 },
  );
});
