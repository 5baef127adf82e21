import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase, filesIn, makeWorld, type World } from './world.ts';

/** Monthly counts of firearm background checks by US state, as published: thirteen deliveries. */
const REAL = join(import.meta.dirname, '..', 'fixtures', 'nics');

const COUNTS = [
  ...['permit', 'permit_recheck', 'handgun', 'long_gun', 'other', 'multiple', 'admin'],
  ...['prepawn_handgun', 'prepawn_long_gun', 'prepawn_other'],
  ...['redemption_handgun', 'redemption_long_gun', 'redemption_other'],
  ...['returned_handgun', 'returned_long_gun', 'returned_other', 'rentals_handgun', 'rentals_long_gun'],
  ...['private_sale_handgun', 'private_sale_long_gun', 'private_sale_other'],
  ...['return_to_seller_handgun', 'return_to_seller_long_gun', 'return_to_seller_other'],
];

const CONFIG = `version: 1
datasets:
  nics:
    title: Background checks by state
    source: {filename: "nics_{period}[_v{version}].{xlsx,csv}"}
    schema:
      fields:
        - {name: month, type: yearmonth, constraints: {required: true}}
        - {name: state, constraints: {required: true}}
${COUNTS.map((name) => `        - {name: ${name}, type: integer, constraints: {minimum: 0}}\n`).join('')}\
        - {name: totals, type: integer, constraints: {required: true}}
      primaryKey: [month, state]
    checks:
      - name: totals_add_up
        expect: "totals = ${COUNTS.map((name) => `coalesce(${name}, 0)`).join(' + ')}"
      - {name: states, rows: {min: 55, max: 55}}
    core: {key: [month, state], strategy: replace_period}
`;

const MART = `-- title: Background checks of a month
-- grain: month
-- mode: period
-- period: month
-- reads: core.nics
-- check all_states: states = 55
SELECT month, count(*) AS states, sum(totals) AS totals, sum(handgun) AS handgun
FROM core.nics WHERE _data_period = :period GROUP BY month
`;

interface Expected {
  readonly period: string;
  readonly rows: number;
  readonly totals: number;
  readonly handgun?: number;
}

function expectedDeliveries(): readonly Expected[] {
  const all = JSON.parse(readFileSync(join(REAL, 'expected.json'), 'utf8')) as Record<string, Expected>;
  return readdirSync(join(REAL, 'landed'))
    .sort()
    .map((name) => (all[name] ?? all[`landed/${name}`]) as Expected);
}

const engines: readonly (readonly [string, () => Promise<string | undefined>])[] = [
  ['DuckDB', async () => undefined],
  ...(inject('postgresUrl') === null
    ? []
    : [['PostgreSQL', async () => (await emptyDatabase()) ?? undefined] as const]),
];

async function pipelineOf(databaseUrl: string | undefined): Promise<World> {
  // The embedded warehouse lies outside the new folder, where the test reads it.
  const where =
    databaseUrl === undefined
      ? { environment: { DATABASE_URL: 'duckdb:../data/warehouse.duckdb' } }
      : { databaseUrl };
  const world = makeWorld({ config: 'version: 1\ndatasets: {}\n', ...where });
  const root = join(world.root, 'nics');
  await world.json('init nics', 0);
  writeFileSync(join(root, 'datasets_config.yml'), CONFIG);
  writeFileSync(join(root, 'models/mart/checks.sql'), MART);
  for (const name of readdirSync(join(REAL, 'landed')))
    copyFileSync(join(REAL, 'landed', name), join(root, 'data/landed', name));
  if (databaseUrl !== undefined) await world.json('migrate --project nics', 0);
  return world;
}

describe('the real deliveries', () => {
  it('are part of the project: every one that has expected totals', () => {
    const all = JSON.parse(readFileSync(join(REAL, 'expected.json'), 'utf8')) as object;
    expect(readdirSync(join(REAL, 'landed'))).toHaveLength(13);
    expect(Object.keys(all).length).toBeGreaterThanOrEqual(13);
  });
});

