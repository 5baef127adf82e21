import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, FAULT_ENGINES as ENGINES } from '../fault/fault-engines.ts';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';

const CONFIG = `version: 1
datasets:
  places:
    period: none
    source: {filename: "places_{district}.csv"}
    schema: {primaryKey: [district, place], fields: [{name: district, type: integer}, {name: place}]}
    core: {strategy: upsert}
  sales:
    source: {filename: "sales_{district}_{period}.csv"}
    schema:
      fields:
        - {name: district, type: integer}
        - {name: id, type: integer}
        - {name: place}
        - {name: amount, type: integer}
      foreignKeys: [{fields: [district, place], reference: {dataset: places, fields: [district, place]}}]
    checks:
      - {name: once, unique: {fields: id, across: slices}}
      - {name: steady, versus_previous: {rows: {max_drop: 0}}}
      - {name: new_rows, differs_from_previous: true}
      - {name: year, versus_last_year: {sum(amount): {max_rise: 0}}}
    core: {key: [district, id], strategy: replace_period}
`;
const HEAD = 'district,id,place,amount\n';

describe.each(ENGINES)('a slice that is a number, spelled with a zero in front, on %s', (_name, engine) => {
  let database: Database;
  let world: Pipeline;
  beforeEach(async () => {
    database = await engine.make();
    world = makePipeline({
      config: CONFIG,
      landed: { 'places_03.csv': 'district,place\n3,north\n3,south\n' },
      ...(database.url === undefined ? {} : { databaseUrl: database.url }),
    });
    expect((await world.run('migrate')).code).toBe(0);
  });
  afterEach(async () => {
    world.remove();
    await database.drop();
  });

  const run = (period: string) => world.run(`run --period ${period} --json`);
  const staged = async () =>
    (await database.query(world.root, 'SELECT _data_period AS p, id FROM stage.sales ORDER BY 1, 2')).map(
      (row) => `${row.p} ${row.id}`,
    );

  it('is restated: its own rows of before are no others of the same id', async () => {
    world.land('sales_03_2025-06.csv', `${HEAD}3,1,north,10\n3,2,south,10\n`);
    expect(await run('2025-06')).toMatchObject({ code: 0 });
    world.land('sales_03_2025-06.csv', `${HEAD}3,1,north,10\n3,5,south,10\n`);
    const again = await run('2025-06');
    expect(again, again.stdout).toMatchObject({ code: 0 });
    expect(await staged()).toEqual(['2025-06 1', '2025-06 5']);
    expect(again.json.details.reconciliation.map((one: { broken: unknown }) => one.broken)).toEqual([[], []]);
  });

  it('is compared with its rows of the period before and of the year before', async () => {
    world.land('sales_03_2024-06.csv', `${HEAD}3,11,north,5\n`);
    world.land('sales_03_2025-05.csv', `${HEAD}3,1,north,10\n3,2,south,10\n`);
    for (const period of ['2024-06', '2025-05']) expect((await run(period)).code).toBe(0);
    world.land('sales_03_2025-06.csv', `${HEAD}3,4,north,10\n`);
    const fewer = await run('2025-06');
    expect(fewer.code).toBe(3);
    expect(fewer.stdout).toContain('fell from 2 (2025-05) to 1');
    expect(fewer.stdout).toContain('rose from 5 (2024-06) to 10');
    world.land('sales_03_2025-06.csv', `${HEAD}3,2,south,10\n3,1,north,10\n`);
    expect((await run('2025-06')).stdout).toContain('All rows are the same as those of 2025-05 (2 rows)');
  });

  it('finds its part of a list that is spelled without the zero', async () => {
    world.land('places_4.csv', 'district,place\n4,east\n');
    world.land('sales_04_2025-06.csv', `${HEAD}4,1,east,10\n`);
    const found = await run('2025-06');
    expect(found, found.stdout).toMatchObject({ code: 0 });
    world.land('sales_04_2025-06.csv', `${HEAD}4,1,north,10\n`);
    expect((await run('2025-06')).code).toBe(3);
  });

  it('is compared across periods by diff', async () => {
    world.land('sales_03_2025-05.csv', `${HEAD}3,1,north,10\n3,2,south,10\n`);
    world.land('sales_03_2025-06.csv', `${HEAD}3,4,north,10\n3,5,north,10\n`);
    for (const period of ['2025-05', '2025-06']) expect((await run(period)).code).toBe(0);
    const diff = await world.run(
      'diff --dataset sales --from-period 2025-05 --to-period 2025-06 --slice district=03 --json',
    );
    expect(diff, diff.stdout).toMatchObject({ code: 0, json: { rows: { added: 2, removed: 2 } } });
  });

  it('refuses a name that says no number, and another spelling of the same number', async () => {
    world.land('sales_03_2025-06.csv', `${HEAD}3,1,north,10\n`);
    expect((await run('2025-06')).code).toBe(0);
    world.land('sales_north_2025-07.csv', 'id,place,amount\n2,south,10\n');
    const named = await run('2025-07');
    expect(named.code).toBe(3);
    expect(named.stdout).toContain("says 'north' for district, which is not a whole number");
    world.land('sales_3_2025-06.csv', `${HEAD}3,9,north,10\n`);
    const same = await world.run('ingest --period 2025-06 --json');
    expect(same.code).toBe(3);
    expect(same.stdout).toContain("says district '3', and earlier files say '03'");
  });
});
