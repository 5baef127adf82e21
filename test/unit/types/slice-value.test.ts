import { describe, expect, it } from 'vitest';
import { sliceValue } from '../../../src/types/slice-value.ts';
import { field } from '../gate/dataset-for-test.ts';

describe('the text of a slice as a value of its column', () => {
  it.each([
    ['03', 'BIGINT', '3'],
    ['-0', 'BIGINT', '0'],
    ['+12', 'BIGINT', '12'],
    ['9223372036854775807', 'BIGINT', '9223372036854775807'],
    ['9223372036854775808', 'BIGINT', null],
    ['1e3', 'BIGINT', null],
    ['1_000', 'BIGINT', null],
    [' 3', 'BIGINT', null],
    ['abc', 'BIGINT', null],
    ['', 'BIGINT', null],
    ['2025', 'SMALLINT', '2025'],
    ['40000', 'SMALLINT', null],
    ['40000', 'INTEGER', '40000'],
    ['007', 'VARCHAR', '007'],
    ['abc', 'VARCHAR(7)', 'abc'],
    ['05', 'DOUBLE', '5'],
    ['NaN', 'DOUBLE', null],
    ['012', 'DECIMAL(4,2)', '12'],
    ['123', 'DECIMAL(4,2)', null],
    ['0', 'DECIMAL(2,2)', '0'],
    ['2025-02-28', 'DATE', '2025-02-28'],
    ['2025-02-29', 'DATE', null],
    ['01-06-2025', 'DATE', null],
    ['2025-06-01', 'TIMESTAMP', '2025-06-01 00:00'],
    ['2025-06-01T14:05', 'TIMESTAMP', '2025-06-01 14:05'],
    ['2025-06-01T25:05', 'TIMESTAMP', null],
    ['14:05', 'TIME', '14:05'],
    ['14h05', 'TIME', null],
    ['true', 'BOOLEAN', 'true'],
    ['yes', 'BOOLEAN', null],
    ['{}', 'JSON', null],
    ['of a model', 'HUGEINT', 'of a model'],
  ])('%s in %s is %s', (text, type, value) => {
    expect(sliceValue(text, type, null)).toBe(value);
  });

  it('follows the words and the decimal sign of its field', () => {
    const open = field('open', { type: 'boolean', trueValues: ['yes'], falseValues: ['no'] });
    expect(['yes', 'no', 'true'].map((text) => sliceValue(text, 'BOOLEAN', open))).toEqual([
      'true',
      'false',
      null,
    ]);
    const rate = field('rate', { type: 'number', decimalChar: ',' });
    expect(sliceValue('1,50', 'DOUBLE', rate)).toBe('1.5');
    expect(sliceValue('2025-13', 'VARCHAR(7)', field('month', { type: 'yearmonth' }))).toBeNull();
  });
});
