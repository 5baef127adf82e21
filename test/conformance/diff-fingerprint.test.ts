import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { bothEngines, type Over, people, person, staged, VALUES, wide } from './diff-look.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const sameOnBoth = bothEngines();

describe.each(ENGINES)('diff on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [people, wide]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = (of: Dataset, period: string) => world.transform(period, [of.name]);

  it('has one fingerprint for the same content and changes on every engine, and another one when core or stage changes', async () => {
    const base = { score: '1e20', income: '123456789.10' };
    const rows = [
      person(1, base),
      person(2, { score: 0.1 }),
      person(3, { score: -1.5e-7, seen: null }),
      person(4),
    ];
    await world.load('people', '2025-01', rows);
    await promote(people, '2025-01');
    const id = await world.load('people', '2025-02', [
      person(1, { ...base, score: 1e15 }),
      person(2, { score: 123456.789, seen: '2025-01-01 10:00:00.25' }),
      person(3, { score: -1.5e-8 }),
      person(5, { name: "it's | 1:a", region: '' }),
    ]);
    // File numbers count on over the tests of a world; the content is to be the same here.
    await world.warehouse.transaction((tx) =>
      tx.execute(sql`UPDATE meta.load_log SET parquet_sha256 = 'content' WHERE file_id = ${id}`),
    );
    const print = async (over: Over = {}) => (await staged(world, people, '2025-02', over)).fingerprint;
    const first = await print();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    sameOnBoth('fingerprint', first);
    expect(await print({ sample: 1, by: ['region'], tolerance: ['50%'] })).toBe(first);
    const change = (statement: string) =>
      world.warehouse.transaction((tx) => tx.execute(sql`${raw(statement)}`));
    await change("UPDATE core.people SET region = 'XX' WHERE id = 4");
    const ofCore = await print();
    expect(ofCore).not.toBe(first);
    await change("UPDATE core.people SET region = 'NO' WHERE id = 4");
    expect(await print()).toBe(first);
    await change("UPDATE stage.people SET region = 'XX' WHERE id = 5");
    expect(await print()).not.toBe(first);
    await change("UPDATE stage.people SET region = '' WHERE id = 5");
    await change("UPDATE meta.load_log SET corrections_fingerprint = 'c' WHERE parquet_sha256 = 'content'");
    expect(await print()).not.toBe(first);
  });

  it('has one fingerprint on every engine for rows of more columns than a call takes arguments', async () => {
    const row = (id: number, over: Record<string, string | null> = {}) => ({
      ...{ id, ...Object.fromEntries(VALUES.map((name) => [name, `${name} of ${id}`])) },
      ...over,
    });
    await world.load('wide', '2025-01', [row(1), row(2)]);
    await promote(wide, '2025-01');
    const print = async (over: Record<string, string | null>) => {
      const id = await world.load('wide', '2025-01', [row(1), row(2, over), row(3)]);
      await world.warehouse.transaction((tx) =>
        tx.execute(sql`UPDATE meta.load_log SET parquet_sha256 = 'content' WHERE file_id = ${id}`),
      );
      return (await staged(world, wide, '2025-01')).fingerprint;
    };
    const first = await print({ v129: null });
    sameOnBoth('wide', first);
    const prints = [first, await print({ v129: '' }), await print({ v0: null }), await print({ v64: null })];
    expect(new Set(prints).size).toBe(prints.length);
    expect(await print({ v129: null })).toBe(first);
  });
});
