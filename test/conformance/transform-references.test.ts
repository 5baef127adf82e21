import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { raw } from '../../src/sql/sql.ts';
import { ENGINES } from './empty-warehouses.ts';
import { citizens, NO, payments, person, regions, SO } from './promoted-datasets.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('transform on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [citizens, regions, payments]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const ids = async () => (await world.core('citizens', raw('id'))).map((row) => row.id);

  it('blocks rows that refer to nothing, and lists them', async () => {
    await world.load('regions', 'none', [NO]);
    await world.transform('2025-01', ['regions']);
    await world.load('citizens', '2025-01', [
      person(1, 'Ada', 'XX'),
      person(2, 'Bob'),
      person(3, 'Cy', null),
    ]);
    const result = await world.transform('2025-01', ['citizens']);
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(result.message).toContain('region=XX (1)');
    expect(await ids()).toEqual([]);
  });

  it('blocks deleting what other rows refer to, unless both go together', async () => {
    await world.load('regions', 'none', [NO, SO]);
    await world.load('citizens', '2025-01', [person(1, 'Ada', 'SO')]);
    await world.transform('2025-01');
    await world.load('regions', 'none', [NO]);
    const alone = await world.transform('2025-02', ['regions']);
    expect(alone).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(alone.message).toContain('region=SO (1)');
    expect(await world.core('regions')).toHaveLength(2);
    await world.load('citizens', '2025-02', [person(1, 'Ada', 'NO')]);
    const together = await world.transform('2025-02', ['regions', 'citizens'], { atomic: true });
    expect(together.exitCode).toBe(0);
    expect(await world.core('regions')).toHaveLength(1);
  });

  it('promotes all or nothing with atomic', async () => {
    await world.load('regions', 'none', [NO]);
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'a', amount: 1 },
    ]);
    const names = ['regions', 'payments'];
    const error = await errorOf(world.transform('2025-01', names, { atomic: true }));
    expect(error.code).toBe('duplicate-key');
    expect(await world.core('regions')).toEqual([]);
    expect((await world.transform('2025-01', names)).exitCode).toBe(4);
    expect(await world.core('regions')).toHaveLength(1);
  });
});
