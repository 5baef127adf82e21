import { describe, expect, it } from 'vitest';
import { before, parseAge } from '../../../src/domain/retention.ts';

const at = (now: string, age: string) => {
  const parsed = parseAge(age);
  return parsed === null ? null : before(new Date(now), parsed).toISOString();
};

describe('an age', () => {
  it.each([
    ['2025-06-30T10:00:00.000Z', '30d', '2025-05-31T10:00:00.000Z'],
    ['2025-06-30T10:00:00.000Z', '2w', '2025-06-16T10:00:00.000Z'],
    ['2025-03-31T10:00:00.000Z', '1m', '2025-02-28T10:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', '1y', '2023-02-28T00:00:00.000Z'],
    ['2025-01-15T00:00:00.000Z', '12m', '2024-01-15T00:00:00.000Z'],
  ])('before %s of %s is %s', (now, age, expected) => {
    expect(at(now, age)).toBe(expected);
  });

  it.each(['', '12', 'm', '0d', '1.5m', '-1d', '12 m', '1h', '99999d'])('is not %j', (text) => {
    expect(parseAge(text)).toBeNull();
  });
});
