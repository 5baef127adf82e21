import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordPath } from '../../../../src/domain/record-path.ts';
import { JsonFault } from '../../../../src/readers/records/json-fault.ts';
import type { JsonValue } from '../../../../src/readers/records/json-value.ts';
import { compileMembers, readRecord } from '../../../../src/readers/records/read-record.ts';
import { trials } from '../../../fixtures/trials.ts';
import { isStrictJson, jsonObject, jsonText } from './any-json.ts';

function read(text: string, ...paths: string[]) {
  return readRecord(text, compileMembers(paths.map(parseRecordPath)));
}
const valuesOf = (text: string, ...paths: string[]) =>
  read(text, ...paths).values.map(({ kind, text: value }) => `${kind} ${value}`);

describe('values of a record', () => {
  it('are read in the order of the paths, from members, elements and what is in them', () => {
    const text =
      '{"job":{"title":"Analyst","id":7},"places":[{"city name":"Basel"},{"city name":"Bern"}],"ok":true}';
    expect(
      valuesOf(text, '$.ok', '$.job.title', "$.places[1]['city name']", '$.job.id', '$.job', '$.places[0]'),
    ).toEqual([
      'boolean true',
      'string Analyst',
      'string Bern',
      'number 7',
      'object {"title":"Analyst","id":7}',
      'object {"city name":"Basel"}',
    ]);
  });

  it('are absent where a path finds nothing, goes through another kind of value, or past the end of an array', () => {
    const text = '{"a":"text","n":null,"list":[[1],2],"o":{"0":1},"e":{}}';
    const paths = [
      '$.b',
      '$.a.b',
      '$.a[0]',
      '$.n.b',
      '$.list.b',
      '$.list[2]',
      '$.list[1][0]',
      '$.o[0]',
      '$.e.a',
    ];
    expect(read(text, ...paths).values.map(({ kind }) => kind)).toEqual(paths.map(() => 'absent'));
    expect(valuesOf(text, '$.n', '$.list[0][0]')).toEqual(['null ', 'number 1']);
  });

  it.each(['1.10', '1E+2', '-0', '1e400', '12345678901234567890', '9007199254740993', '0.1', '1.0e-16384'])(
    'keep the digits of %s as they are written',
    (number) => {
      expect(valuesOf(`{"a":${number} }`, '$.a')).toEqual([`number ${number}`]);
      expect(valuesOf(`{"a":[${number}\t,1]}`, '$.a[0]')).toEqual([`number ${number}`]);
    },
  );

  it('decode strings, and keep objects and arrays as they are written', () => {
    expect(valuesOf('{"a":"\\u0041\\n\\"\\ud83d\\ude00 é","b":""}', '$.a', '$.b')).toEqual([
      'string A\n"😀 é',
      'string ',
    ]);
    expect(valuesOf('{"a" : [ 1.10 , "\\u0041" ] ,"b":{ } }', '$.a', '$.b')).toEqual([
      'array [ 1.10 , "\\u0041" ]',
      'object { }',
    ]);
  });

  it('are found under any name', () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '',
      ' ',
      '.',
      '[0]',
      "it's",
      '"',
      '\\',
      '\0',
    ];
    const text = `{${names.map((name, i) => `${JSON.stringify(name)}:{${JSON.stringify(name)}:${i}}`).join(',')}}`;
    const members = compileMembers(names.map((name) => [name, name]));
    expect(readRecord(text, members)).toEqual({
      values: names.map((_, i) => ({ kind: 'number', text: String(i) })),
      unread: [],
      doubled: [],
    });
    expect(readRecord('{}', members).values.every(({ kind }) => kind === 'absent')).toBe(true);
  });

  it('are found under a name that is written with escapes, and under names of one hash', () => {
    expect(valuesOf('{"\\u0061b":1}', '$.ab')).toEqual(['number 1']);
    // A sum of 31 × first + second makes no difference between these.
    expect(valuesOf('{"Aa":1,"BB":2}', '$.BB', '$.Aa')).toEqual(['number 2', 'number 1']);
    expect(read('{"Aa":1,"BB":2,"C#":3}', '$.BB')).toMatchObject({ unread: ['Aa', "['C#']"], doubled: [] });
  });

  it('may be of 1 MB, or 500 levels deep', () => {
    const long = 'x"\\é'.repeat(250_000);
    expect(read(JSON.stringify({ a: { b: long } }), '$.a.b').values).toEqual([
      { kind: 'string', text: long },
    ]);
    const path = Array.from({ length: 499 }, (_, i) => (i % 2 === 0 ? 'a' : 0));
    const text = `${'{"a":['.repeat(249)}{"a":"deep"}${']}'.repeat(249)}`;
    expect(readRecord(text, compileMembers([path])).values).toEqual([{ kind: 'string', text: 'deep' }]);
    expect(() => read(`{"a":${'['.repeat(1000)}`, '$.a')).toThrow(/nested more than 1,000 levels deep/);
  });

  it('go to every path that is the same', () => {
    expect(valuesOf('{"a":{"b":1}}', '$.a.b', '$.a', "$['a'].b")).toEqual([
      'number 1',
      'object {"b":1}',
      'number 1',
    ]);
  });

  it('do not depend on the records that were read before, nor on one that broke off', () => {
    const members = compileMembers([['a'], ['o', 'a'], ['l', 0]]);
    const first = readRecord('{"a":1,"o":{"a":2,"x":0},"l":[3],"y":1,"y":2}', members);
    expect(() => readRecord('{"o":{"l":[[{"a":1,"a":', members)).toThrow(JsonFault);
    const second = readRecord('{"x":4}', members);
    expect(second).toEqual({
      values: Array(3).fill({ kind: 'absent', text: '' }),
      unread: ['x'],
      doubled: [],
    });
    expect(first).toMatchObject({ unread: ['o.x', 'y'], doubled: ['y'] });
    expect(first.values.map(({ text }) => text)).toEqual(['1', '2', '3']);
  });
});

