import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diffOf } from './diff-look.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('diff of two deliveries on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, STAGE_CONFIG);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const files = async (from: number, to: number) => {
    const { comparisons } = await diffOf(world.context(), { kind: 'files', dataset: null, from, to });
    return comparisons[0] as NonNullable<(typeof comparisons)[0]>;
  };

  it('tells columns that differ in kind first, and compares those that both have', async () => {
    const old = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', '7', 1::BIGINT, 2::BIGINT), (2, 'b', '8', NULL, 3), (3, 'c', '9', 1, 4))
        t(id, note, amount, gone, _source_row)`,
    });
    const now = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 7.00::DECIMAL(12,2), 'x', 2::BIGINT), (2, NULL, 8, 'x', 3), (4, 'd', 9, 'x', 4))
        t(id, note, amount, fresh, _source_row)`,
    });
    const seen = await files(old, now);
    expect(seen.schema_changes).toEqual([
      { change: 'type', column: 'amount', before: 'VARCHAR', after: 'DECIMAL(12,2)' },
      { change: 'added', column: 'fresh', before: null, after: 'VARCHAR' },
      { change: 'removed', column: 'gone', before: 'BIGINT', after: null },
    ]);
    expect(seen.counts).toMatchObject({ before: 3, after: 3, added: 1, removed: 1, modified: 2, cells: 3 });
    expect(seen.file_id).toBe(now);
  });

  it('sets rows aside on either side, and refuses deliveries without cleaned rows', async () => {
    const doubled = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 1.0::DECIMAL(12,2), 2::BIGINT), (1, 'b', 1, 3), (NULL, 'c', 1, 4), (5, 'e', 1, 5))
        t(id, note, amount, _source_row)`,
    });
    const plain = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 1.0::DECIMAL(12,2), 2::BIGINT), (5, 'e', 1, 3)) t(id, note, amount, _source_row)`,
    });
    const seen = await files(doubled, plain);
    expect(seen.key_problems).toMatchObject([
      { side: 'before', duplicate_keys: 1, duplicate_rows: 2, null_rows: 1 },
    ]);
    expect(seen.counts).toMatchObject({
      before: 4,
      after: 2,
      added: 0,
      removed: 0,
      unchanged: 1,
      not_compared: 4,
    });
    const refused = await world.deliver({ select: 'SELECT 1::BIGINT AS id', over: { status: 'refused' } });
    expect(await errorOf(files(plain, refused))).toMatchObject({ code: 'file-refused', exitCode: 3 });
    expect(await errorOf(files(plain, 9999))).toMatchObject({ code: 'unknown-delivery', exitCode: 2 });
    const other = await world.deliver({
      dataset: 'yearly',
      period: '2025',
      select: 'SELECT 1::BIGINT AS id',
    });
    expect(await errorOf(files(plain, other))).toMatchObject({ code: 'usage' });
  });
});
