import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINES, migratedWorld, type World } from './world.ts';

const CONFIG = `version: 1
datasets:
  people:
    source: {filename: "people_{period}[_v{version}].csv"}
    schema: {primaryKey: id, fields: [{name: id, type: integer}, {name: name}]}
    core: {strategy: upsert, covers: period, missing: delete, guards: {max_removed: 40%}}
  cases:
    source: {filename: "cases_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: region}]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
    core: {strategy: replace_period}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
`;
const MART = `-- title: People
-- grain: people
-- mode: period
-- period: month
-- reads: core.people
SELECT count(*) AS people FROM core.people WHERE _data_period = :period
`;
const people = (...names: readonly string[]) =>
  `id,name\n${names.map((name, i) => `${i + 1},${name}\n`).join('')}`;
const RUN = 'run --period 2025-05 --run-id night';
const WHO = '--by Sol --reason audit';

async function pipeline(engine: string): Promise<World> {
  return migratedWorld(engine, {
    config: CONFIG,
    landed: { 'people_2025-05_v1.csv': people('Ada', 'Bob', 'Cy'), 'regions.csv': 'code\nA\n' },
    files: { 'models/mart/counts.sql': MART },
  });
}

interface Unit {
  readonly step: string;
  readonly dataset: string | null;
  readonly status: string;
}
const did = (results: readonly Unit[]) =>
  results.flatMap(({ step, dataset, status }) => (status === 'done' ? [`${step} ${dataset ?? ''}`] : []));
const sorted = (answer: { results: readonly Unit[] }) => ({
  ...answer,
  results: answer.results.map((one) => JSON.stringify(one)).sort(),
});
const inCore = async (world: World) =>
  (await world.query('SELECT name FROM core.people ORDER BY id')).map(({ name }) => name).join(' ');

describe.each(ENGINES)('a run that is made again under its own name, on %s', (engine) => {
  it('answers what it did, and any other run that there is nothing to do', async () => {
    const world = await pipeline(engine);
    const first = await world.json(RUN, 0);
    expect(first).toMatchObject({ status: 'done', rows: { read: 4, inserted: 5, added: 4 } });
    expect(await world.json(RUN, 0)).toEqual(first);
    expect(await world.json('run --period 2025-05 --run-id morning', 0)).toMatchObject({
      status: 'skipped',
      rows: { inserted: 0, added: null },
    });
    for (const step of ['ingest', 'load-stage', 'transform', 'publish']) {
      const again = await world.json(`${step} --period 2025-05 --run-id night`, 0);
      expect(again.status, step).toBe('done');
    }
    // Nothing was done twice.
    for (const [log, rows] of [
      ['load_log', '2'],
      ['promotion_log', '2'],
      ['publish_log', '1'],
      ['validation_log', '2'],
    ])
      expect(await world.query(`SELECT count(*) AS n FROM meta.${log}`), log).toEqual([{ n: rows }]);
  });

  it('goes on with what it had to wait for, and tells the rest with it', async () => {
    const world = await pipeline(engine);
    world.land('cases_2025-05.csv', 'id,region\n1,A\n');
    world.land('regions_v2.csv.part', 'code\n');
    const waiting = await world.json(RUN, 5);
    expect(did(waiting.results)).toContain('transform people');
    expect(did(waiting.results)).not.toContain('validate cases');
    const again = await world.json(RUN, 5);
    // Files that still arrive are told after those that were logged.
    expect(sorted(again)).toEqual(sorted(waiting));

    world.land('regions_v2.csv', 'code\nA\nB\n');
    rmSync(join(world.root, 'data/landed/regions_v2.csv.part'));
    const whole = await world.json(RUN, 0);
    const steps = ['ingest', 'validate', 'load-stage', 'transform'];
    for (const dataset of ['people', 'cases', 'regions'])
      for (const step of steps) expect(did(whole.results)).toContain(`${step} ${dataset}`);
    expect(whole.rows.read).toBe(6);
    expect(await world.json(RUN, 0)).toEqual(whole);
  });

  it('goes on where it was killed, and tells what it did before', async () => {
    const world = await pipeline(engine);
    const reference = await pipeline(engine);
    const whole = await reference.json(RUN, 0);
    for (const through of ['ingest', 'validate', 'load-stage', 'transform'])
      await world.json(`${RUN} --through ${through}`, 0);
    expect(await world.json(RUN, 0)).toEqual(whole);
  });

  it('takes what has landed since', async () => {
    const world = await pipeline(engine);
    await world.json(RUN, 0);
    world.land('people_2025-05_v2.csv', people('Eva', 'Bob', 'Cy'));
    expect(await world.json(RUN, 0)).toMatchObject({ rows: { modified: 1 } });
    expect(await inCore(world)).toBe('Eva Bob Cy');
  });

  it('ends with the same exit code while a file is refused, a person has to decide, or has decided since', async () => {
    const world = await pipeline(engine);
    await world.json(RUN, 0);
    world.land('people_2025-05_v2.csv', people('Ada').replace('1,', 'x,'));
    for (let n = 0; n < 2; n++) await world.json('run --period 2025-05 --run-id refused', 3);
    world.land('people_2025-05_v3.csv', people('Ada'));
    for (let n = 0; n < 2; n++) await world.json('run --period 2025-05 --run-id blocked', 4);
    expect(await inCore(world)).toBe('Ada Bob Cy');

    await world.json(
      `transform --period 2025-05 --dataset people --accept-guard max_removed ${WHO} --run-id blocked`,
      0,
    );
    expect(await inCore(world)).toBe('Ada');
    await world.json(`rollback --promotion 3 --yes ${WHO}`, 0);
    await world.json('transform --period 2025-05 --dataset people --run-id blocked', 4);
    expect(await inCore(world)).toBe('Ada Bob Cy');
  });

  it('does not bring a named file back a second time, whatever came since', async () => {
    const world = await pipeline(engine);
    await world.json(RUN, 0);
    world.land('people_2025-05_v2.csv', people('Eva', 'Bob', 'Cy'));
    await world.json(RUN, 0);
    const back = 'load-stage --dataset people --period 2025-05 --file-id 1 --run-id back';
    const first = await world.json(back, 0);
    expect(first).toMatchObject({ status: 'done', file_id: 1, rows: { inserted: 3 } });
    world.land('people_2025-05_v3.csv', people('Eva', 'Bob', 'Dan'));
    await world.json('run --period 2025-05', 0);
    expect(await world.json(back, 0)).toEqual(first);
    expect(await inCore(world)).toBe('Eva Bob Dan');
    expect(await world.query('SELECT name FROM stage.people WHERE id = 3')).toEqual([{ name: 'Dan' }]);

    const forced = 'load-stage --dataset people --period 2025-05 --force --run-id forced';
    const once = await world.json(forced, 0);
    expect(await world.json(forced, 0)).toEqual(once);
    expect((await world.json(forced.replace(' --run-id forced', ''), 0)).status).toBe('done');
    expect(await world.query('SELECT count(*) AS n FROM meta.load_log WHERE forced')).toEqual([{ n: '2' }]);
  });
});
