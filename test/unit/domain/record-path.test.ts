import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordPath, RecordPathError, showMember, showPath } from '../../../src/domain/record-path.ts';
import { trials } from '../../fixtures/trials.ts';

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '*', ' ', "it's", '"', '\\', '.', '[0]', '__proto__', 'größe', 'a b', "['x']"),
);

describe('paths of records', () => {
  it.each([
    ['$.job_id', ['job_id']],
    ['$.job.title', ['job', 'title']],
    ["$.places[0]['city name']", ['places', 0, 'city name']],
    ['$["a"].b-c[12][0]', ['a', 'b-c', 12, 0]],
    ["$['it\\'s']", ["it's"]],
    ['$["say \\"so\\""]', ['say "so"']],
    ["$['back\\\\slash'].größe.städte", ['back\\slash', 'größe', 'städte']],
    ["$['']['.'][']']['*']", ['', '.', ']', '*']],
    ['$.two words.@type', ['two words', '@type']],
    ['$.__proto__.constructor', ['__proto__', 'constructor']],
  ])('reads %s', (text, path) => {
    expect(parseRecordPath(text)).toEqual(path);
    expect(parseRecordPath(showPath(path))).toEqual(path);
  });

  it.each([
    ['', 'A path begins with $ (character 1 of the path).'],
    ['job.title', 'A path begins with $ (character 1 of the path).'],
    [
      '$',
      'A path names a member, such as $.name, and $ alone is the whole record (character 1 of the path).',
    ],
    ['$job', 'A member follows a point or is in brackets (character 2 of the path).'],
    ['$.', 'A point is followed by no member (character 3 of the path).'],
    ['$..a', 'A point is followed by no member (character 3 of the path).'],
    ['$.a[0]b', 'A member follows a point or is in brackets (character 7 of the path).'],
    ['$.a[0', 'A bracket is opened and not closed (character 6 of the path).'],
    ["$['a'", 'A bracket is opened and not closed (character 6 of the path).'],
    ["$['a]", 'A quote is opened and not closed (character 3 of the path).'],
    ["$['a\\n']", 'A backslash is followed by a quote or by another backslash (character 6 of the path).'],
    [
      '$[0].a',
      'A record is an object, so its path begins with a member such as $.name (character 2 of the path).',
    ],
    ['$.a[1234567890]', 'No array has so many elements (character 5 of the path).'],
    ['$.a ', "A member with blanks at its ends is written in quotes: ['a '] (character 3 of the path)."],
  ])('says what is wrong with %j, and where', (text, message) => {
    expect(() => parseRecordPath(text)).toThrow(new RecordPathError(message));
  });

  it.each(['$.a[]', '$.a[-1]', '$.a[01]', '$.a[1.5]', '$.a[b]', '$.a[ 1]', '$.a[*]', '$.a[?(@.b)]'])(
    'says that %s has no number in its brackets',
    (text) => {
      expect(() => parseRecordPath(text)).toThrow(/In brackets is the number .* \(character 5 of the path\)/);
    },
  );

  it('does not take a star for a name, because others mean all members by it', () => {
    expect(() => parseRecordPath('$.a.*')).toThrow(/A path leads to one value/);
    expect(parseRecordPath('$.a.x*')).toEqual(['a', 'x*']);
  });

  it('shows members as people read them', () => {
    expect(showMember(['job', 'salary'])).toBe('job.salary');
    expect(showMember(['places', 0, 'city name'])).toBe("places[0]['city name']");
    expect(showMember(['', "it's"])).toBe("['']['it\\'s']");
  });

  it('writes every path so that it reads the same again', () => {
    const steps = fc.tuple(names, fc.array(fc.oneof(names, fc.nat(999_999_999))));
    fc.assert(
      fc.property(steps, ([first, rest]) => {
        const path = [first, ...rest];
        expect(parseRecordPath(showPath(path))).toEqual(path);
      }),
      trials(200),
    );
  });
});
