import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance } from '../../../src/domain/did-you-mean.ts';

describe('the distance between two texts', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['filed', 'field', 1],
    ['ca', 'abc', 3],
  ])('from %j to %j is %d', (one, two, distance) => expect(editDistance(one, two)).toBe(distance));

  it('is the same both ways, zero for equal texts alone, and at most the longer text', () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, (one, two) => {
        const distance = editDistance(one, two);
        expect(distance).toBe(editDistance(two, one));
        expect(distance === 0).toBe(one === two);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, two.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - two.length));
      }),
    );
  });
});

describe('did you mean', () => {
  it.each([
    ['filds', ['fields', 'primaryKey', 'foreignKeys'], 'fields'],
    ['citizen', ['citizens', 'regions'], 'citizens'],
    ['Citizen-ID', ['citizen_id', 'national_id'], 'citizen_id'],
    ['strnig', ['string', 'integer', 'number'], 'string'],
  ])('%s: one of %j is %s', (text, candidates, meant) => expect(didYouMean(text, candidates)).toBe(meant));

  it('says nothing where none is near', () => {
    expect(didYouMean('zebra', ['citizens', 'regions'])).toBeNull();
    expect(didYouMean('x', ['y'])).toBeNull();
    expect(didYouMean('anything', [])).toBeNull();
  });

  it('says nothing where two are as near', () => {
    expect(didYouMean('rat', ['cat', 'bat'])).toBeNull();
  });
});
