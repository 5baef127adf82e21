import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINES, migratedWorld, type World } from './world.ts';

const WHY = ['--reason', 'not complete', '--by', 'Sol'];
const CONFIG = `version: 1
datasets:
  cases:
    source: {filename: "cases_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: region}]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
    accept: {max_rejected: 60%}
    core: {strategy: replace_period}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code, constraints: {pattern: "[A-Z]+"}}]}
    core: {strategy: upsert}
`;
const OLD = 'code\nA\nB\n';
const NEW = 'code\nA\nB\nC\n';
const MAY = 'id,region\n1,A\n2,B\n3,C\n';

async function pipeline(engine: string): Promise<World> {
  return migratedWorld(engine, {
    config: CONFIG,
    landed: { 'regions_v1.csv': OLD },
  });
}

const inCore = async (world: World, period = '2025-05') =>
  (await world.query(`SELECT region FROM core.cases WHERE _data_period = '${period}' ORDER BY 1`))
    .map((row) => row.region)
    .join('');
const validated = async (world: World) =>
  Number((await world.query(`SELECT count(*) AS n FROM meta.validation_log WHERE dataset = 'cases'`))[0]?.n);
const of = (results: { step: string; dataset: string }[], step: string) =>
  results.find((one) => one.step === step && one.dataset === 'cases');

