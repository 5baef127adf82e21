import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { ident, raw, sql } from '../../src/sql/sql.ts';
import { migrationSources, pendingMigrations } from '../../src/warehouse/migrate/migrate.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const fields = [field('id', { type: 'integer' }), field('value')];
function rolledOut(name: string, core: Partial<Dataset['core']>): Dataset {
  const plain = dataset(fields, { name, pattern: `${name}_{period}.csv` });
  return { ...plain, core: { ...plain.core, table: name, key: ['id'], rollout: 'staged', ...core } };
}
const register = rolledOut('register', { strategy: 'upsert', covers: 'all', missing: 'close' });
const facts = rolledOut('facts', { strategy: 'replace_period' });
const spans = rolledOut('spans', { strategy: 'history' });
const plain = rolledOut('plain', { strategy: 'upsert', rollout: 'immediate' });

describe.each(ENGINES)('rollout on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [register, facts, spans, plain]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = async (name: string, period: string, rows: Parameters<World['load']>[2]) => {
    await world.load(name, period, rows);
    return world.transform(period, [name]);
  };
  const live = async (table: string) =>
    (await world.rows(sql`SELECT id, value FROM ${ident('core', `${table}_live`)} ORDER BY id, value`)).map(
      (row) => `${row.id}${row.value}`,
    );
  const makeLive = (table: string) =>
    world.warehouse.transaction((tx) => tx.execute(sql`UPDATE ${ident('core', table)} SET _live = true`));

  it('keeps new rows from the live view, and shows changes to live rows at once', async () => {
    const first = await promote('register', '2025-01', [{ id: 1, value: 'a' }]);
    expect(first.message).toContain('go-live');
    expect(await live('register')).toEqual([]);
    await makeLive('register');
    await promote('register', '2025-02', [
      { id: 1, value: 'b' },
      { id: 2, value: 'c' },
    ]);
    expect(await live('register')).toEqual(['1b']);
    await promote('facts', '2025-01', [{ id: 1, value: 'a' }]);
    await makeLive('facts');
    await promote('facts', '2025-02', [{ id: 1, value: 'a' }]);
    await promote('facts', '2025-01', [{ id: 1, value: 'b' }]);
    expect(await live('facts')).toEqual(['1b']);
  });

  it('goes on showing a key that is live when a new interval of it begins', async () => {
    await promote('spans', '2025-01', [{ id: 1, value: 'a' }]);
    await makeLive('spans');
    await promote('spans', '2025-02', [
      { id: 1, value: 'b' },
      { id: 2, value: 'c' },
    ]);
    expect(await live('spans')).toEqual(['1a', '1b']);
    await promote('spans', '2024-12', [
      { id: 1, value: 'x' },
      { id: 2, value: 'c' },
    ]);
    expect(await live('spans')).toEqual(['1a', '1b', '1x']);
  });

  it('has a live view of every core table, of all its rows where the rollout is not staged', async () => {
    const result = await promote('plain', '2025-01', [{ id: 1, value: 'a' }]);
    expect(result.message).not.toContain('go-live');
    expect(await live('plain')).toEqual(['1a']);
  });

  it('keeps rows live that were there before the rollout was staged, and takes new columns into the view', async () => {
    await promote('plain', '2025-01', [{ id: 1, value: 'a' }]);
    const before = new Map(world.datasets);
    const now = world.datasets as Map<string, Dataset>;
    now.set('plain', {
      ...plain,
      fields: [...fields, field('more')],
      core: { ...plain.core, rollout: 'staged' },
    });
    try {
      await world.migrate();
      expect(await live('plain')).toEqual(['1a']);
      await promote('plain', '2025-02', [{ id: 2, value: 'b', more: 'm' }]);
      expect(await live('plain')).toEqual(['1a']);
      await makeLive('plain');
      expect(await world.rows(sql`SELECT more FROM core.plain_live WHERE id = 2`)).toEqual([{ more: 'm' }]);
      const sources = migrationSources(world.project, world.config, world.warehouse);
      await world.warehouse.transaction((tx) => tx.execute(sql`DELETE FROM meta.reconciled`));
      expect(await pendingMigrations(world.warehouse, sources)).toEqual([]);
      now.set('plain', { ...plain, fields: [...fields, field('more')] });
      await world.migrate();
      await promote('plain', '2025-03', [{ id: 3, value: 'c', more: null }]);
      expect(await live('plain')).toEqual(['1a', '2b', '3c']);
    } finally {
      for (const [name, each] of before) now.set(name, each);
    }
  });

  it('has a live view of a table that a model made, too, and makes it again where it is gone', async () => {
    const model = 'models/core/facts.sql';
    world.write(model, 'SELECT id, upper(value) AS value FROM stage.facts WHERE _data_period = :period');
    try {
      await promote('facts', '2025-01', [{ id: 1, value: 'a' }]);
      await makeLive('facts');
      await world.warehouse.transaction(async (tx) => {
        await tx.execute(raw('DROP VIEW core.facts_live'));
        await tx.execute(raw('DELETE FROM meta.reconciled'));
      });
      await world.migrate();
      await promote('facts', '2025-02', [{ id: 1, value: 'b' }]);
      expect(await live('facts')).toEqual(['1A']);
    } finally {
      rmSync(join(world.project.root, model));
    }
  });

  it('keeps what was granted on a view when it is made anew', async () => {
    if (!world.warehouse.capabilities.distributes)
      return expect(world.warehouse.capabilities.dialect).toBe('duckdb');
    await world.warehouse.transaction((tx) =>
      tx.execute(raw('GRANT SELECT ON core.register_live TO PUBLIC')),
    );
    const now = world.datasets as Map<string, Dataset>;
    now.set('register', { ...register, fields: [...fields, field('extra')] });
    await world.migrate();
    now.set('register', register);
    const [row] = await world.rows(
      sql`SELECT has_table_privilege('public', 'core.register_live', 'SELECT') AS "may"`,
    );
    expect(row).toEqual({ may: true });
  });
});
