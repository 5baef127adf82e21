import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { MART } from './registers.ts';
import { copiesOf, emptyDatabase, makeWorld, type World } from './world.ts';

const CONFIG = `version: 1
datasets:
  citizens:
    source: {filename: "citizens_{period}[_v{version}].csv", delimiter: ";"}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
        - {name: full_name, title: Name, pii: true}
        - {name: region, title: Region, clean: [upper]}
        - {name: income, title: Income, type: number, precision: 12, scale: 2}
      primaryKey: citizen_id
    core: {strategy: upsert, covers: all, missing: delete, rollout: staged}
  visits:
    source: {filename: "visits_{board}_{period}.csv"}
    schema: {primaryKey: day, fields: [{name: day, type: date}, {name: people, type: integer}]}
    core: {key: [board, day], strategy: replace_period}
  totals:
    source: {filename: "totals_{period}.csv"}
    schema: {fields: [{name: kind}, {name: amount, type: integer}]}
    core: {key: [kind], strategy: upsert}
`;
const TOTALS_MODEL =
  'SELECT kind, sum(amount) AS amount FROM stage.totals WHERE _data_period = :period GROUP BY kind\n';
const REGIONS = MART.replace('grain: people', 'grain: region')
  .replace('SELECT count', 'SELECT region, count')
  .replace('_data_period = :period', '_data_period <= :period GROUP BY region');

const engines: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['DuckDB', async () => null],
  ...(inject('postgresUrl') === null ? [] : [['PostgreSQL', emptyDatabase] as const]),
];

const file = (...rows: readonly string[]) =>
  `Citizen ID;Name;Region;Income\n${rows.map((row) => `${row}\n`).join('')}`;
const WHO = ['--reason', 'typing error', '--by', 'Sol'];

const FILES = {
  config: CONFIG,
  files: { 'models/core/totals.sql': TOTALS_MODEL, 'models/mart/incomes.sql': REGIONS },
  landed: {
    'citizens_2025-05.csv': file('1;Ada Lovelace; no ;10', '2;Bea Byron;so;20.5'),
    'visits_AQA_2025-05.csv': 'day,people\n2025-05-01,3\n2025-05-02,4\n',
    'totals_2025-05.csv': 'kind,amount\na,1\na,2\nb,5\n',
  },
};

async function promoteMay(world: World): Promise<void> {
  await world.json('migrate', 0);
  await world.json('run --period 2025-05', 0);
}

const onDuckDb = copiesOf(FILES, promoteMay);

async function open(database: () => Promise<string | null>): Promise<World> {
  const databaseUrl = await database();
  if (databaseUrl === null) return onDuckDb();
  const world = makeWorld({ ...FILES, databaseUrl });
  await promoteMay(world);
  return world;
}

interface Told {
  readonly rows: readonly {
    readonly state: string;
    readonly key: Record<string, string>;
    readonly delivery: Record<string, unknown>;
    readonly cells: readonly Record<string, unknown>[];
    readonly promotions: readonly Record<string, unknown>[];
    readonly corrections: readonly Record<string, unknown>[];
    readonly notes: readonly string[];
  }[];
  readonly sources: readonly Record<string, unknown>[];
  readonly notes: readonly string[];
}

const trace = async (world: World, ...args: readonly string[]): Promise<Told> =>
  (await world.json(['trace', ...args], 0)).details;

