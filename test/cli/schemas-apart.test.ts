import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { config, FILES, LANDED, OTHER, payments, reconfigure, WHO } from './census.ts';
import { ENGINES, emptyDatabase, makeWorld, type World } from './world.ts';

/** One warehouse for several pipelines: a file outside of their folders, or a database. */
async function sharedUrl(engine: string): Promise<string> {
  if (engine !== 'DuckDB') return String(await emptyDatabase());
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-shared-'));
  shared.push(folder);
  return `duckdb:${join(folder, 'both.duckdb')}`;
}
const shared: string[] = [];
afterAll(() => {
  for (const folder of shared) rmSync(folder, { recursive: true, force: true });
});

describe.each(ENGINES)('pipelines with one warehouse and schemas of their own on %s', (engine) => {
  it('run at the same time and see nothing of each other', async () => {
    const url = await sharedUrl(engine);
    const files = { landed: LANDED, files: FILES, databaseUrl: url };
    const first = makeWorld({ config: config(undefined, { name: 'first' }), ...files });
    const other = makeWorld({
      config: config(OTHER, { name: 'other' }),
      ...files,
      landed: { ...LANDED, 'payments_2025-05.csv': payments('1,no,99,z') },
    });
    for (const world of [first, other]) {
      const { code, stderr } = await world.run('migrate');
      expect([code, stderr]).toEqual([0, '']);
    }
    for (const period of ['2025-05', '2025-06']) {
      const both = [first, other].map((world) => world.start(['run', '--period', period, '--json']).answer);
      for (const { code, stdout, stderr } of await Promise.all(both)) expect(code, stdout + stderr).toBe(0);
    }
    await other.json(
      ['rollback', '--dataset', 'payments', '--period', '2025-06', '--yes', '--run-id', 'r', ...WHO],
      0,
    );
    const rows = async (world: World, table: string) => {
      await world.json(['export', table, '--format', 'csv', '--file', `${table}.csv`], 0);
      return (
        readFileSync(join(world.root, `${table}.csv`), 'utf8')
          .trimEnd()
          .split('\n').length - 1
      );
    };
    expect(await rows(first, 'core.payments')).toBe(3);
    expect(await rows(other, 'core.payments')).toBe(1);
    expect(await rows(first, 'meta.promotion_log')).toBe(5);
    expect(await rows(other, 'meta.promotion_log')).toBe(6);
  });
});

describe.each(ENGINES)('schemas that are configured otherwise after the first migrate on %s', (engine) => {
  it('are another place, new and empty, which migrate says; what was there is there again under the old names', async () => {
    const world = makeWorld({
      config: config(undefined),
      landed: LANDED,
      databaseUrl: await sharedUrl(engine),
    });
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
    reconfigure(world, OTHER);
    const moved = await world.run('migrate');
    expect(moved.code).toBe(0);
    expect(moved.stderr).toContain(
      'The log in the schema census_log is new and empty. That in meta stays as it is with its tables, and nothing reads it any more',
    );
    expect((await world.run('migrate')).stderr).toBe('');
    expect((await world.json('status', 0)).details.datasets ?? []).toEqual([]);
    await world.json('run --period 2025-05', 0);
    reconfigure(world, undefined);
    expect((await world.json('run --period 2025-05', 0)).status).toBe('skipped');
  });

  it('are told nothing of the log of a pipeline with another name', async () => {
    const url = await sharedUrl(engine);
    const first = makeWorld({ config: config(undefined, { name: 'first' }), databaseUrl: url });
    await first.json('migrate', 0);
    const other = makeWorld({ config: config(OTHER, { name: 'other' }), databaseUrl: url });
    expect((await other.run('migrate')).stderr).toBe('');
  });

  it('are refused where the log would stay and its tables be left, and where another log has the same tables', async () => {
    const world = makeWorld({
      config: config(undefined),
      landed: LANDED,
      databaseUrl: await sharedUrl(engine),
    });
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
    reconfigure(world, { core: 'census_core', mart: 'census_mart' });
    for (const command of ['migrate', 'run --period 2025-05']) {
      const refused = await world.json(command, 2);
      expect(refused.message).toBe(
        'The schemas have other names than when the log in meta was kept: core was core and would be census_core; mart was mart and would be census_mart.',
      );
      expect(/ALTER SCHEMA "core" RENAME TO "census_core";/.test(refused.hint)).toBe(engine === 'PostgreSQL');
    }
    reconfigure(world, { meta: 'census_log', mart: 'census_mart' });
    const shares = await world.json('migrate', 2);
    expect(shares.message).toBe(
      'The schemas stage, core, history belong to the log in the schema meta, and this log is in census_log.',
    );
    expect(shares.hint).toContain('write meta: meta there');
    reconfigure(world, undefined);
    expect((await world.json('run --period 2025-05', 0)).status).toBe('skipped');
  });
});