describe('members that no path reads', () => {
  it('are listed at every level on the way to a path, and nothing below them', () => {
    const text =
      '{"job":{"title":"x","salary":1,"more":{"a":1}},"extra":{"a":{"b":1}},"places":[{"zip":1},{"zip":2}]}';
    expect(read(text, '$.job.title', '$.places[1].city').unread).toEqual([
      'job.salary',
      'job.more',
      'extra',
      'places[1].zip',
    ]);
    expect(read('{"a":1,"b":[{"c":1}]}').unread).toEqual(['a', 'b']);
  });

  it('are none below what is read as a whole, even if other paths lead into it', () => {
    expect(read('{"job":{"title":"x","salary":1,"o":{"p":1,"q":2}}}', '$.job', '$.job.o.p').unread).toEqual(
      [],
    );
  });

  it('are listed where a path would lead into them, but they hold something else', () => {
    const paths = ['$.job.title', '$.places[0].city'];
    expect(read('{"job":"Analyst","places":{"city":"Bern"}}', ...paths).unread).toEqual(['job', 'places']);
    expect(read('{"job":[{"title":"x"}],"places":["Bern"]}', ...paths).unread).toEqual(['job', 'places[0]']);
    expect(read('{"job":null,"places":[null]}', ...paths).unread).toEqual([]);
  });

  it('are listed in every record, however many names there are', () => {
    const members = compileMembers([['a']]);
    const names = Array.from({ length: 1500 }, (_, i) => `m${i}`);
    const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
    expect(readRecord(text, members).unread).toEqual(names);
    expect(readRecord(text, members).unread).toEqual(names);
  });

  it('are listed where many names share one hash, and may be read', () => {
    const names = Array.from({ length: 256 }, (_, i) =>
      i.toString(2).padStart(8, '0').replace(/0/g, 'Aa').replace(/1/g, 'BB'),
    );
    const members = compileMembers([[names[200] as string]]);
    const text = `{${names.map((name, i) => `"${name}":${i}`).join(',')}}`;
    for (let times = 0; times < 2; times++) {
      const { values, unread, doubled } = readRecord(text, members);
      expect(values).toEqual([{ kind: 'number', text: '200' }]);
      expect(unread).toEqual(names.filter((name) => name !== names[200]));
      expect(doubled).toEqual([]);
    }
  });
});

