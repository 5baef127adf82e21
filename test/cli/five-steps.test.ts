import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { contentOf, deliveredFiles } from './warehouse-content.ts';
import { emptyDatabase, makeWorld, type World } from './world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const STEPS = ['ingest', 'validate', 'load-stage', 'transform', 'publish'];
const ENGINES = ['DuckDB', ...(inject('postgresUrl') === null ? [] : ['PostgreSQL'])];

async function emptyWarehouse(engine: string): Promise<string | undefined> {
  return engine === 'DuckDB' ? undefined : ((await emptyDatabase()) ?? undefined);
}

/** The pipeline that is shipped, with nothing landed yet. */
async function example(engine: string): Promise<World> {
  const databaseUrl = await emptyWarehouse(engine);
  const config = readFileSync(join(ROOT, 'datasets_config.yml'), 'utf8');
  const world = makeWorld({ config, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  cpSync(join(ROOT, 'models'), join(world.root, 'models'), { recursive: true });
  await world.json('migrate', 0);
  return world;
}

function land(world: World, folder: string): void {
  cpSync(join(ROOT, 'data/landed', folder), join(world.root, 'data/landed', folder), { recursive: true });
}

/** The five steps, each called once; answers their exit codes. */
async function fiveSteps(world: World, period: string): Promise<number[]> {
  const codes: number[] = [];
  for (const step of STEPS) codes.push((await world.run(`${step} --period ${period} --json`)).code as number);
  return codes;
}

async function expectSame(one: World, other: World): Promise<void> {
  expect(await contentOf(other)).toEqual(await contentOf(one));
  expect(await deliveredFiles(other)).toEqual(await deliveredFiles(one));
}

describe.each(ENGINES)('the five steps on %s', (engine) => {
  it('called once each for three months of the example give what run gives', async () => {
    const [byRun, bySteps] = [await example(engine), await example(engine)];
    for (const world of [byRun, bySteps]) land(world, 'reference');
    for (const month of ['2025-04', '2025-05', '2025-06']) {
      for (const world of [byRun, bySteps]) land(world, month);
      const { code } = await byRun.run(`run --period ${month} --json`);
      const codes = await fiveSteps(bySteps, month);
      expect([month, codes]).toEqual([month, [0, 0, 0, 0, 0]]);
      expect(code).toBe(0);
      await expectSame(byRun, bySteps);
    }
    const [{ n } = {}] = await bySteps.query('SELECT count(*) AS n FROM core.payments');
    expect(Number(n)).toBeGreaterThan(6000);
  }, 600_000);
});