describe.each(engines)('thirteen real deliveries on %s', (_, database) => {
  it('reach stage, core and mart with the published totals, zero and empty kept apart, and a month published again replaces itself alone', async () => {
    const databaseUrl = await database();
    const world = await pipelineOf(databaseUrl);
    const root = join(world.root, 'nics');
    const { query } = world;
    const expected = expectedDeliveries();
    expect(expected).toHaveLength(13);
    const first = await world.json('run --project nics --period 2016-05', 0);
    expect(first).toMatchObject({ status: 'done', rows: { read: 55, accepted: 55, rejected: 0 } });
    const rest = await world.json('run --project nics --from 2022-10 --to 2023-09', 0);
    expect(rest.rows).toMatchObject({ read: 660, accepted: 660, rejected: 0 });
    expect(rest.details.reconciliation.flatMap((one: { broken: unknown[] }) => one.broken)).toEqual([]);

    const wanted = expected.map(({ period, rows, totals }) => ({
      period,
      rows: String(rows),
      totals: String(totals),
    }));
    for (const table of ['stage.nics', 'core.nics']) {
      const found = await query(
        `SELECT _data_period AS period, count(*) AS rows, CAST(sum(totals) AS BIGINT) AS totals FROM ${table} GROUP BY 1 ORDER BY 1`,
      );
      expect(found, table).toEqual(wanted);
    }
    const mart =
      'SELECT _data_period AS period, states AS rows, CAST(totals AS BIGINT) AS totals FROM mart.checks ORDER BY 1';
    expect(await query(mart)).toEqual(wanted);
    const handguns = await query(
      'SELECT _data_period AS period, CAST(handgun AS BIGINT) AS handgun FROM mart.checks ORDER BY 1',
    );
    for (const { period, handgun } of expected) {
      if (handgun !== undefined) expect(handguns).toContainEqual({ period, handgun: String(handgun) });
    }

    // As first published, May 2016 had zeros where it later had nothing: 110 cells in all 55 rows.
    const blanks = COUNTS.map((name) => `count(*) FILTER (WHERE ${name} IS NULL)`).join(' + ');
    const zeros = COUNTS.map((name) => `count(*) FILTER (WHERE ${name} = 0)`).join(' + ');
    const cells = async () =>
      (
        await query(
          `SELECT CAST(${blanks} AS BIGINT) AS blanks, CAST(${zeros} AS BIGINT) AS zeros FROM core.nics WHERE _data_period = '2016-05'`,
        )
      )[0];
    const before = await cells();
    const others = "SELECT * FROM stage.nics WHERE _data_period <> '2016-05' ORDER BY month, state";
    const untouched = await query(others);
    copyFileSync(join(REAL, 'restated/nics_2016-05.csv'), join(root, 'data/landed/nics_2016-05.csv'));
    const restated = await world.json('run --project nics --period 2016-05', 0);
    const of = (step: string) => restated.results.find((one: { step: string }) => one.step === step).rows;
    expect(of('load-stage')).toMatchObject({ deleted: 55, inserted: 55 });
    expect(of('transform')).toMatchObject({ modified: 55, cells: 110, added: 0, removed: 0 });
    expect(await cells()).toEqual({
      blanks: String(Number(before?.blanks) + 110),
      zeros: String(Number(before?.zeros) - 110),
    });
    expect(await query(others)).toEqual(untouched);
    expect((await query(mart))[0]).toEqual(wanted[0]);
    expect(filesIn(root, 'data/stage/rejected')).toEqual([]);
    expect(await world.json('run --project nics --from 2022-10 --to 2023-09', 0)).toMatchObject({
      status: 'skipped',
    });
  });

  it('let a restated month be looked at, approved, promoted, taken back to the last cell, and promoted again', async () => {
    const world = await pipelineOf(await database());
    const root = join(world.root, 'nics');
    const reviewed = CONFIG.replace('strategy: replace_period', 'strategy: replace_period, review: required');
    writeFileSync(join(root, 'datasets_config.yml'), reviewed);
    const month = ['--project', 'nics', '--period', '2016-05'];
    const json = (command: string, code: number, ...more: string[]) =>
      world.json([...command.split(' '), ...month, ...more], code);
    const dataset = ['--dataset', 'nics'];
    const core = (columns: string) => world.query(`SELECT ${columns} FROM core.nics ORDER BY month, state`);
    const approve = async () => {
      const { details } = await json('diff', 0, ...dataset);
      await json(
        'approve',
        0,
        ...dataset,
        '--by',
        'Vera',
        '--reason',
        'checked',
        '--diff',
        details.fingerprint,
      );
    };

    await json('run', 4);
    await approve();
    await json('run', 0);
    const first = await core('*');
    copyFileSync(join(REAL, 'restated/nics_2016-05.csv'), join(root, 'data/landed/nics_2016-05.csv'));
    expect((await json('run', 4)).message).toMatch(/waits for an approval/);
    const diff = await json('diff', 0, ...dataset);
    const changes = { added: 0, modified: 55, removed: 0, cells: 110 };
    expect(diff.rows).toMatchObject({ ...changes, unchanged: 0 });
    const [{ columns }] = diff.details.comparisons;
    expect(columns.reduce((sum: number, one: { emptied: number }) => sum + one.emptied, 0)).toBe(110);
    await approve();
    expect((await json('transform', 0)).rows).toMatchObject(changes);
    const second = await core('*');
    expect(second).not.toEqual(first);

    const undone = await json(
      'rollback',
      0,
      ...dataset,
      ...['--yes', '--run-id', 'night'],
      '--reason',
      'not announced',
      '--by',
      'Vera',
    );
    expect(undone.rows).toMatchObject(changes);
    expect(await core('*')).toEqual(first);
    expect((await json('run', 4)).message).toMatch(/Guard rolled_back/);
    expect(await core('*')).toEqual(first);

    await approve();
    expect((await json('run', 0)).exit_code).toBe(0);
    const business = `month, state, ${COUNTS.join(', ')}, totals, _data_period, _file_id, _source_row`;
    const again = await core(business);
    expect(again).toHaveLength(55);
    expect(again).toEqual(
      second.map((row) =>
        Object.fromEntries(Object.keys(again[0] as object).map((name) => [name, row[name]])),
      ),
    );
    expect(await json('run', 0)).toMatchObject({ status: 'skipped' });
  });
});