describe.each(engines)('trace on %s', (_, database) => {
  it('follows a core row to the cells of its file, through correction and rollback', async () => {
    const world = await open(database);
    const told = (await trace(world, 'core.citizens', '2')).rows[0];
    expect(told).toMatchObject({
      state: 'stands',
      key: { citizen_id: '2' },
      delivery: { path: 'data/landed/citizens_2025-05.csv', row: 3, period: '2025-05', status: 'accepted' },
      promotions: [{ kind: 'transform', operation: 'added', period: '2025-05' }],
      notes: [],
    });
    expect(told?.cells).toMatchObject([
      { column: 'citizen_id', cell: '3:1', raw: '2', cleaned: '2', core: '2' },
      { column: 'full_name', cell: '3:2', raw: '***', cleaned: '***', core: '***' },
      { column: 'region', cell: '3:3', raw: 'so', cleaned: 'SO', core: 'SO' },
      { column: 'income', cell: '3:4', raw: '20.5', cleaned: '20.50', core: '20.50' },
    ]);

    const fix = ['--key', 'citizen_id=2', '--set', 'income=21', '--expect', '20.5', ...WHO];
    await world.json(['correct', '--dataset', 'citizens', '--period', '2025-05', ...fix], 0);
    await world.json('run --period 2025-05', 0);
    const shown = (await trace(world, 'citizens', 'citizen_id=2', '--show-pii')).rows[0];
    expect(shown?.cells[1]).toMatchObject({ raw: 'Bea Byron' });
    expect(shown?.cells[3]).toMatchObject({ raw: '20.5', cleaned: '20.50', core: '21.00', correction: 1 });
    expect(shown?.corrections).toMatchObject([{ from: '20.5', to: '21', by: 'Sol', applied: true }]);
    const log = await world.query("SELECT message FROM meta.run_log WHERE step = 'trace'");
    expect(JSON.stringify(log)).toContain('Personal data was shown');

    await world.json(
      ['rollback', '--dataset', 'citizens', '--period', '2025-05', '--yes', '--run-id', 'night', ...WHO],
      0,
    );
    const back = (await trace(world, 'core.citizens', '2')).rows[0];
    expect(back?.promotions).toMatchObject([
      { operation: 'added' },
      { operation: 'modified', rolled_back_by: expect.any(Number) },
      { kind: 'rollback', by: 'Sol', takes_back: expect.any(Number) },
    ]);
    expect(back?.cells[3]).toMatchObject({ core: '20.50', correction: null });
    await world.json(['go-live', '--dataset', 'citizens', '--yes', ...WHO], 0);
    const live = (await trace(world, 'core.citizens', '2')).rows[0];
    expect(live?.promotions.at(-1)).toMatchObject({ kind: 'go-live', operation: 'flipped' });
    expect(live?.cells[3]).toMatchObject({ core: '20.50', correction: null });
  });

  it('finds a row that core has lost, by its journal', async () => {
    const world = await open(database);
    world.land('citizens_2025-06.csv', file('1;Ada Lovelace;no;10'));
    await world.json('run --period 2025-06', 0);
    const gone = (await trace(world, 'core.citizens', '2')).rows[0];
    expect(gone).toMatchObject({
      state: 'gone',
      delivery: { row: 3, path: 'data/landed/citizens_2025-05.csv' },
    });
    expect(gone?.promotions.at(-1)).toMatchObject({ operation: 'removed', period: '2025-06' });
  });

  it('says where the file changed or is gone, and shows the cleaned values instead', async () => {
    const world = await open(database);
    world.land('citizens_2025-05.csv', file('9;Somebody Else;no;1'));
    const changed = (await trace(world, 'core.citizens', '1')).rows[0];
    expect(changed?.notes.join()).toContain('other bytes');
    expect(changed?.cells[3]).toMatchObject({ cell: null, raw: null, cleaned: '10.00' });
    rmSync(join(world.root, 'data/landed/citizens_2025-05.csv'));
    expect((await trace(world, 'core.citizens', '1')).rows[0]?.notes.join()).toContain('is gone');
  });

  it('takes keys of several parts, tells periods apart, and says where a model or a mart aggregates', async () => {
    const world = await open(database);
    const visits = await trace(world, 'core.visits', 'board=AQA,day=2025-05-02');
    expect(visits.rows).toMatchObject([
      {
        key: { _data_period: '2025-05', board: 'AQA', day: '2025-05-02' },
        delivery: { row: 3, slice: 'board=AQA' },
      },
    ]);
    expect((await trace(world, 'core.visits', 'AQA', '2025-05-02')).rows).toHaveLength(1);
    // Without the period, where core has the row no more: every period in which the journal knows it.
    world.land('visits_AQA_2025-05.csv', 'day,people\n2025-05-01,3\n');
    await world.json('run --period 2025-05', 0);
    expect((await trace(world, 'core.visits', 'AQA', '2025-05-02')).rows).toMatchObject([
      { state: 'gone', key: { _data_period: '2025-05', day: '2025-05-02' } },
    ]);
    const totals = (await trace(world, 'core.totals', 'a')).rows[0];
    expect(totals?.notes.join()).toContain('_source_row');
    expect(totals).toMatchObject({ delivery: { path: 'data/landed/totals_2025-05.csv', row: null } });

    await world.json(['go-live', '--dataset', 'citizens', '--yes', ...WHO], 0);
    await world.json('publish --period 2025-05', 0);
    const mart = await trace(world, 'mart.incomes', 'NO', '_data_period=2025-05');
    expect(mart.sources).toMatchObject([
      { table: 'core.citizens', shares: ['region'], rows: 1, keys: ['citizen_id=1'] },
    ]);
    expect(mart.notes.join()).toContain('aggregate');
    expect((await world.json('trace core.citizens 77', 2)).message).toContain('no such row');
    expect((await world.json('trace core.citizen 1', 2)).message).toContain('did you mean');
    await world.json('trace core.citizens', 2);
    await world.json('trace mart.incomes XX', 2);
  });

  it('counts for a mart by period the rows of that period alone, whatever the model calls it', async () => {
    const databaseUrl = await database();
    const config = `version: 1
datasets:
  visits:
    source: {filename: "visits_{period}.csv"}
    schema: {primaryKey: day, fields: [{name: day, type: date}, {name: people, type: integer}]}
    core: {key: [day], strategy: replace_period}
`;
    const model =
      '-- grain: period\n-- mode: full\n-- reads: core.visits\nSELECT _data_period AS period, sum(people) AS people FROM core.visits GROUP BY _data_period\n';
    const world = makeWorld({
      config,
      files: { 'models/mart/by_period.sql': model },
      landed: {
        'visits_2025-05.csv': 'day,people\n2025-05-01,3\n2025-05-02,4\n',
        'visits_2025-06.csv': 'day,people\n2025-06-01,5\n',
      },
      ...(databaseUrl === null ? {} : { databaseUrl }),
    });
    await world.json('migrate', 0);
    await world.json('run --from 2025-05 --to 2025-06', 0);
    const { sources, notes } = await trace(world, 'mart.by_period', '2025-06');
    expect(sources).toMatchObject([
      { table: 'core.visits', shares: ['period'], rows: 1, keys: ['_data_period=2025-06,day=2025-06-01'] },
    ]);
    expect(notes.join()).not.toContain('is made by the model');
  });
});
