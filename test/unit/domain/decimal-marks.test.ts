import { describe, expect, it } from 'vitest';
import { decimalMarks } from '../../../src/domain/decimal-marks.ts';

describe('how numbers are written', () => {
  it.each([
    [['1,5', '22,75'], { decimal: ',', group: null }],
    [['1.234,5', '12,5'], { decimal: ',', group: '.' }],
    [['1 234,50', '-3,5'], { decimal: ',', group: ' ' }],
    [["1'234.50", '3.5'], { decimal: '.', group: "'" }],
    [['1,234.50', '3.5'], { decimal: '.', group: ',' }],
    [['1,234'], null],
    [['12', '7'], null],
    [['1,5', '1.5'], null],
    [['n/a', '1,5'], null],
    [[], null],
  ] as const)('%j', (texts, marks) => {
    expect(decimalMarks(texts)).toEqual(marks);
  });
});
