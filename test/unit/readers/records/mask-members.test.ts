import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordPath } from '../../../../src/domain/record-path.ts';
import { JsonFault } from '../../../../src/readers/records/json-fault.ts';
import { maskMembers } from '../../../../src/readers/records/mask-members.ts';
import { trials } from '../../../fixtures/trials.ts';

const masked = (text: string, ...paths: string[]) => maskMembers(text, paths.map(parseRecordPath), '***');

describe('personal members of a record are masked', () => {
  it.each([
    ['a string', '{"mail": "a@b.c", "n": 1}', '{"mail": "***", "n": 1}'],
    ['a number', '{"mail": 1.10 }', '{"mail": "***" }'],
    ['a boolean', '{"mail": true}', '{"mail": "***"}'],
    ['an object', '{"mail": {"a": ["b"]}, "x": {}}', '{"mail": "***", "x": {}}'],
    ['an array', '{"mail": ["a@b.c", {"x": 1}]}', '{"mail": "***"}'],
    ['each of two members of the name', '{"mail": "a", "mail": "b"}', '{"mail": "***", "mail": "***"}'],
    ['a name with escapes', '{"m\\u0061il": "a"}', '{"m\\u0061il": "***"}'],
    ['nothing where it is null or empty', '{"mail": null, "mail": ""}', '{"mail": null, "mail": ""}'],
    ['nothing of the name elsewhere', '{"x": {"mail": 1}, "y": [{"mail": 2}]}', null],
    ['nothing where it is absent', '{}', null],
    ['a whole record that is no object', '[{"mail": 1}]', '"***"'],
  ])('%s', (_what, text, expected) => {
    expect(masked(text, '$.mail')).toBe(expected ?? text);
  });

  it.each([
    ['in an object', '{"contact": {"mail": "a", "x": 1}}', '{"contact": {"mail": "***", "x": 1}}'],
    ['a text in place of the object', '{"contact": "a@b.c"}', '{"contact": "***"}'],
    ['an array in place of the object', '{"contact": [{"mail": "a"}]}', '{"contact": "***"}'],
  ])('on a longer way: %s', (_what, text, expected) => {
    expect(masked(text, '$.contact.mail')).toBe(expected);
  });

  it('in every element of an array, whichever the path names', () => {
    const text = '{"p": [{"tel": 1, "a": 2}, {"tel": 3}], "q": [5]}';
    expect(masked(text, '$.p[0].tel')).toBe('{"p": [{"tel": "***", "a": 2}, {"tel": "***"}], "q": [5]}');
    expect(masked('{"p": {"tel": 1}}', '$.p[0].tel')).toBe('{"p": "***"}');
    expect(masked('{"p": ["a", "b"]}', '$.p[1]')).toBe('{"p": ["***", "***"]}');
  });

  it('all of a member that is personal as a whole and in part', () => {
    expect(masked('{"a": {"b": 1, "c": 2}}', '$.a', '$.a.b')).toBe('{"a": "***"}');
    expect(masked('{"a": {"b": 1, "c": 2, "d": 3}}', '$.a.b', '$.a.d')).toBe(
      '{"a": {"b": "***", "c": 2, "d": "***"}}',
    );
  });

  it('and everything else keeps its digits, blanks and order', () => {
    const text = '{ "z":1.10,"a" : 1E400, "mail":"x" , "__proto__": [ 12345678901234567890 ] }';
    expect(masked(text, '$.mail')).toBe(text.replace('"x"', '"***"'));
  });

  it('a text that is not strict JSON is a fault', () => {
    expect(() => masked('{"mail": "a",}', '$.mail')).toThrow(JsonFault);
  });

  it('no value at the path is left, whatever the record', () => {
    const leaf = fc.constant('SECRET');
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('any'), { maxLength: 2 }), tie('object')),
      object: fc.dictionary(fc.constantFrom('a', 'b'), tie('any'), { maxKeys: 2 }),
    })).any;
    fc.assert(
      fc.property(value, (secret) => {
        const text = masked(JSON.stringify({ a: { b: secret }, c: 1 }), '$.a.b');
        expect(text).not.toContain('SECRET');
        expect(JSON.parse(text)).toHaveProperty('c', 1);
      }),
      trials(200),
    );
  });
});
