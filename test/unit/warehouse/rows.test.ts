import { describe, expect, it } from 'vitest';
import { compactJson, exactInteger, isoTimestamp, trimFraction } from '../../../src/warehouse/rows.ts';

describe('values on their way out', () => {
  it.each([
    ['2025-06-01 10:00:00', '2025-06-01T10:00:00'],
    ['2025-06-01 10:00:00.500000', '2025-06-01T10:00:00.5'],
    ['2025-06-01 10:00:00.000000', '2025-06-01T10:00:00'],
    ['2025-06-01 10:00:00.120+00', '2025-06-01T10:00:00.12Z'],
    ['2025-06-01 10:20:30+00:00', '2025-06-01T10:20:30Z'],
  ])('a moment %s is %s', (text, expected) => {
    expect(isoTimestamp(text)).toBe(expected);
  });

  it('a time loses only zeros that say nothing', () => {
    expect(['10:00:00', '10:10:10.10', '20:00:00.000'].map(trimFraction)).toEqual([
      '10:00:00',
      '10:10:10.1',
      '20:00:00',
    ]);
  });

  it('a whole number is a number as long as that is exact', () => {
    expect([9007199254740991n, 9007199254740992n, -5n].map(exactInteger)).toEqual([
      ...[9007199254740991, 9007199254740992n, -5],
    ]);
  });

  it('JSON loses white space between its tokens only', () => {
    expect(compactJson('{"a b": [1, 2.50, "x \\" , y"],\n "c": {} }')).toBe(
      '{"a b":[1,2.50,"x \\" , y"],"c":{}}',
    );
  });
});
