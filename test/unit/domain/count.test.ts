import { expect, test } from 'vitest';
import { counted, grouped } from '../../../src/domain/count.ts';
import { DEFAULT_LIMITS, limitMet } from '../../../src/domain/limits.ts';

test('the digits of a number are grouped in threes', () => {
  const numbers = [0, 12, 999, 1000, 12_345, 1_048_576, 2_147_483_648, -1000, -123_456];
  expect(numbers.map(grouped)).toEqual(numbers.map((number) => number.toLocaleString('en')));
});

test('a number comes with the right form of its noun', () => {
  expect(counted(1, 'row')).toBe('1 row');
  expect(counted(2000, 'row')).toBe('2,000 rows');
  expect(counted(2, 'delivery', 'deliveries')).toBe('2 deliveries');
});

test('a refusal ends with the limit and the name under which it can be raised', () => {
  expect(limitMet('columns', DEFAULT_LIMITS)).toBe('the limit is 16,384 (limits.columns).');
});