describe.each(ENGINES)('what refers to a list, on %s', (engine) => {
  it('waits while a newer file of it is arriving, has not passed the gate or was not validated', async () => {
    const world = await pipeline(engine);
    await world.json('run --period 2025-05', 0);
    world.land('regions_v2.csv.part', 'code\nA\n');
    world.land('cases_2025-05.csv', MAY);
    const arriving = await world.json('run --period 2025-05', 5);
    expect(of(arriving.results, 'validate')).toMatchObject({
      status: 'retry',
      message: expect.stringContaining("'data/landed/regions_v2.csv.part', is still arriving"),
    });
    for (const call of ['run', 'validate']) await world.json(`${call} --period 2025-05 --dataset cases`, 5);

    rmSync(join(world.root, 'data/landed/regions_v2.csv.part'));
    world.land('regions_v2.csv', NEW);
    expect((await world.json('validate --period 2025-05', 5)).hint).toContain(
      'run --period 2025-05 --dataset regions',
    );
    await world.json('ingest --period 2025-05 --dataset regions', 0);
    const waiting = await world.json('validate --period 2025-05 --dataset cases', 5);
    expect(waiting.message).toMatch(/'regions', and delivery \d+ of it.*has not been validated yet/);
    expect(await validated(world)).toBe(0);

    await world.json('run --period 2025-05 --dataset cases', 0);
    expect(await inCore(world)).toBe('ABC');
    expect(await world.json('run --period 2025-05', 0)).toMatchObject({ status: 'skipped' });
  });

  it('ends with 3 while its newest file is refused, until another one comes or that one is withdrawn', async () => {
    const world = await pipeline(engine);
    await world.json('run --period 2025-05', 0);
    world.land('cases_2025-05.csv', MAY.replace('3,C\n', ''));
    world.land('regions_v2.csv', 'code\nA\n12\n');
    const refused = await world.json('run --period 2025-05', 3);
    const { message, hint } = of(refused.results, 'validate') as unknown as { message: string; hint: string };
    expect(message).toContain("'data/landed/regions_v2.csv', was refused. No row was checked.");
    await world.json('validate --period 2025-05 --dataset cases', 3);
    expect([await validated(world), await inCore(world)]).toEqual([0, '']);

    const [, number = ''] = /withdraw --file-id (\d+)/.exec(hint) ?? [];
    await world.json(['withdraw', '--file-id', number, ...WHY], 0);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toBe('AB');

    world.land('regions_v3.csv', 'region\nA\n');
    world.land('cases_2025-05_v2.csv', MAY);
    await world.json('run --period 2025-05', 3);
    expect((await world.json('run --period 2025-05 --dataset cases', 3)).message).toContain('regions');
    world.land('regions_v4.csv', NEW);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toBe('ABC');
  });

  it('waits for a person where nothing says which of two new files counts', async () => {
    const world = await pipeline(engine);
    await world.json('run --period 2025-05', 0);
    world.land('cases_2025-05.csv', MAY);
    world.land('a/regions.csv', OLD);
    world.land('b/regions.csv', NEW);
    const blocked = await world.json('run --period 2025-05', 4);
    expect(of(blocked.results, 'validate')).toMatchObject({ status: 'blocked' });
    await world.json('ingest --file-path b/regions.csv', 0);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toBe('ABC');
  });

  it('is validated again by run when the list changes, and nothing is loaded where that changes no row', async () => {
    const world = await pipeline(engine);
    world.land('cases_2025-05.csv', MAY);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toBe('AB');
    world.land('cases_2025-04.csv', 'id,region\n1,A\n');
    await world.json('run --period 2025-04', 0);

    world.land('regions_v2.csv', NEW);
    await world.json('run --period 2025-05', 0);
    expect(await inCore(world)).toBe('ABC');
    const april = await world.json('run --period 2025-04', 0);
    expect([of(april.results, 'validate'), of(april.results, 'load-stage')]).toMatchObject([
      { status: 'done' },
      { status: 'skipped' },
    ]);
    for (const month of ['2025-05', '2025-04'])
      expect(await world.json(`run --period ${month}`, 0)).toMatchObject({ status: 'skipped' });

    await world.json(['period', 'close', '--period', '2025-04', ...WHY], 0);
    world.land('regions_v3.csv', 'code\nA\nB\nC\nD\n');
    const before = await validated(world);
    await world.json('run --period 2025-04', 0);
    expect(await validated(world)).toBe(before);
  });

  it('may name a code that has left the list where the period had it and core still has it', async () => {
    const world = await pipeline(engine);
    world.land('cases_2025-05.csv', 'id,region\n1,A\n2,B\n');
    await world.json('run --period 2025-05', 0);
    world.land('regions_v2.csv', 'code\nA\nC\n');
    const renewed = await world.json('run --period 2025-05', 0);
    expect(of(renewed.results, 'load-stage')).toMatchObject({ status: 'skipped' });
    world.land('cases_2025-05_v2.csv', 'id,region\n1,A\n2,B\n4,B\n5,C\n');
    world.land('cases_2025-06.csv', 'id,region\n1,A\n2,B\n3,C\n');
    await world.json('run --from 2025-05 --to 2025-06', 0);
    expect([await inCore(world), await inCore(world, '2025-06')]).toEqual(['ABBC', 'AC']);
  });

  it('is not kept waiting by a list that was touched, and run takes the lists of its lists along', async () => {
    const world = await pipeline(engine);
    const withCountries = CONFIG.replace(
      'fields: [{name: code, constraints: {pattern: "[A-Z]+"}}]}',
      'fields: [{name: code}, {name: country}], foreignKeys: [{fields: country, reference: {dataset: countries, fields: code}}]}',
    );
    const countries =
      '  countries:\n    period: none\n    source: {filename: countries.csv}\n    schema: {primaryKey: code, fields: [{name: code}]}\n';
    writeFileSync(join(world.root, 'datasets_config.yml'), withCountries + countries);
    await world.json('migrate', 0);
    world.land('countries.csv', 'code\nX\n');
    world.land('regions_v1.csv', 'code,country\nA,X\nB,X\nC,X\n');
    world.land('cases_2025-05.csv', MAY);
    await world.json('run --period 2025-05 --dataset cases', 0);
    expect(await inCore(world)).toBe('ABC');

    utimesSync(join(world.root, 'data/landed/regions_v1.csv'), new Date(), new Date(Date.now() + 60_000));
    await world.json('validate --period 2025-05 --dataset cases', 0);
    world.land('regions_v1.csv', 'code,country\nA,X\nB,X\nD,X\n');
    await world.json('validate --period 2025-05 --dataset cases', 5);
  });
});
