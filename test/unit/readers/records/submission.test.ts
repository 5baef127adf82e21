import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSubmission } from '../../../../src/readers/records/submission.ts';
import { SubmissionFault } from '../../../../src/readers/records/submission-fault.ts';
import { trials } from '../../../fixtures/trials.ts';
import { isStrictJson, jsonText, nearlyJson } from './any-json.ts';

const SMALL = { portion: 16, record: 1000 };

/** The bytes cut at some places. The memory of a chunk changes after it was read, as that of a reused buffer does. */
async function* chunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of places) {
    const chunk = Uint8Array.from(bytes.subarray(from, to));
    yield chunk;
    chunk.fill(0x21);
    from = to;
  }
}

type Content = string | Uint8Array;
const bytesOf = (content: Content) => (typeof content === 'string' ? Buffer.from(content) : content);

async function portionsOf(content: Content, limits = SMALL, cuts: readonly number[] = []) {
  const portions: (readonly string[])[] = [];
  for await (const portion of readSubmission(chunks(bytesOf(content), cuts), limits)) portions.push(portion);
  return portions;
}
const recordsOf = async (content: Content, cuts: readonly number[] = [], limits = SMALL) =>
  (await portionsOf(content, limits, cuts)).flat();

/** The records, or the fault with its line and column. */
async function outcome(content: Content, cuts: readonly number[] = [], limits = SMALL) {
  try {
    return await recordsOf(content, cuts, limits);
  } catch (error) {
    if (error instanceof SubmissionFault) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
}

describe('a submission', () => {
  it('has one record per line, and blank lines are passed over', async () => {
    expect(await recordsOf('\n \t\r\n{"a":1.10}\r\n\n  {"b": [1, 2] } \n"c"\n12\nnull')).toEqual([
      '{"a":1.10}',
      '{"b": [1, 2] }',
      '"c"',
      '12',
      'null',
    ]);
  });

  it('or is one array of records, over any number of lines', async () => {
    expect(await recordsOf('\n [ {"a":\n 1.10} ,\r\n"b",[1],3\n] \n')).toEqual([
      '{"a":\n 1.10}',
      '"b"',
      '[1]',
      '3',
    ]);
    expect(await recordsOf('[]')).toEqual([]);
    expect(await recordsOf('[1]')).toEqual(['1']);
  });

  it('may be empty', async () => {
    for (const content of ['', '\n', ' \r\n\t\n', '\ufeff', '\ufeff\n', '[ \n ]']) {
      expect(await portionsOf(content), JSON.stringify(content)).toEqual([]);
    }
  });

  it('may begin with one byte order mark, which is no part of it', async () => {
    expect(await outcome('\ufeff{"a":1}')).toEqual(['{"a":1}']);
    expect(await outcome('\ufeff[1]')).toEqual(['1']);
    expect(await outcome('\ufeffx')).toBe('1:1 x is not JSON');
    expect(await outcome('\ufeff\ufeff{}')).toBe('1:1 a byte order mark is inside the text');
    expect(await outcome('{}\n\ufeff{}')).toBe('2:1 a byte order mark is inside the text');
    expect(await outcome('{"a":"\ufeff"}')).toEqual(['{"a":"\ufeff"}']);
  });

  it.each([
    ['{} {}', '1:4 a line holds more than one record, and each needs a line of its own'],
    ['{}\n1 "2"', '2:3 a line holds more than one record, and each needs a line of its own'],
    ['{},\n{}', '1:3 a comma follows a record, and records on lines have none between them'],
    ['{}]', '1:3 “]” follows a record'],
    [
      '{\n  "a": 1\n}\n',
      '1:2 an object has no end on its line; a record is on one line, or all records are in one array',
    ],
    [
      '{"a":1}\n{"a":\n',
      '2:6 a value is missing on its line; a record is on one line, or all records are in one array',
    ],
    ['{"a":1}\n{"a":', '2:6 a value is missing'],
    ['{"a":1}\n\n{"b":NaN}\n', '3:6 NaN is not JSON'],
    ['{"😀é":nope}', '1:7 nope is not JSON'],
    ['[1,]', '1:4 a comma is followed by nothing'],
    ['[1\n,,2]', '2:2 a comma follows no value'],
    ['[,1]', '1:2 a comma follows no value'],
    ['[1\n2]', '2:1 there is no comma between two records'],
    ['[{}}', '1:4 “}” follows a record'],
    ['[1', '1:3 the array has no end'],
    ['[1,\n', '2:1 the array has no end'],
    ['[', '1:2 the array has no end'],
    ['[{"a":1\n', '2:1 an object has no end'],
    ['["a', '1:2 a text has no closing quote'],
    ['[1]\n[2]', '2:1 the array has ended, and “[” follows it'],
    ['[]]', '1:3 the array has ended, and “]” follows it'],
    ['[{"a":\n"x","b":"\t"}]', '2:10 a text holds a tab, which JSON writes as \\t'],
    ['"\u00a0"\n\u00a01', '2:1 a character that is not seen (number 160) begins no value'],
  ])('with a fault is refused with line and column: %j', async (content, fault) => {
    expect(await outcome(content)).toBe(fault);
    expect(await outcome(content, [...bytesOf(content).keys()])).toBe(fault);
  });

  it.each([
    ['an unknown byte', Buffer.from('{"é":"\xff"}\n', 'latin1'), '1:3'],
    ['half a character at the end', Buffer.from('{"a":1}\n"\u00e9').subarray(0, -1), '2:2'],
    [
      'half a character before more text',
      Buffer.concat([Buffer.from('[1,\n"é'), Buffer.from([0xe2, 0x82, 0x22])]),
      '2:3',
    ],
    ['an encoded half of a pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), '1:2'],
    ['a longer form than needed', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), '1:2'],
    ['a number beyond Unicode', Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]), '1:2'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), '1:1'],
  ])('that is not UTF-8 is refused where the wrong byte is: %s', async (_what, bytes, place) => {
    expect(await outcome(bytes)).toBe(`${place} the bytes here are not UTF-8`);
    expect(await outcome(bytes, [...bytes.keys()])).toBe(`${place} the bytes here are not UTF-8`);
  });

  it('names the first fault, even if wrong bytes follow', async () => {
    const bytes = Buffer.from('{"a":nope}\n\xff', 'latin1');
    expect(await outcome(bytes)).toBe('1:6 nope is not JSON');
    expect(await outcome(Buffer.from('[nope,\xff]', 'latin1'), [3])).toBe('1:2 nope is not JSON');
  });

  it('is given in portions, as records become whole', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `{"n":${i}}`);
    for (const content of [lines.join('\n'), `[${lines.join(',')}]`]) {
      const portions = await portionsOf(content, { portion: 100, record: 1000 });
      expect(portions.flat()).toEqual(lines);
      expect(portions.length).toBeGreaterThan(5);
      expect(Math.max(...portions.map((portion) => portion.join('\n').length))).toBeLessThan(200);
    }
  });

  it('is read portion by portion: the rest is not asked for before a portion is taken', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given++;
        yield Buffer.from(`${'{"a":"some text"}\n'.repeat(10_000)}`);
      }
    }
    const portions = readSubmission(endless());
    const { value } = await portions.next();
    expect(value?.length).toBeGreaterThan(50_000);
    expect(given).toBeLessThan(10);
    await portions.return(undefined);
  });

  it('may have a record of some megabytes, in chunks of any size', async () => {
    const large = JSON.stringify({ a: 'é"'.repeat(1 << 20), b: Array(200_000).fill({ c: [1.5] }) });
    const limits = { portion: 1 << 16, record: 64 << 20 };
    for (const content of [`1\n${large}\n2`, `[1,${large}\n,2]`]) {
      expect((await recordsOf(content, [], limits)).map((text) => text.length)).toEqual([1, large.length, 1]);
      const cuts = Array.from({ length: 50 }, (_, i) => i * 99_991);
      expect((await recordsOf(content, cuts, limits))[1] === large).toBe(true);
    }
  });

  it('is refused by name where a record is larger than it may be, wherever it is cut', async () => {
    const limits = { portion: 16, record: 100 };
    const text = (bytes: number) => `"é${'x'.repeat(bytes - 4)}"`;
    for (const [before, after] of [
      ['1\n', '\n2'],
      ['[1,\n', ',2]'],
      ['1\n', ''],
    ] as const) {
      for (const cuts of [[], [...Array(150).keys()], [70, 90]]) {
        expect(await outcome(`${before}${text(100)}${after}`, cuts, limits)).toContain(text(100));
        const larger = `${before}${text(101)}${after}`;
        expect(await outcome(larger, cuts, limits)).toBe('2:1 a record is larger than 100 bytes');
      }
    }
    expect(await outcome(`["${'x'.repeat(200)}`, [], limits)).toBe('1:2 a record is larger than 100 bytes');
    expect(await outcome(`"${'x'.repeat(3 << 20)}"`, [], { portion: 1 << 20, record: 2 << 20 })).toBe(
      '1:1 a record is larger than 2 MB',
    );
  });

  it('may have any number of blanks between records', async () => {
    const blanks = ' \n'.repeat(500);
    expect(await outcome(`${blanks}1${blanks}2${blanks}`, [], { portion: 16, record: 20 })).toEqual([
      '1',
      '2',
    ]);
    expect(
      await outcome(`${blanks}[${blanks}1${blanks},2${blanks}]${blanks}`, [], { portion: 16, record: 20 }),
    ).toEqual(['1', '2']);
  });

  const cutsAnywhere = fc.array(fc.nat(), { maxLength: 20 });
  const limitsAnywhere = fc.record({
    portion: fc.integer({ min: 1, max: 40 }),
    record: fc.constantFrom(30, 1000),
  });

  it('gives the same records or the same fault, wherever its chunks are cut', async () => {
    const separators = fc.constantFrom('\n', '\n', ',', ',\n', ' ');
    const content = fc
      .tuple(
        fc.constantFrom('', '', '[', '\ufeff['),
        fc.array(fc.tuple(nearlyJson, separators), { maxLength: 6 }),
        fc.constantFrom('', ']', '\n]'),
      )
      .map(([begin, records, end]) => begin + records.flat().slice(0, -1).join('') + end);
    const wrongByte = fc.option(fc.tuple(fc.nat(), fc.constantFrom(0xff, 0xc3, 0xe2, 0x80)), {
      nil: null,
      freq: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        content,
        wrongByte,
        cutsAnywhere,
        limitsAnywhere,
        async (text, wrong, cuts, limits) => {
          const bytes = Buffer.from(text);
          if (wrong !== null && bytes.length > 0) bytes[wrong[0] % bytes.length] = wrong[1];
          const whole = await outcome(bytes, [], { ...limits, portion: 1 << 20 });
          expect(await outcome(bytes, cuts, limits)).toEqual(whole);
        },
      ),
      trials(300),
    );
  });

  it('of right records gives exactly their texts', async () => {
    const records = fc.array(jsonText.filter(isStrictJson), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        records,
        cutsAnywhere,
        fc.integer({ min: 1, max: 40 }),
        async (texts, cuts, portion) => {
          const limits = { portion, record: 1 << 20 };
          expect(await outcome(`[${texts.join(' ,\n')}]`, cuts, limits)).toEqual(texts);
          const onLines = texts.map((text) => text.replace(/[\r\n]/g, ' '));
          if (onLines[0]?.startsWith('[')) onLines.unshift('0');
          expect(await outcome(onLines.join('\r\n'), cuts, limits)).toEqual(onLines);
        },
      ),
      trials(200),
    );
  });
});
