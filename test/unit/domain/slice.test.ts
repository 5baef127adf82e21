import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePart,
  parseSlice,
  type Slice,
  sliceMatches,
  sliceShown,
  slicesAsked,
  sliceText,
} from '../../../src/domain/slice.ts';

const part = fc.string({ minLength: 1, unit: 'grapheme' });

describe('the text of a slice', () => {
  it('is names and values in the order of the pattern', () => {
    const slice: Slice = [
      ['exam_board', 'AQA'],
      ['level', 'gcse 9/1'],
    ];
    expect(sliceText(slice)).toBe('exam%5Fboard=AQA/level=gcse%209%2F1');
    expect(parseSlice(sliceText(slice))).toEqual(slice);
    expect(sliceText([])).toBe('');
    expect(parseSlice('')).toEqual([]);
  });

  it('comes back as it was, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part), { maxLength: 4 }), (slice) => {
        expect(parseSlice(sliceText(slice))).toEqual(slice);
      }),
    );
  });

  it('is another text for another slice', () => {
    fc.assert(
      fc.property(fc.tuple(part, part), fc.tuple(part, part), (one, two) => {
        const same = one[0] === two[0] && one[1] === two[1];
        expect(sliceText([one]) === sliceText([two])).toBe(same);
      }),
    );
  });
});

describe('a part of a path', () => {
  it.each([
    ['AQA', 'AQA'],
    ['a_b', 'a%5Fb'],
    ['..', '%2E.'],
    ['.hidden', '%2Ehidden'],
    ['a/b', 'a%2Fb'],
    ['é', '%C3%A9'],
    ["it's (1)*!", 'it%27s%20%281%29%2A%21'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['C:\\x', 'C%3A%5Cx'],
  ])('%j is written %s', (text, encoded) => expect(encodePart(text)).toBe(encoded));

  it('is shown to people as they type it', () => {
    const text = sliceText([
      ['exam_board', 'AQA'],
      ['level', 'a/b'],
    ]);
    expect(text).toBe('exam%5Fboard=AQA/level=a%2Fb');
    expect(sliceShown(text)).toBe('exam_board=AQA level=a/b');
    expect(sliceShown('')).toBe('');
  });

  it('never leads elsewhere, never is hidden and never holds the divider of names', () => {
    fc.assert(fc.property(part, (text) => /^[A-Za-z0-9%~-][A-Za-z0-9%~.-]*$/.test(encodePart(text))));
  });
});

describe('an asked-for slice', () => {
  const slice: Slice = [
    ['board', 'AQA'],
    ['level', 'gcse'],
  ];
  it('matches where all its values agree, names that are not asked for left open', () => {
    expect(sliceMatches(slice, new Map())).toBe(true);
    expect(sliceMatches(slice, new Map([['board', 'AQA']]))).toBe(true);
    expect(
      sliceMatches(
        slice,
        new Map([
          ['board', 'AQA'],
          ['level', 'alevel'],
        ]),
      ),
    ).toBe(false);
  });

  it('may name several values, of which the slice has one', () => {
    expect(sliceMatches(slice, new Map([['board', ['OCR', 'AQA']]]))).toBe(true);
    expect(sliceMatches(slice, new Map([['board', ['OCR', 'WJEC']]]))).toBe(false);
    expect(sliceMatches([], new Map([['board', ['AQA']]]))).toBe(false);
  });

  it('spells out the slices it may mean where none is known', () => {
    expect(slicesAsked(new Map())).toEqual([[]]);
    const both = new Map<string, string | string[]>([
      ['board', ['AQA', 'OCR']],
      ['level', 'gcse'],
    ]);
    expect(slicesAsked(both).map(sliceText)).toEqual(['board=AQA/level=gcse', 'board=OCR/level=gcse']);
  });

  it('matches nothing that lacks the name', () => {
    expect(sliceMatches(slice, new Map([['office', 'AQA']]))).toBe(false);
    expect(sliceMatches([], new Map([['board', 'AQA']]))).toBe(false);
  });
});
