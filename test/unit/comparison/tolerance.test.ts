import { describe, expect, it } from 'vitest';
import { parseTolerance } from '../../../src/comparison/tolerance.ts';

describe('a tolerance', () => {
  it.each([
    ['0.01', { column: null, value: 0.01, relative: false }],
    ['.5', { column: null, value: 0.5, relative: false }],
    ['0', { column: null, value: 0, relative: false }],
    ['1%', { column: null, value: 0.01, relative: true }],
    ['income=2', { column: 'income', value: 2, relative: false }],
    ['a=b=2.5%', { column: 'a=b', value: 0.025, relative: true }],
  ])('%s is understood', (text, meant) => {
    expect(parseTolerance(text)).toMatchObject(meant);
  });

  it.each(['', 'x', '-1', '1e3', '1,5', '=1', 'income=', '%', 'NaN', '1 %x'])('%j is none', (text) => {
    expect(parseTolerance(text)).toBeNull();
  });
});