describe('members that occur twice in one object', () => {
  it('are listed once, at any depth, whether a path leads there or not', () => {
    expect(read('{"a":1,"a":2,"a":3}', '$.a').doubled).toEqual(['a']);
    expect(read('{"x":[0,{"y":{"b":1,"c":1,"b":2}}],"z":{"b":1}}', '$.a').doubled).toEqual(['x[1].y.b']);
    expect(read('{"a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":1}]}').doubled).toEqual([]);
    expect(read('{"a":1,"\\u0061":2,"":1,"":2,"__proto__":1,"__proto__":2}').doubled).toEqual([
      'a',
      "['']",
      '__proto__',
    ]);
  });

  it('are found inside both of two equal members, each listed once', () => {
    expect(read('{"a":{"b":1,"b":2},"a":{"b":1}}', '$.a.b')).toMatchObject({
      doubled: ['a.b', 'a'],
      unread: [],
    });
    expect(read('{"x":1,"x":2}', '$.a').unread).toEqual(['x']);
  });

  it('are found among many members', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `m${i}`);
    const text = (last: string) => `{"o":{${[...names, last, last].map((name) => `"${name}":0`).join(',')}}}`;
    expect(read(text('m4'), '$.o').doubled).toEqual(['o.m4']);
    expect(read(text('m4999'), '$.o').doubled).toEqual(['o.m4999']);
    expect(read(text('new'), '$.o').doubled).toEqual(['o.new']);
    // The second one comes among few members, the third one among many.
    const again = `{"a":0,"a":1,${names.map((name) => `"${name}":0`).join(',')},"a":2}`;
    expect(read(again).doubled).toEqual(['a']);
  });

  it('are listed up to a thousand, so that a hostile record cannot fill the memory', () => {
    const text = `{${Array.from({ length: 2000 }, (_, i) => `"m${i}":0,"m${i}":1`).join(',')}}`;
    expect(read(text, '$.a').doubled).toHaveLength(1000);
  });
});

describe('a record', () => {
  it.each([
    ['[]', 0],
    [' 1', 1],
    ['"{}"', 0],
    ['null', 0],
  ] as const)('is an object, not %s', (text, offset) => {
    expect(() => read(text, '$.a')).toThrow(
      expect.objectContaining({ message: 'it is not a JSON object', offset }),
    );
  });

  it('is strict JSON and nothing besides', () => {
    expect(() => read('{"a":1}{}', '$.a')).toThrow('“{” follows the value');
    expect(() => read('nope', '$.a')).toThrow('nope is not JSON');
    expect(() => read('', '$.a')).toThrow('a value is missing');
    expect(valuesOf('\r\n {"a":1}\t\n', '$.a')).toEqual(['number 1']);
  });
});

/** What a plain reader finds; members that occur twice are not its matter. */
function plainly(value: unknown, [step, ...rest]: readonly (string | number)[]): unknown {
  if (step === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) !== (typeof step === 'number')) return undefined;
  return Object.hasOwn(value, step) ? plainly((value as Record<string, unknown>)[step], rest) : undefined;
}

function kindOf(value: unknown): JsonValue['kind'] {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as JsonValue['kind']);
}

/** Every path in a value, with some that lead nowhere. */
function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [['nowhere']];
  const steps = Array.isArray(value) ? [...value.keys(), value.length] : [...Object.keys(value), 'nowhere'];
  return steps.flatMap((step) => [
    [step],
    ...pathsIn((value as Record<string, unknown>)[step]).map((path) => [step, ...path]),
  ]);
}

describe('any record', () => {
  it('gives the values that JSON.parse gives, with numbers and nested values as they are written', () => {
    fc.assert(
      fc.property(jsonObject, fc.infiniteStream(fc.boolean()), (text, chosen) => {
        fc.pre(isStrictJson(text));
        const whole = JSON.parse(text) as unknown;
        const paths = pathsIn(whole).filter(() => chosen.next().value);
        const { values, doubled } = readRecord(text, compileMembers(paths));
        fc.pre(doubled.length === 0);
        for (const [i, path] of paths.entries()) {
          const expected = plainly(whole, path);
          const { kind, text: found } = values[i] as JsonValue;
          expect(kind, JSON.stringify(path)).toBe(kindOf(expected));
          if (kind === 'string') expect(found).toBe(expected);
          else if (kind !== 'absent' && kind !== 'null') expect(JSON.parse(found)).toEqual(expected);
          if (kind !== 'string' && kind !== 'absent') expect(text).toContain(found);
        }
      }),
      trials(300),
    );
  });

  it('tells whether members occur twice, and which no path reads', () => {
    fc.assert(
      fc.property(jsonObject, (text) => {
        fc.pre(isStrictJson(text));
        const { doubled, unread } = readRecord(text, compileMembers([]));
        // JSON.parse keeps the last of equal members, so that fewer are written again.
        const members = (json: string) => json.replace(/"(\\.|[^"\\])*"/g, '').split(':').length;
        const again = JSON.stringify(JSON.parse(text));
        expect(doubled.length > 0).toBe(members(again) < members(text));
        expect(unread).toHaveLength(Object.keys(JSON.parse(text) as object).length);
      }),
      trials(300),
    );
  });

  it('is an object or a fault', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        fc.pre(isStrictJson(text) && !text.startsWith('{'));
        expect(() => read(text)).toThrow('it is not a JSON object');
      }),
      trials(50),
    );
  });
});
