import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault } from '../../../../src/readers/records/json-fault.ts';
import { checkJson } from '../../../../src/readers/records/strict-json.ts';
import { trials } from '../../../fixtures/trials.ts';
import { isStrictJson, jsonText, nearlyJson } from './any-json.ts';

/** The fault of a text with its place, or null. */
function faultOf(text: string): string | null {
  try {
    checkJson(text);
    return null;
  } catch (error) {
    if (error instanceof JsonFault) return `${error.offset}: ${error.message}`;
    throw error;
  }
}

describe('strict JSON', () => {
  it.each([
    '{}',
    ' \t\r\n[ ] ',
    '"\\u0000\\b\\f\\n\\r\\t\\/\\\\\\""',
    '"\\ud83d\\uDE00 😀 \u2028 \ufeff \u007f"',
    '-0',
    '0.10E-07',
    '1e400',
    '123456789012345678901234567890',
    '[1,true,false,null,"",{"":{}}]',
  ])('takes %s', (text) => {
    expect(faultOf(text)).toBeNull();
  });

  it.each([
    ['', '0: a value is missing'],
    ['  ', '2: a value is missing'],
    ['NaN', '0: NaN is not JSON'],
    ['[Infinity]', '1: Infinity is not JSON'],
    ['[-Infinity]', '1: -Infinity is not JSON'],
    ['{"a":undefined}', '5: undefined is not JSON'],
    ['True', '0: True is not JSON'],
    ['nulll', '0: nulll is not JSON'],
    ['[1,]', '2: a comma is followed by nothing'],
    ['{"a":1,}', '6: a comma is followed by nothing'],
    ['[1,,2]', '2: a comma is followed by nothing'],
    ['[,1]', '1: a comma follows no value'],
    ['{,"a":1}', '1: a comma follows no member'],
    ['[1 2]', '3: there is no comma between two values'],
    ['{"a":1 "b":2}', '7: there is no comma between two members'],
    ['{"a" 1}', '5: a name of a member is followed by no colon'],
    ['{"a":}', '5: a member has no value'],
    ['{"a":,"b":1}', '5: a member has no value'],
    ["{'a':1}", '1: a name of a member is not in double quotes'],
    ['{a:1}', '1: a name of a member is not in double quotes'],
    ["['a']", '1: a text is in single quotes, and JSON takes double ones'],
    ['[1/*one*/]', '2: a comment is not JSON'],
    ['// one\n1', '0: a comment is not JSON'],
    ['{"a":1,//\n"b":2}', '7: a comment is not JSON'],
    ['01', '0: a number begins with a 0 that other digits follow'],
    ['-01', '0: a number begins with a 0 that other digits follow'],
    ['+1', '0: a number begins with a plus'],
    ['.5', '0: a number begins with its point'],
    ['1.', '1: a point is followed by no digit'],
    ['[1.e5]', '2: a point is followed by no digit'],
    ['1e+', '1: an exponent has no digit'],
    ['[-]', '1: a minus is followed by no digit'],
    ['0x1F', '1: “x” follows the value'],
    ['1_000', '1: “_” follows the value'],
    ['\ufeff{}', '0: a byte order mark is inside the text'],
    ['[1\u00a0]', '2: a character that is not seen (number 160) follows a value'],
    ['{} {}', '3: “{” follows the value'],
    ['[1}', '2: an array ends with }'],
    ['{"a":1]', '6: an object ends with ]'],
    ['[', '1: an array has no end'],
    ['{"a":1', '6: an object has no end'],
    ['["a', '1: a text has no closing quote'],
    ['"a\\"', '0: a text has no closing quote'],
    ['"a\nb"', '2: a text holds a line break, which JSON writes as \\n'],
    ['"\t"', '1: a text holds a tab, which JSON writes as \\t'],
    ['"\0"', '1: a text holds a control character, which JSON writes as \\u0000'],
    ['{"\x1f":1}', '2: a text holds a control character, which JSON writes as \\u001f'],
    ['"\\x41"', '1: a text holds a backslash before “x”'],
    ['"\\u12G4"', '1: a text holds \\u without four digits behind it'],
  ])('refuses %j and says why', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it.each(['\ud83d', '\ude00', '\ud83d\ud83d\ude00', '\ud83dx'])(
    'refuses half a character, as it is and as an escape (%j)',
    (half) => {
      const escaped = half.replace(/[\ud800-\udfff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
      expect(faultOf(`["${half}"]`)).toMatch(/^2: a text holds half a character$/);
      expect(faultOf(`{"${escaped}":1}`)).toMatch(/^2: a text holds half a character \(\\u/);
      expect(faultOf(`"${escaped}\\n"`)).toMatch(/^1: a text holds half a character \(\\u/);
    },
  );

  it('refuses a character of which one half is an escape', () => {
    expect(faultOf('"\\ud83d\ude00"')).toBe('1: a text holds half a character (\\ud83d)');
    expect(faultOf('"\ud83d\\ude00"')).toBe('1: a text holds half a character');
  });

  it('takes 1,000 levels, and refuses 1,001 by name where the last one begins', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(faultOf(deep(500))).toBeNull();
    expect(faultOf(deep(1000))).toBeNull();
    expect(faultOf(deep(1001))).toBe('1000: values in it are nested more than 1,000 levels deep');
    expect(faultOf('[{"a":'.repeat(1_000_000))).toBe(
      '3000: values in it are nested more than 1,000 levels deep',
    );
  });

  it('knows whether more text could make the value right', () => {
    const cut = (text: string) => {
      try {
        checkJson(text);
        return null;
      } catch (error) {
        return (error as JsonFault).cut;
      }
    };
    const text = '{"a\\ud83d\\ude00":[-1.5e-7,true,null,"\\n"],"b":{"c":false}}';
    for (let end = 0; end < text.length; end++)
      expect(cut(text.slice(0, end)), text.slice(0, end)).toBe(true);
    expect(cut('[1,]')).toBe(false);
    expect(cut('[nope]')).toBe(false);
  });

  it('takes what is JSON, however it is written', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        fc.pre(isStrictJson(text));
        expect(faultOf(text)).toBeNull();
      }),
      trials(300),
    );
  });

  it('takes and refuses what JSON.parse does, half characters apart', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        expect(faultOf(text) === null, `${JSON.stringify(text)}: ${faultOf(text)}`).toBe(isStrictJson(text));
      }),
      trials(1000),
    );
  });
});
