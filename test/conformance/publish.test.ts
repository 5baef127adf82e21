import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { findMarts } from '../../src/marts/find-marts.ts';
import { staleMarts } from '../../src/marts/stale-marts.ts';
import { sql } from '../../src/sql/sql.ts';
import { type PublishInput, publish } from '../../src/steps/publish.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const core = (plain: Dataset, over: Partial<Dataset['core']>): Dataset => ({
  ...plain,
  core: { ...plain.core, table: plain.name, ...over },
});
const citizens = core(dataset([field('id', { type: 'integer' }), field('region')], { name: 'citizens' }), {
  key: ['id'],
  strategy: 'upsert',
  covers: 'all',
  missing: 'keep',
});
const payments = core(
  dataset([field('no'), field('region'), field('amount', { type: 'integer' })], {
    name: 'payments',
    pattern: 'payments_{period}.csv',
  }),
  { key: ['no'], strategy: 'replace_period' },
);

const prices = core(
  dataset([field('no'), field('amount', { type: 'number', precision: 18, scale: 2 })], {
    name: 'prices',
    pattern: 'prices_{period}.csv',
  }),
  { key: ['no'], strategy: 'replace_period' },
);

const PAID = `-- title: Payments by region
-- Prose in between does not matter.
-- grain: region
-- mode: period
-- period: month
-- reads: core.payments
-- check not_negative: total >= 0
SELECT region, sum(amount) AS total, count(*) AS payments FROM core.payments
WHERE _data_period = :period GROUP BY region;
`;
const PEOPLE = `-- grain: region
-- mode: period
-- reads: core.citizens
SELECT region, count(*) AS citizens FROM core.citizens GROUP BY region
`;
const QUARTER = PAID.replace('period: month', 'period: quarter').replace(
  'WHERE _data_period = :period',
  "WHERE _data_period BETWEEN '2025-01' AND '2025-03' AND :period = '2025-Q1'",
);
const ALL = `-- grain: no
-- mode: full
-- reads: core.payments
SELECT no, min(amount) AS amount FROM core.payments GROUP BY no
`;

const paid = (no: string, amount: number, region = 'NO') => ({ no, region, amount });

