import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const dataset = (hierarchy: object, more: object = {}, pii = false) =>
  datasetOf(
    [{ name: 'code' }, { name: 'parent', title: 'Parent topic', pii }, { name: 'level', type: 'integer' }],
    {
      accept: { max_rejected: 1000 },
      checks: [{ name: 'tree', hierarchy: { key: 'code', parent: 'parent', ...hierarchy }, ...more }],
    },
  );
const rows = (...lines: string[]) => `code,Parent topic,level\n${lines.map((line) => `${line}\n`).join('')}`;
const SOUND = rows('a,,1', 'b,a,2', 'c,b,3', 'd,a,2', 'e,,1', 'f,e,2', 'g,f,3');

describe('rows that form trees', () => {
  test('pass where parents exist, in any order of rows', async () => {
    const strict = dataset({ level: 'level', min_depth: 3, max_depth: 3 });
    expect((await validateText(strict, SOUND)).told).toEqual([]);
    expect((await validateText(strict, rows('c,b,3', 'b,a,2', 'a,,1'))).told).toEqual([]);
  });

  test('a parent that no row has is told at its cell', async () => {
    const { told, report } = await validateText(dataset({}), rows('a,,', 'b,x,', 'c,b,'));
    expect(told).toEqual(['hierarchy-parent 3:2 x']);
    expect(report.findings[0]?.message).toBe("Parent topic: 'x' is no code of this file.");
  });

  test('a loop is listed with its rows, and what hangs from it is told apart', async () => {
    const { told, report } = await validateText(
      dataset({}),
      rows('a,c,', 'b,a,', 'c,b,', 'd,a,', 'e,d,', 'r,,', 's,r,'),
    );
    expect(told).toEqual([
      'hierarchy-loop 2:2 c',
      'hierarchy-loop 3:2 a',
      'hierarchy-loop 4:2 b',
      'hierarchy-loop 5:2 a',
      'hierarchy-loop 6:2 d',
    ]);
    expect(report.findings[0]?.message).toBe("Parent topic: 'c' leads back to this row: rows 2 → 4 → 3 → 2.");
    expect(report.findings[3]?.message).toBe('Parent topic: the rows above go round in a circle.');
  });

  test('a row above itself is a loop', async () => {
    const { told, report } = await validateText(dataset({}), rows('a,a,', 'b,a,'));
    expect(told).toEqual(['hierarchy-loop 2:2 a', 'hierarchy-loop 3:2 a']);
    expect(report.findings[0]?.message).toContain('rows 2 → 2');
  });

  test('a loop of personal data does not quote it', async () => {
    const { report } = await validateText(dataset({}, {}, true), rows('anna,bert,', 'bert,anna,'));
    expect(report.findings).toHaveLength(2);
    expect(JSON.stringify(report.findings)).not.toMatch(/anna|bert/);
  });

  test('long loops and long chains end, and are counted exactly', async () => {
    const loop = Array.from({ length: 5000 }, (_, i) => `n${i},n${(i + 1) % 5000},`);
    const chain = Array.from({ length: 20_000 }, (_, i) => `c${i},${i === 0 ? '' : `c${i - 1}`},`);
    const { report } = await validateText(dataset({ max_depth: 19_990 }), rows(...loop, ...chain));
    expect(report.totals.map(({ code, count }) => [code, count])).toEqual([
      ['hierarchy-loop', 5000],
      ['hierarchy-depth', 10],
    ]);
    expect(report.findings[0]?.message).toMatch(/rows 2 → 3 → 4 → 5 → 6 → 7 and more/);
  });

  test('rows deeper than allowed are told each, trees that are too flat at their top', async () => {
    const { told } = await validateText(
      dataset({ min_depth: 3, max_depth: 3 }),
      rows('a,,', 'b,a,', 'c,b,', 'd,c,', 'e,d,', 'f,,', 'g,f,', 'h,,'),
    );
    expect(told).toEqual([
      'hierarchy-depth 5:1 d',
      'hierarchy-depth 6:1 e',
      'hierarchy-depth 7:1 f',
      'hierarchy-depth 9:1 h',
    ]);
  });

  test('a tree whose top is missing has no depth to be judged', async () => {
    const { told } = await validateText(dataset({ min_depth: 3, max_depth: 3 }), rows('b,x,', 'c,b,'));
    expect(told).toEqual(['hierarchy-parent 2:2 x']);
  });

  test('levels follow from those above', async () => {
    const { told } = await validateText(
      dataset({ level: 'level' }),
      rows('a,,0', 'b,a,1', 'c,b,3', 'd,c,4', 'e,b,'),
    );
    expect(told).toEqual(['hierarchy-level 4:3 3']);
  });

  test('keys of several columns count as a whole', async () => {
    const composite = datasetOf([{ name: 'subject' }, { name: 'code' }, { name: 'parent' }], {
      accept: { max_rejected: 1000 },
      checks: [{ hierarchy: { key: ['subject', 'code'], parent: ['subject', 'parent'] } }],
    });
    const { told } = await validateText(composite, 'subject,code,parent\nmath,1,\nart,2,1\nmath,2,1\n');
    expect(told).toEqual(['hierarchy-parent 3:1 art, 1']);
  });

  test('a warning keeps the rows, and so many may fail', async () => {
    const text = rows('a,,', 'b,x,', 'c,y,', 'd,a,');
    expect((await validateText(dataset({}, { severity: 'warning' }), text)).rows.accepted).toBe(4);
    expect((await validateText(dataset({}, { max_failures: 2 }), text)).rows.accepted).toBe(4);
    expect((await validateText(dataset({}, { max_failures: 1 }), text)).rows.accepted).toBe(2);
  });

  test('where several rows have one key, the first stands for them', async () => {
    const { told } = await validateText(dataset({ max_depth: 2 }), rows('a,,', 'b,a,', 'b,x,', 'c,b,'));
    expect(told).toEqual(['hierarchy-parent 4:2 x', 'hierarchy-depth 5:1 c']);
  });
});
