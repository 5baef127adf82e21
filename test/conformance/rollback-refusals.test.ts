import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { raw } from '../../src/sql/sql.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { ENGINES } from './empty-warehouses.ts';
import { names, people, person, promote, promoteRegions, regions, undo } from './undo-promotion.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('rollback on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [regions, people]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await promoteRegions(world);
  });

  it('refuses where a later promotion touched the rows, and takes both back with cascade, newest first', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    const second = await promote(world, 'people', '2025-02', [person(1, 'Eva'), person(2, 'Bob')]);
    const blocked = await undo(world, first);
    expect(blocked).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(blocked.message).toContain(`promotion ${second} (2025-02, transform) touched 1 of its rows.`);
    expect(writeWords(blocked.hint ?? '')).toContain(`--promotion ${first} --cascade`);
    expect(await names(world)).toEqual(['1 Eva', '2 Bob']);
    const dry = await undo(world, first, { cascade: true }, { dryRun: true });
    expect(writeWords(dry.message ?? '').split('\n')).toHaveLength(2);
    expect(await names(world)).toEqual(['1 Eva', '2 Bob']);
    const both = await undo(world, first, { cascade: true });
    expect(writeWords(both.message ?? '').split('\n')).toHaveLength(2);
    expect(both.message).toMatch(new RegExp(`rolled promotion ${second} .*\\n.*rolled promotion ${first} `));
    expect(await names(world)).toEqual([]);
  });

  it('is blocked by rows that a later promotion of an earlier period found shadowed', async () => {
    const later = await promote(world, 'people', '2025-02', [person(1, 'Eva')]);
    const shadowed = await promote(world, 'people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    const blocked = await undo(world, later);
    expect(blocked).toMatchObject({ exitCode: 4 });
    expect(blocked.message).toContain(`promotion ${shadowed} (2025-01, transform)`);
  });

  it('is not blocked by what was taken back in between, nor by its being taken back', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    const second = await promote(world, 'people', '2025-02', [person(1, 'Eva')]);
    await undo(world, second);
    expect(await undo(world, first)).toMatchObject({ status: 'done' });
    expect(await names(world)).toEqual([]);
  });

  it('blocks the way back of a rollback once its rows were promoted otherwise', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    await undo(world, first);
    await promote(world, 'people', '2025-01', [person(1, 'Eva')]);
    expect(await undo(world, first + 1)).toMatchObject({ exitCode: 4 });
    expect(await names(world)).toEqual(['1 Eva']);
  });

  it('refuses to leave rows that refer to nothing, and says which', async () => {
    const before = await promote(world, 'regions', 'none', [
      { code: 'NO', name: 'North' },
      { code: 'SO', name: 'South' },
      { code: 'EA', name: 'East' },
    ]);
    await promote(world, 'people', '2025-01', [person(1, 'Ada', 'EA')]);
    const refused = await undo(world, before);
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(refused.message).toMatch(
      /1 row of core.people would refer to rows that core.regions would not have: region=EA .*Nothing was rolled back\./,
    );
    expect(writeWords(refused.hint ?? '')).toContain('tidemark history --dataset people');
    expect(await world.core('regions')).toHaveLength(3);
  });

  it('refuses to bring rows back that would refer to nothing', async () => {
    await promote(world, 'people', '2025-01', [person(1, 'Ada', 'SO')]);
    const moved = await promote(world, 'people', '2025-01', [person(1, 'Ada', 'NO')]);
    await promote(world, 'regions', 'none', [{ code: 'NO', name: 'North' }]);
    const refused = await undo(world, moved);
    expect(refused).toMatchObject({ exitCode: 4, dataset: 'people' });
    expect(refused.message).toMatch(/region=SO/);
  });

  it('refuses rows that someone changed by hand, and shows no personal data', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw("UPDATE core.people SET name = 'Hand', _updated_by = NULL WHERE id = 2"));
    });
    const refused = await undo(world, first);
    expect(refused).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(refused.message).toMatch(/1 row of core.people is not as promotion \d+ left it.*: id=2\./);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw('DELETE FROM core.people WHERE id = 2'));
    });
    expect((await undo(world, first)).message).toMatch(/id=2/);
    expect(await names(world)).toEqual(['1 Ada']);
  });

  it('refuses to take back a rollback over rows that someone changed by hand since', async () => {
    await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    const second = await promote(world, 'people', '2025-01', [person(1, 'Eva')]);
    await undo(world, second);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw("UPDATE core.people SET name = 'Hand', _updated_by = -1"));
    });
    expect(await undo(world, second + 1)).toMatchObject({ exitCode: 4 });
    expect(await names(world)).toEqual(['1 Hand']);
  });

  it('is refused in a closed period', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    await decidePeriod(world.context(), {
      action: 'close',
      period: parsePeriod('2025-01') as never,
      dataset: null,
      reason: 'Audited',
      by: 'Vera',
    });
    expect(await undo(world, first)).toMatchObject({ exitCode: 4 });
    expect(await names(world)).toEqual(['1 Ada']);
  });

  it('changes nothing where something came in between the preview and the yes', async () => {
    const second = await promote(world, 'people', '2025-03', [person(3, 'Cy')]);
    const between = async () => {
      await promote(world, 'people', '2025-04', [person(3, 'Cyd')]);
      return true;
    };
    expect(await undo(world, second, { confirm: between, cascade: true })).toMatchObject({ exitCode: 5 });
    expect((await world.core('people', raw('id'))).at(-1)).toMatchObject({ name: 'Cyd' });
  });
});