describe.each(ENGINES)('publish on %s', (_name, engine) => {
  let world: World;
  const datasets = [citizens, payments, prices];
  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);
  beforeEach(async () => {
    world = await World.openCopy(engine, datasets);
    return () => world.close();
  }, 60_000);

  const run = (period: string, over: Partial<PublishInput> = {}, context: Partial<StepContext> = {}) =>
    publish(world.context(context), {
      period: parsePeriod(period) as NonNullable<ReturnType<typeof parsePeriod>>,
      ...over,
    });

  async function promote(
    period: string,
    rows: Parameters<World['load']>[2],
    name = 'payments',
  ): Promise<void> {
    await world.load(name, period, rows);
    expect((await world.transform(period, [name])).exitCode).toBe(0);
  }

  const paidRows = () => world.rows(sql`SELECT * FROM mart.paid ORDER BY _data_period, region`);

  it('has nothing to do without marts', async () => {
    expect(await run('2025-01')).toMatchObject({
      status: 'skipped',
      exitCode: 0,
      message: 'There are no marts.',
    });
  });

  it('replaces exactly the period of a mart, and only when it changed', async () => {
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', 1), paid('b', 2, 'SO')]);
    await promote('2025-02', [paid('c', 5)]);
    expect(await run('2025-01')).toMatchObject({ status: 'done', rows: { inserted: 2, deleted: 0 } });
    await run('2025-02');
    expect(await paidRows()).toEqual([
      { region: 'NO', total: 1, payments: 1, _data_period: '2025-01' },
      { region: 'SO', total: 2, payments: 1, _data_period: '2025-01' },
      { region: 'NO', total: 5, payments: 1, _data_period: '2025-02' },
    ]);
    expect(await run('2025-01')).toMatchObject({ status: 'skipped', exitCode: 0 });
    await promote('2025-01', [paid('a', 7)]);
    expect(await run('2025-01')).toMatchObject({ status: 'done', rows: { inserted: 1, deleted: 2 } });
    expect((await paidRows()).map((row) => row.total)).toEqual([7, 5]);
    const log = await world.rows(
      sql`SELECT mart, period, rows_deleted AS gone, rows_inserted AS come FROM meta.publish_log ORDER BY publish_id`,
    );
    expect(log).toEqual([
      { mart: 'paid', period: '2025-01', gone: 0, come: 2 },
      { mart: 'paid', period: '2025-02', gone: 0, come: 1 },
      { mart: 'paid', period: '2025-01', gone: 2, come: 1 },
    ]);
  });

  it('tells of a cast that rounds what a column of core holds', async () => {
    const mart = (total: string) =>
      `-- grain: no\n-- mode: full\n-- reads: core.prices\nSELECT no, ${total} AS total FROM core.prices GROUP BY no\n`;
    world.write('models/mart/priced.sql', mart('CAST(sum(amount) AS INTEGER)'));
    await promote('2025-01', [{ no: 'a', amount: '1.25' }], 'prices');
    expect(await run('2025-01')).toMatchObject({
      rows: { inserted: 1 },
      findings: { warning: 1 },
      message: expect.stringContaining(
        "models/mart/priced.sql:4: the cast to INTEGER rounds 'amount', which has 2 decimals.",
      ),
    });
    world.write('models/mart/priced.sql', mart('sum(amount)'));
    await world.warehouse.transaction((session) => session.execute(sql`DROP TABLE mart.priced`));
    const exact = await run('2025-01');
    expect([exact.status, exact.findings.warning]).toEqual(['done', null]);
  });

  it('writes nothing where a promotion did not change the mart', async () => {
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', 1), paid('b', 2)]);
    await run('2025-01');
    await promote('2025-01', [paid('a', 2), paid('b', 1)]);
    expect(await run('2025-01')).toMatchObject({
      status: 'skipped',
      rows: { inserted: 0, deleted: 0, unchanged: 1 },
    });
  });

  it('publishes nothing at all when one check fails, and says which', async () => {
    world.write('models/mart/all_payments.sql', ALL);
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', -1), paid('b', -2, 'SO')]);
    const error = await errorOf(run('2025-01'));
    expect(error.code).toBe('check-failed');
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain('paid: check not_negative (total >= 0) fails in 2 rows');
    expect(await world.rows(sql`SELECT count(*) AS n FROM meta.publish_log`)).toEqual([{ n: 0 }]);
    const made = await world.warehouse.read((session) =>
      session.columns({ schema: 'mart', name: 'all_payments' }),
    );
    expect(made).toBeNull();
  });

  it('checks that the grain is unique', async () => {
    world.write('models/mart/paid.sql', PAID.replace('grain: region', 'grain: payments'));
    await promote('2025-01', [paid('a', 1), paid('b', 2, 'SO')]);
    expect((await errorOf(run('2025-01'))).message).toContain('one row for each payments');
  });

  it('publishes the quarter with its last month, and not before', async () => {
    world.write('models/mart/quarterly.sql', QUARTER);
    await promote('2025-02', [paid('a', 1)]);
    await promote('2025-03', [paid('b', 2)]);
    expect((await run('2025-02')).message).toContain('not due');
    expect(await run('2025-03')).toMatchObject({ status: 'done', period: '2025-Q1' });
    expect(await world.rows(sql`SELECT total, _data_period FROM mart.quarterly`)).toEqual([
      { total: 3, _data_period: '2025-Q1' },
    ]);
  });

  it('waits for a period that is not promoted: 5 when the mart is named, listed otherwise', async () => {
    world.write('models/mart/paid.sql', PAID);
    expect(await run('2025-01')).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect((await errorOf(run('2025-01', { mart: 'paid' }))).code).toBe('not-loaded');
  });

  it('does not show an older period with the state of a register that moved on', async () => {
    world.write('models/mart/people.sql', PEOPLE);
    await promote('2025-01', [{ id: 1, region: 'NO' }], 'citizens');
    await promote(
      '2025-02',
      [
        { id: 1, region: 'NO' },
        { id: 2, region: 'NO' },
      ],
      'citizens',
    );
    const error = await errorOf(run('2025-01'));
    expect(error).toMatchObject({ code: 'guard-tripped', exitCode: 4 });
    expect(writeWords(error.hint ?? '')).toContain(
      'tidemark publish --period 2025-01 --mart people --accept-guard older_period',
    );
    const accepted = { acceptGuards: [{ name: 'older_period', reason: 'a first fill', by: 'Eve' }] };
    expect(await run('2025-01', accepted)).toMatchObject({ status: 'done' });
    const [log] = await world.rows(sql`SELECT accepted_guards AS guards FROM meta.publish_log`);
    expect(JSON.parse(String(log?.guards))).toEqual([
      {
        name: 'older_period',
        reason: 'a first fill',
        by: 'Eve',
        figures: expect.stringContaining('2025-02'),
      },
    ]);
  });

  it('has nothing to do for an older period that was published in its time', async () => {
    world.write('models/mart/people.sql', PEOPLE);
    await promote('2025-01', [{ id: 1, region: 'NO' }], 'citizens');
    await run('2025-01');
    await promote('2025-02', [{ id: 2, region: 'NO' }], 'citizens');
    await run('2025-02');
    expect(await run('2025-01')).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.rows(sql`SELECT _data_period, citizens FROM mart.people ORDER BY 1`)).toEqual([
      { _data_period: '2025-01', citizens: 1 },
      { _data_period: '2025-02', citizens: 2 },
    ]);
  });

  it('replaces all of a full mart, keeps its table and takes on new columns', async () => {
    world.write('models/mart/all_payments.sql', ALL);
    await promote('2025-01', [paid('a', 1), paid('b', 2)]);
    expect(await run('2025-01')).toMatchObject({ rows: { inserted: 2 } });
    world.write('models/mart/all_payments.sql', ALL.replace('AS amount', "AS amount, 'x' AS mark"));
    await promote('2025-02', [paid('c', 3)]);
    expect(await run('2025-02')).toMatchObject({ rows: { inserted: 3, deleted: 2 } });
    expect(await world.rows(sql`SELECT no, amount, mark FROM mart.all_payments ORDER BY no`)).toEqual(
      ['a', 'b', 'c'].map((no, i) => ({ no, amount: i + 1, mark: 'x' })),
    );
  });

  it('changes nothing in a dry run, and counts', async () => {
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', 1)]);
    expect(await run('2025-01', {}, { dryRun: true })).toMatchObject({ rows: { inserted: 1 } });
    expect(
      await world.warehouse.read((session) => session.columns({ schema: 'mart', name: 'paid' })),
    ).toBeNull();
  });

  it('tells which marts are older than the core they read', async () => {
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', 1)]);
    await run('2025-01');
    const stale = () => {
      const { project, warehouse, config } = world;
      const marts = findMarts(project, config.datasets, warehouse.capabilities.dialect);
      return warehouse.read((session) => staleMarts(session, marts, config.datasets));
    };
    expect(await stale()).toEqual([]);
    await promote('2025-02', [paid('b', 1)]);
    expect(await stale()).toEqual([]);
    await promote('2025-01', [paid('a', 2)]);
    expect(await stale()).toEqual([{ mart: 'paid', period: '2025-01', tables: ['payments'] }]);
  });

  it('writes what it published into a file', async () => {
    world.write('models/mart/paid.sql', PAID);
    await promote('2025-01', [paid('a', 1), paid('b', 2, '=SO')]);
    const result = await run('2025-01', { export: 'csv' });
    expect(result.outputs).toEqual(['data/exports/paid/paid_2025-01.csv']);
    const path = join(world.project.root, 'data/exports/paid/paid_2025-01.csv');
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(
      "region,total,payments,_data_period\n'=SO,2,1,2025-01\nNO,1,1,2025-01\n",
    );
  });

  it('refuses a mart that cannot be run, and a name that no model has', async () => {
    world.write('models/mart/paid.sql', PAID.replace('sum(amount)', 'sum(nothing)'));
    await promote('2025-01', [paid('a', 1)]);
    expect(await errorOf(run('2025-01'))).toMatchObject({ code: 'bad-model', exitCode: 2 });
    expect((await errorOf(run('2025-01', { mart: 'pait' }))).hint).toBe("Did you mean 'paid'?");
  });
});
