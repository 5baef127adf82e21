import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { at, bothEngines, diffOf, monthly, only, people, person, staged } from './diff-look.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const sameOnBoth = bothEngines();

describe.each(ENGINES)('diff on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [people, monthly]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = (of: Dataset, period: string) => world.transform(period, [of.name]);

  it('tells added, modified, closed and unchanged rows, cells, columns and patterns as the promotion then does', async () => {
    await world.load('people', '2025-01', [
      person(1),
      person(2, { region: null }),
      person(3, { region: null }),
      person(4, { income: '0.00' }),
      person(5),
    ]);
    await promote(people, '2025-01');
    await world.load('people', '2025-02', [
      person(1),
      person(2, { region: 'SO' }),
      person(3, { region: 'SO', score: null }),
      person(4, { income: null }),
      person(6),
    ]);
    const answer = await staged(world, people, '2025-02', { by: ['region'] });
    const seen = answer.comparisons[0];
    expect(seen?.counts).toMatchObject({
      ...{ before: 5, after: 5, added: 1, modified: 3, removed: 0, closed: 1, unchanged: 1, cells: 4 },
    });
    expect(seen?.columns).toEqual([
      { column: 'region', changed: 2, rate: 0.5, emptied: 0, filled: 2 },
      { column: 'income', changed: 1, rate: 0.25, emptied: 1, filled: 0 },
      { column: 'score', changed: 1, rate: 0.25, emptied: 1, filled: 0 },
    ]);
    expect(seen?.patterns).toEqual([
      { column: 'region', before: null, after: 'SO', rows: 2 },
      { column: 'income', before: '0.00', after: null, rows: 1 },
      { column: 'score', before: 1.5, after: null, rows: 1 },
    ]);
    expect(seen?.by[0]).toEqual({
      column: 'region',
      of: 2,
      groups: [
        { value: 'NO', added: 1, modified: 1, removed: 0, closed: 1, unchanged: 1 },
        { value: 'SO', added: 0, modified: 2, removed: 0, closed: 0, unchanged: 0 },
      ],
    });
    expect(seen?.cells[0]).toEqual({
      key: { id: 2 },
      column: 'region',
      before: null,
      after: 'SO',
      source_row: 3,
    });
    expect(seen?.rows.map((row) => [row.change, row.key])).toEqual([
      ['added', { id: 6 }],
      ['closed', { id: 5 }],
    ]);
    sameOnBoth('people', { ...seen, file_id: null, after: null });
    const { rows } = await promote(people, '2025-02');
    expect(answer.result.rows).toEqual(rows);
  });

  it('changes nothing and leaves nothing behind', async () => {
    await world.load('people', '2025-01', [person(1), person(2)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [person(1, { region: 'SO' })]);
    const state = async () => [
      await world.core('people', raw('id')),
      await world.rows(sql`SELECT count(*) AS n FROM meta.promotion_log`),
      await world.rows(
        sql`SELECT table_schema AS s, table_name AS t FROM information_schema.tables
            WHERE table_schema IN ('meta', 'stage', 'core', 'history', 'mart') ORDER BY 1, 2`,
      ),
    ];
    const before = await state();
    await staged(world, people, '2025-01');
    expect(await state()).toEqual(before);
  });

  it('counts numbers within a tolerance as equal, and never null and 0', async () => {
    await world.load('people', '2025-01', [
      person(1, { income: '100.00' }),
      person(2, { income: '100.00', score: 1.0 }),
      person(3, { income: '0.00' }),
      person(4, { score: null }),
    ]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [
      person(1, { income: '100.50' }),
      person(2, { income: '101.00', score: 1.1 }),
      person(3, { income: null }),
      person(4, { score: 0 }),
    ]);
    const counts = async (...tolerance: string[]) => {
      const { counts: of } = await only(staged(world, people, '2025-01', { tolerance }));
      return [of.modified, of.cells, of.within_tolerance, of.unchanged];
    };
    expect(await counts()).toEqual([4, 5, 0, 0]);
    expect(await counts('0.5')).toEqual([3, 3, 1, 1]);
    expect(await counts('0.49')).toEqual([4, 4, 0, 0]);
    expect(await counts('1%')).toEqual([3, 3, 1, 1]);
    expect(await counts('income=1', 'score=0.1')).toEqual([2, 2, 2, 2]);
    expect(await counts('score=0.1')).toEqual([4, 4, 0, 0]);
    expect(await counts('1000000')).toEqual([2, 2, 2, 2]);
    const wrong = await errorOf(staged(world, people, '2025-01', { tolerance: ['incme=1'] }));
    expect([wrong.code, wrong.message]).toEqual(['usage', expect.stringContaining("did you mean 'income'?")]);
    expect((await errorOf(staged(world, people, '2025-01', { tolerance: ['region=1'] }))).code).toBe('usage');
  });

  it('reports keys that stand twice or are missing, and compares none of their rows', async () => {
    await world.load('people', '2025-01', [person(1), person(2), person(3)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [
      person(1, { region: 'SO' }),
      person(2, { region: 'EA' }),
      person(2, { region: 'WE' }),
      person(null),
    ]);
    const answer = await staged(world, people, '2025-01', { failOnDiff: true });
    expect(answer.result).toMatchObject({ status: 'blocked', exitCode: 4 });
    const [seen] = answer.comparisons;
    expect(seen?.key_problems).toEqual([
      {
        ...{ side: 'after', duplicate_keys: 1, duplicate_rows: 2, null_rows: 1 },
        examples: [{ key: { id: 2 }, rows: 2 }],
      },
    ]);
    expect(seen?.counts).toMatchObject({
      after: 4,
      modified: 1,
      closed: 1,
      added: 0,
      unchanged: 0,
      not_compared: 3,
    });
    expect(seen?.rows.map((row) => row.key)).toEqual([{ id: 3 }]);
  });

  it('masks what is personal everywhere, unless it is to be shown', async () => {
    await world.load('people', '2025-01', [person(1, { name: 'Zebulon' }), person(2, { name: null })]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [person(1, { name: 'Zacharias' }), person(2, { name: 'Zoe' })]);
    const masked = await staged(world, people, '2025-01', { by: ['name'] });
    expect(JSON.stringify(masked)).not.toMatch(/Z[eao]/);
    expect(masked.comparisons[0]?.patterns).toEqual([
      { column: 'name', before: null, after: '***', rows: 1 },
      { column: 'name', before: '***', after: '***', rows: 1 },
    ]);
    const shown = await staged(world, people, '2025-01', { showPersonal: true });
    expect(JSON.stringify(shown.comparisons)).toMatch(/Zebulon.*Zacharias/);
    expect(writeWords(shown.result.message ?? '')).toContain('Personal data was shown');
    expect(shown.fingerprint).toBe(masked.fingerprint);
  });

  it('compares a first delivery with a core that has nothing, and an unknown column with nothing', async () => {
    await world.load('people', '2025-01', [person(1)]);
    const first = await only(staged(world, people, '2025-01'));
    expect(first.counts).toMatchObject({ before: 0, added: 1, unchanged: 0 });
    expect(first.notes.join()).toContain('no rows');
    const wrong = await errorOf(staged(world, people, '2025-01', { by: ['regio'] }));
    expect([wrong.code, wrong.message]).toEqual(['usage', expect.stringContaining("did you mean 'region'?")]);
    expect((await errorOf(staged(world, people, '2025-09'))).exitCode).toBe(5);
  });

  it('compares two periods of stage without the part of the key that names the period', async () => {
    await world.load('monthly', '2025-01', [
      { month: '2025-01', item: 'a', amount: 0 },
      { month: '2025-01', item: 'b', amount: 2 },
    ]);
    await world.load('monthly', '2025-02', [
      { month: '2025-02', item: 'a', amount: null },
      { month: '2025-02', item: 'c', amount: 2 },
    ]);
    const periods = (from: string, to: string) =>
      only(diffOf(world.context(), { kind: 'periods', dataset: monthly, from: at(from), to: at(to) }));
    const seen = await periods('2025-01', '2025-02');
    expect(seen).toMatchObject({
      key: ['item'],
      counts: { before: 2, after: 2, added: 1, removed: 1, modified: 1, unchanged: 0, cells: 1 },
      patterns: [{ column: 'amount', before: 0, after: null, rows: 1 }],
    });
    sameOnBoth('periods', { ...seen, fingerprint: null });
    expect(await periods('2025-01', '2025-01')).toMatchObject({
      key: ['month', 'item'],
      counts: { unchanged: 2, modified: 0, added: 0 },
    });
    expect((await errorOf(periods('2025-01', '2025-08'))).exitCode).toBe(5);
  });
});
