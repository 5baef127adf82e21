import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { RecordsWorld } from './records-world.ts';

const CONFIG = `version: 1
datasets:
  odd:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: id, type: string}
        - {name: title, type: string}
        - {name: pieces, type: integer}
        - {name: price, type: number, precision: 12, scale: 2}
        - {name: weight, type: number}
        - {name: tags, type: array}
        - {name: open, type: boolean}
      primaryKey: [id]
`;

const PAGE = readFileSync('docs/records.md', 'utf8');

/** The rows of a table of the page: what is in backquotes, and the rest as it is. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(heading)) as string;
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

const plain = (cell: string | undefined) => (cell as string).replace(/^`|`$/g, '');
const withId = (record: string, id: number) =>
  record.startsWith('{') ? record.replace('{', `{"id": "${id}", `) : record;

describe.each(ENGINES)('odd records on %s', (name, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, CONFIG);
  });
  beforeEach(() => world.reset());
  afterAll(async () => {
    await world.close();
    await engine.stop();
  });

  it('become what the page about records says', async () => {
    const cases = rowsOf('Accepted');
    await world.insert('odd', 'r', ...cases.map(([record], i) => withId(plain(record), i)));
    await world.counts('odd');
    const rows = await world.core('odd');
    const said = cases.map(([record, becomes], i) => {
      const field = /^\w+/.exec(becomes as string)?.[0] as string;
      const value = rows.find((row) => row.id === String(i))?.[field];
      const shown = String(value).replaceAll('\n', '\\n');
      return [
        record,
        value === undefined ? 'nothing' : value === null ? `${field} is empty` : `${field} = \`${shown}\``,
      ];
    });
    expect(said).toEqual(cases);
  });

  it('are refused by the code that the page about records says', async () => {
    const cases = rowsOf('Refused');
    await world.insert('odd', 'r', ...cases.map(([record], i) => withId(plain(record), i)));
    await world.counts('odd');
    const marks = await world.marks('odd');
    expect(
      marks.map(({ mark, errors }, i) => [
        cases[i]?.[0],
        `\`${errors.map((error) => error.split(':').at(-1))}\``,
        mark,
      ]),
    ).toEqual(cases.map((row) => [...row, 'failed']));
    expect(await world.core('odd')).toEqual([]);
  });

  it('that are no JSON are refused by the database, or by name', async () => {
    const cases = rowsOf('Not JSON');
    const said: string[][] = [];
    for (const [record] of cases) {
      const taken = await world.insert('odd', 'r', withId(plain(record), 1)).then(
        () => true,
        () => false,
      );
      said.push([record as string, taken ? 'takes it' : 'refuses it']);
    }
    const column = name === 'DuckDB' ? 1 : 2;
    expect(said).toEqual(cases.map((row) => [row[0], row[column]]));
    await world.counts('odd');
    const marks = await world.marks('odd');
    const taken = cases.filter((row) => row[column] === 'takes it');
    expect(marks.map(({ errors }) => errors.join())).toEqual(taken.map(() => '1:null:bad-record'));
  });

  it('of a megabyte or five hundred levels are taken as they are, also beside others', async () => {
    const long = 'é"\\x'.repeat(262_144);
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    const nested = `${'{"x":'.repeat(500)}1${'}'.repeat(500)}`;
    await world.insert('odd', 'r', { id: 'a', title: long }, `{"id": "b", "tags": ${deep}}`);
    await world.insert('odd', 'r', `{"id": "c", "other": ${nested}}`, { id: 'd', title: 'plain' });
    await world.insert('odd', 'r', `{"id": "e", "title": ${'1'.repeat(100_000)}}`);
    expect(await world.counts('odd')).toEqual({ promoted: 5, duplicate: 0, failed: 0, waiting: 0 });
    const rows = await world.core('odd', 'title', 'tags');
    expect(rows[0]?.title === long).toBe(true);
    expect(rows[1]?.tags).toBe(deep);
    expect(rows[4]?.title === '1'.repeat(100_000)).toBe(true);
  });

  it('with keys that look alike are different keys', async () => {
    const keys = ['a', 'A', 'á', 'a\u0301', '1', '1.0', '__proto__', 'null'];
    await world.insert('odd', 'r', ...keys.map((id) => ({ id, title: id })));
    const counts = await world.counts('odd');
    const rows = await world.core('odd', 'id', 'title');
    expect(rows).toHaveLength(Number(counts?.promoted));
    expect(rows.every(({ id, title }) => id === title)).toBe(true);
    expect(counts).toEqual({ promoted: keys.length, duplicate: 0, failed: 0, waiting: 0 });
  });

  it('with names and keys that cannot be shown are refused in one short line', async () => {
    const long = 'x'.repeat(1_000_000);
    await world.insert(
      'odd',
      'r',
      '{"id": "a\\u0000b"}',
      '{"id": "1", "x\\u0000\\u001b[31m": 1, "x\\u0000\\u001b[31m": 2}',
      `{"id": "2", "${long}": 1, "${long}": 2}`,
    );
    const { told } = await world.promote('odd');
    expect(told.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
    const reasons = told.map((each) => each.reasons.join());
    expect(reasons.every((reason) => reason.length < 200 && !/\p{Cc}/u.test(reason))).toBe(true);
  });

  it('of a thousand levels are taken, of more refused by name', async () => {
    const nested = (levels: number) =>
      `{"id": "${levels}", "other": ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    await world.insert('odd', 'r', nested(1000), nested(1001), nested(3000));
    const { told } = await world.promote('odd');
    expect(told.map(({ outcome }) => outcome)).toEqual(['promoted', 'failed', 'failed']);
    expect(told[1]?.reasons).toEqual([
      'The record cannot be read: values in it are nested more than 1,000 levels deep.',
    ]);
  });

  it('with whole numbers as keys beyond those that JavaScript has are told as they are', async () => {
    world.rules(CONFIG.replace('primaryKey: [id]', 'primaryKey: [id, pieces]'));
    await world.insert('odd', 'r', '{"id": "1", "pieces": 9007199254740993}');
    const { told } = await world.promote('odd');
    world.rules(CONFIG);
    expect(told[0]?.key).toEqual({ id: '1', pieces: '9007199254740993' });
  });

  it('with no key, or a blank one, are refused', async () => {
    await world.insert('odd', 'r', { id: '' }, { id: null }, {}, { id: [] });
    await world.counts('odd');
    expect((await world.marks('odd')).map(({ errors }) => errors.join())).toEqual([
      ...Array(3).fill('1:id:primary-key'),
      '1:id:type-error',
    ]);
  });
});
