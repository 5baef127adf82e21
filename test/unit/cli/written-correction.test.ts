import { describe, expect, it } from 'vitest';
import { writtenCorrection } from '../../../src/cli/written-correction.ts';
import { dataset, field } from '../gate/dataset-for-test.ts';

const two = { ...dataset([field('board'), field('topic'), field('note')]), primaryKey: ['board', 'topic'] };
const one = { ...two, primaryKey: ['topic'] };

describe('a correction in flags', () => {
  it('names field, values and key; a comma divides the key only before one of its names', () => {
    const flags = { key: 'topic=a, b,board=AQA', set: 'note=x=y', expect: 'old' };
    expect(writtenCorrection(two, flags)).toEqual({
      ...{ field: 'note', value: 'x=y', expected: 'old' },
      key: new Map([
        ['topic', 'a, b'],
        ['board', 'AQA'],
      ]),
    });
  });

  it('gives a key of one field by its value alone, and a blank by nothing or null', () => {
    const flags = { key: '7', set: 'note=', expect: 'null' };
    expect(writtenCorrection(one, flags)).toEqual({
      ...{ field: 'note', value: null, expected: null },
      key: new Map([['topic', '7']]),
    });
  });

  it('is refused where the text names no field', () => {
    const wrong = () => writtenCorrection(one, { key: '7', set: '=x', expect: '' });
    expect(wrong).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
