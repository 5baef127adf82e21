import { describe, expect, it } from 'vitest';
import { isWidening } from '../../../../src/warehouse/migrate/widening.ts';

describe('a wider type', () => {
  it.each([
    ['BIGINT', 'DECIMAL(19,0)'],
    ['BIGINT', 'DECIMAL(21,2)'],
    ['SMALLINT', 'BIGINT'],
    ['DECIMAL(12,2)', 'DECIMAL(14,2)'],
    ['DECIMAL(12,2)', 'DECIMAL(14,4)'],
    ['VARCHAR(7)', 'VARCHAR(20)'],
    ['VARCHAR(7)', 'VARCHAR'],
  ])('holds all that %s holds: %s', (from, to) => {
    expect(isWidening(from, to)).toBe(true);
    expect(isWidening(to, from)).toBe(false);
  });

  it.each([
    ['BIGINT', 'DECIMAL(12,2)'],
    ['BIGINT', 'DECIMAL(20,2)'],
    ['BIGINT', 'DOUBLE'],
    ['DECIMAL(12,2)', 'DECIMAL(14,5)'],
    ['DECIMAL(12,2)', 'DECIMAL(13,4)'],
    ['DATE', 'TIMESTAMP'],
    ['DECIMAL', 'DECIMAL(12,2)'],
  ])('is none where digits could be lost: %s to %s', (from, to) => {
    expect(isWidening(from, to)).toBe(false);
  });
});
