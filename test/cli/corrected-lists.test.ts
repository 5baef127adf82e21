import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINES, migratedWorld, type World } from './world.ts';

const CONFIG = `version: 1
datasets:
  staff:
    source: {filename: "staff_{office}_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: badge, type: integer, constraints: {minimum: 10}}]
    core: {strategy: replace_period, key: [office, id]}
  visits:
    source: {filename: "visits_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: badge, type: integer}]
      foreignKeys: [{fields: badge, reference: {dataset: staff, fields: badge}}]
    accept: {max_rejected: 60%}
    core: {strategy: replace_period}
`;
const WHO = ['--reason', 'misread', '--by', 'Sol'];
const correction = (to: number, expect: number) => [
  ...'correct --dataset staff --period 2025-05 --slice office=north --key id=1'.split(' '),
  ...['--set', `badge=${to}`, '--expect', String(expect), ...WHO],
];

async function pipeline(engine: string): Promise<World> {
  return migratedWorld(engine, {
    config: CONFIG,
    landed: {
      'staff_north_2025-05.csv': 'id,badge\n1,71\n2,72\n',
      'staff_south_2025-05.csv': 'id,badge\n1,81\n',
      'visits_2025-05.csv': 'id,badge\n1,17\n2,71\n3,72\n4,81\n',
    },
  });
}

const rejected = async (world: World, call: string) => {
  const { rows } = await world.json(call, 0);
  return rows.rejected;
};
const badges = async (world: World, table: string) =>
  (await world.query(`SELECT badge FROM ${table} ORDER BY id`)).map(({ badge }) => Number(badge));
const inCore = (world: World) => badges(world, 'core.visits');
const staged = (world: World) => badges(world, 'stage.visits');
/** What core has had of a period goes on holding for it, so these lists are not promoted. */
const LOADED = 'run --period 2025-05 --through load-stage';

describe.each(ENGINES)('keys of a list that was corrected, on %s', (engine) => {
  it('count as corrected before the list is loaded, and the same afterwards', async () => {
    const world = await pipeline(engine);
    await world.json('ingest --period 2025-05', 0);
    await world.json('validate --period 2025-05 --dataset staff', 0);
    await world.json(correction(17, 71), 0);
    // 17 is a badge now, and 71 is none any more.
    expect(await rejected(world, 'validate --period 2025-05 --dataset visits')).toBe(1);
    for (const step of ['load-stage', 'transform', 'publish'])
      await world.json(`${step} --period 2025-05`, 0);
    expect(await inCore(world)).toEqual([17, 72, 81]);
    expect(await world.json('run --period 2025-05', 0)).toMatchObject({ status: 'skipped' });
  });

  it('count as corrected where the list was loaded before it was corrected', async () => {
    const world = await pipeline(engine);
    await world.json(LOADED, 0);
    expect(await staged(world)).toEqual([71, 72, 81]);
    await world.json(correction(17, 71), 0);
    expect(await rejected(world, 'validate --period 2025-05 --dataset visits')).toBe(1);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toEqual([17, 72, 81]);
  });

  it('are looked up again by run when a correction is made or taken back', async () => {
    const world = await pipeline(engine);
    await world.json(LOADED, 0);
    await world.json(correction(17, 71), 0);
    await world.json(correction(27, 17), 0);
    await world.json(LOADED, 0);
    expect(await staged(world)).toEqual([72, 81]);
    await world.json(['correct', '--undo', '2', ...WHO], 0);
    await world.json(LOADED, 0);
    expect(await staged(world)).toEqual([17, 72, 81]);
  });

  it('are not looked up while the rules of the list no longer take a correction', async () => {
    const world = await pipeline(engine);
    await world.json('ingest --period 2025-05', 0);
    await world.json('validate --period 2025-05 --dataset staff', 0);
    await world.json(correction(17, 71), 0);
    writeFileSync(join(world.root, 'datasets_config.yml'), CONFIG.replace('minimum: 10', 'minimum: 20'));
    const refused = await world.json('validate --period 2025-05 --dataset visits', 3);
    expect(refused.message).toContain("Correction 1 of the list 'staff' does not fit its rules");
    expect(refused.hint).toContain('tidemark correct --undo 1');
  });
});
