import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ident, raw, sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { promote, promoted, topics, undo } from './undo-promotion.ts';
import { World } from './world/world.ts';

/** Every type, and names that SQL and JSON have to quote. */
const things = promoted(
  dataset(
    [
      field('no'),
      field('text "quoted" \\ and/or ~ $.x'),
      field('__proto__'),
      field('whole', { type: 'integer' }),
      field('money', { type: 'number', precision: 38, scale: 10 }),
      field('ratio', { type: 'number' }),
      field('day', { type: 'date' }),
      field('moment', { type: 'datetime' }),
      field('clock', { type: 'time' }),
      field('flag', { type: 'boolean' }),
      field('year', { type: 'year' }),
      field('doc', { type: 'object' }),
    ],
    { name: 'things', pattern: 'things_{period}.csv' },
  ),
  { key: ['no'], strategy: 'replace_period' },
);
const thing = (no: string, over: Record<string, null | string | number | boolean> = {}) => ({
  no,
  'text "quoted" \\ and/or ~ $.x': 'a "b" \\ \t\n ☃ \'c\'',
  ['__proto__']: 'proto',
  whole: '9007199254740993',
  money: '1234567890123456789012345678.0123456789',
  ratio: 0.1,
  day: '1999-12-31',
  moment: '2024-02-29 23:59:59.123456',
  clock: '23:59:59.5',
  flag: true,
  year: 1999,
  doc: '{"b":[1,null,"x \\"y\\""],"a":{"n":1.50}}',
  ...over,
});
describe.each(ENGINES)('rollback on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [things, topics]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  /** A copy of the core table as it is, to be compared with later by the engine itself. */
  const keep = async (table: string, copy: string) => {
    await world.warehouse.transaction(async (session) => {
      await session.execute(sql`DROP TABLE IF EXISTS ${ident('core', copy)}`);
      await session.execute(
        sql`CREATE TABLE ${ident('core', copy)} AS SELECT * FROM ${ident('core', table)}`,
      );
    });
  };
  const differences = async (table: string, copy: string, columns = '*') => {
    const select = (from: string) => sql`SELECT ${raw(columns)} FROM ${ident('core', from)}`;
    const [row] = await world.rows(
      sql`SELECT (SELECT count(*) FROM (${select(table)} EXCEPT ALL ${select(copy)}) AS a) AS "extra",
            (SELECT count(*) FROM (${select(copy)} EXCEPT ALL ${select(table)}) AS b) AS "lost"`,
    );
    return row;
  };
  const SAME = { extra: 0, lost: 0 };

  it('puts back exactly what stood before, in every type, and then again what it took back', async () => {
    const blank = Object.fromEntries(Object.keys(thing('')).map((name) => [name, null]));
    await promote(world, 'things', '2025-01', [
      thing('kept'),
      thing('changed'),
      thing('nulls', { ...blank, no: 'nulls' }),
      thing('empty', { 'text "quoted" \\ and/or ~ $.x': '', whole: 0, flag: false, doc: '[]' }),
      thing('gone', { ratio: 1e-300, money: '-0.0000000001', clock: '00:00:00' }),
    ]);
    await keep('things', 'before');
    const second = await promote(world, 'things', '2025-01', [
      thing('kept'),
      thing('changed', { ...blank, no: 'changed' }),
      thing('nulls'),
      thing('empty', { 'text "quoted" \\ and/or ~ $.x': null, whole: null, flag: null, doc: '{}' }),
      thing('new', { ratio: 123456789.123456 }),
    ]);
    await keep('things', 'after');
    const result = await undo(world, second);
    expect(result).toMatchObject({ step: 'rollback', status: 'done', exitCode: 0, dataset: 'things' });
    expect(result.rows).toMatchObject({ removed: 1, added: 1, modified: 3 });
    expect(await differences('things', 'before')).toEqual(SAME);
    const again = await undo(world, second + 1);
    expect(again.message).toMatch(/rolled promotion \d+ \(2025-01, rollback\) back/);
    expect(await differences('things', 'after')).toEqual(SAME);
    await undo(world, second + 2);
    expect(await differences('things', 'before')).toEqual(SAME);
    expect(
      await world.rows(
        sql`SELECT promotion_id AS id, kind, takes_back, rolled_back_by FROM meta.promotion_log WHERE promotion_id >= ${second}
            ORDER BY 1`,
      ),
    ).toEqual([
      { id: second, kind: 'transform', takes_back: null, rolled_back_by: second + 1 },
      { id: second + 1, kind: 'rollback', takes_back: second, rolled_back_by: null },
      { id: second + 2, kind: 'rollback', takes_back: second + 1, rolled_back_by: second + 3 },
      { id: second + 3, kind: 'rollback', takes_back: second + 2, rolled_back_by: null },
    ]);
  });

  it('leaves columns that core got since empty in the rows it brings back', async () => {
    await promote(world, 'topics', '2025-01', [{ topic: 'a', hours: 1 }], 'board=AQA');
    const second = await promote(world, 'topics', '2025-02', [{ topic: 'b', hours: 2 }], 'board=AQA');
    await world.warehouse.transaction((session) =>
      session.execute(raw('ALTER TABLE core.topics ADD COLUMN level VARCHAR')),
    );
    await undo(world, second);
    expect(await world.core('topics')).toMatchObject([{ topic: 'a', hours: 1, level: null }]);
  });
});
