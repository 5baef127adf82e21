import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { trials } from '../fixtures/trials.ts';
import { back, lines, monthly, only, people, person, staged, topics } from './diff-look.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('diff on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [people, monthly, topics, back, lines]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = (of: Dataset, period: string) => world.transform(period, [of.name]);

  it('compares only what the promotion would touch: its period, its slice, what no later period delivered', async () => {
    await world.load('monthly', '2025-01', [{ month: '2025-01', item: 'a', amount: 1 }]);
    await world.load('monthly', '2025-02', [{ month: '2025-02', item: 'a', amount: 2 }]);
    await promote(monthly, '2025-01');
    await promote(monthly, '2025-02');
    expect((await staged(world, monthly, '2025-02')).result).toMatchObject({
      status: 'done',
      message: 'No difference.',
    });
    await world.load('monthly', '2025-02', [{ month: '2025-02', item: 'b', amount: 2 }]);
    const month = await only(staged(world, monthly, '2025-02'));
    expect(month.counts).toMatchObject({ before: 1, added: 1, removed: 1, modified: 0, unchanged: 0 });

    await world.load(
      'topics',
      '2025-01',
      [
        { topic: 'x', hours: 1 },
        { topic: 'y', hours: 1 },
      ],
      'board=AQA',
    );
    await world.load('topics', '2025-01', [{ topic: 'x', hours: 1 }], 'board=OCR');
    await promote(topics, '2025-01');
    await world.load('topics', '2025-02', [{ topic: 'x', hours: 2 }], 'board=AQA');
    await world.load('topics', '2025-02', [{ topic: 'x', hours: 1 }], 'board=OCR');
    const both = await staged(world, topics, '2025-02');
    expect(
      both.comparisons.map(({ slice, counts }) => [slice, counts.modified, counts.removed, counts.unchanged]),
    ).toEqual([
      ['board=AQA', 1, 1, 0],
      ['board=OCR', 0, 0, 1],
    ]);
    expect(both.result.rows).toMatchObject({ read: 2, modified: 1, removed: 1, unchanged: 1 });
    const one = await staged(world, topics, '2025-02', { slice: new Map([['board', 'OCR']]) });
    expect(one.result).toMatchObject({ status: 'done', message: 'No difference.' });
    expect(one.fingerprint).not.toBe(both.fingerprint);

    await world.load('people', '2025-02', [person(1)]);
    await promote(people, '2025-02');
    await world.load('people', '2025-01', [person(1, { region: 'SO' }), person(2)]);
    const earlier = await staged(world, people, '2025-01');
    expect(earlier.comparisons[0]?.counts).toMatchObject({ added: 1, shadowed: 1, modified: 0, cells: 0 });
    const { rows } = await promote(people, '2025-01');
    expect(earlier.result.rows).toEqual(rows);
  });

  it('tells rows that go back to an earlier period, and closed rows that open again', async () => {
    await world.load('back', '2025-01', [
      { id: 1, value: 'old' },
      { id: 2, value: 'same' },
    ]);
    await promote(back, '2025-01');
    await world.load('back', '2025-02', [
      { id: 1, value: 'new' },
      { id: 3, value: 'three' },
    ]);
    await promote(back, '2025-02');
    await world.load('back', '2025-02', [{ id: 3, value: 'three' }]);
    const answer = await staged(world, back, '2025-02');
    expect(answer.comparisons[0]).toMatchObject({
      counts: { modified: 1, cells: 1, unchanged: 1 },
      patterns: [{ column: 'value', before: 'new', after: 'old', rows: 1 }],
    });
    expect(answer.result.rows).toEqual((await promote(back, '2025-02')).rows);

    await world.load('people', '2025-01', [person(1), person(2)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-02', [person(1)]);
    await promote(people, '2025-02');
    await world.load('people', '2025-03', [person(1), person(2)]);
    const reopened = await staged(world, people, '2025-03');
    expect(reopened.comparisons[0]?.counts).toMatchObject({
      modified: 1,
      reopened: 1,
      cells: 0,
      unchanged: 1,
    });
    expect(reopened.result.rows).toEqual((await promote(people, '2025-03')).rows);
  });

  it('agrees with the promotion for rows that only their place in the file names', async () => {
    await world.load('lines', '2025-01', [{ text: 'a' }, { text: 'b' }]);
    await promote(lines, '2025-01');
    await world.load('lines', '2025-01', [{ text: 'a' }, { text: 'c' }, { text: 'd' }]);
    const answer = await staged(world, lines, '2025-01');
    expect(answer.comparisons[0]?.counts).toMatchObject({ added: 1, modified: 1, unchanged: 1 });
    expect(answer.comparisons[0]?.notes.join()).toContain('by their place in the file');
    expect(answer.result.rows).toEqual((await promote(lines, '2025-01')).rows);
  });

  it('tells what the promotion then does, for random deliveries, restatements and orders of periods', async () => {
    const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('a', 'b', null)), {
      selector: ([id]) => id,
      maxLength: 4,
    });
    const step = fc.tuple(fc.constantFrom('2025-01', '2025-02', '2025-03'), rows);
    const property = fc.asyncProperty(
      fc.constantFrom(people, back),
      fc.array(step, { minLength: 1, maxLength: 5 }),
      async (of, steps) => {
        await world.reset();
        for (const [period, delivered] of steps) {
          await world.load(
            of.name,
            period,
            delivered.map(([id, value]) => (of === people ? person(id, { region: value }) : { id, value })),
          );
          const told = await staged(world, of, period).catch((error) => error);
          const done = await promote(of, period);
          if (done.exitCode === 4) expect(told).toMatchObject({ code: 'older-load-gone' });
          else if (done.status === 'skipped') expect(told.result.message).toBe('No difference.');
          else expect(told.result.rows).toEqual(done.rows);
        }
      },
    );
    await fc.assert(property, trials(12));
  });
});
