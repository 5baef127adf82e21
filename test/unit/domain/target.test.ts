import { describe, expect, it } from 'vitest';
import { targetKey, targetShown } from '../../../src/domain/target.ts';

const north = { dataset: 'payments', period: '2025-07', slice: 'region=north' };

describe('a target', () => {
  it('has one key, and another one for every other dataset, period or slice', () => {
    const others = [
      { ...north, dataset: 'citizens' },
      { ...north, period: '2025-08' },
      { ...north, slice: '' },
      { ...north, slice: 'region=south' },
    ];
    expect(targetKey({ ...north })).toBe(targetKey(north));
    expect(new Set([north, ...others].map(targetKey)).size).toBe(5);
  });

  it('is shown as far as it is known', () => {
    expect(targetShown(north)).toBe('payments 2025-07 region=north');
    expect(targetShown({ ...north, slice: '' })).toBe('payments 2025-07');
    expect(targetShown({ dataset: 'payments', period: null, slice: null })).toBe('payments');
  });
});
