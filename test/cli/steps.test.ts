import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG, citizens, MART, register, THREE } from './registers.ts';
import { filesIn, listing, makeWorld } from './world.ts';

const marts = { files: { 'models/mart/incomes.sql': MART } };

describe('a step with nothing before it', () => {
  it('waits where the dataset is named, and goes by where it is not', async () => {
    const world = makeWorld(register({}, marts));
    for (const step of ['ingest', 'validate', 'load-stage', 'transform', 'run']) {
      const named = await world.json(`${step} --period 2025-06 --dataset citizens`, 5);
      expect(named, step).toMatchObject({ status: 'retry', dataset: 'citizens', period: '2025-06' });
      expect(named.hint, step).toMatch(/\w/);
      expect(await world.json(`${step} --period 2025-06`, 0), step).toMatchObject({ status: 'skipped' });
    }
    expect(await world.json('publish --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json('publish --period 2025-06 --mart incomes', 5)).toMatchObject({ status: 'retry' });
  });

  it('lists the datasets that are not there beside the ones that are', async () => {
    const world = makeWorld({ config: CONFIG, landed: { 'topics_AQA_2025-06.csv': 'topic,hours\na,1\n' } });
    for (const step of ['ingest', 'validate', 'load-stage', 'transform']) {
      const { results, exit_code } = await world.json(`${step} --period 2025-06`, 0);
      const by = Object.fromEntries(
        results.map((one: { dataset: string; status: string }) => [one.dataset, one.status]),
      );
      expect([exit_code, by.topics], step).toEqual([0, 'done']);
      if (step !== 'validate') expect(by, step).toMatchObject({ citizens: 'skipped', regions: 'skipped' });
    }
  });

  it('is refused where the newest delivery was, and waits where it has not been looked at', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': citizens(['x', 'A', 1]) }));
    await world.json('ingest --period 2025-06', 0);
    expect((await world.json('load-stage --period 2025-06 --dataset citizens', 5)).hint).toMatch(
      /tidemark validate/,
    );
    expect(await world.json('transform --period 2025-06 --dataset citizens', 5)).toMatchObject({
      status: 'retry',
    });
    await world.json('validate --period 2025-06', 3);
    for (const step of ['load-stage', 'transform']) {
      await world.json(`${step} --period 2025-06 --dataset citizens`, 3);
      await world.json(`${step} --period 2025-06`, 0);
    }
  });
});

describe('steps one by one', () => {
  it('replace exactly their period, and have nothing to do the second time', async () => {
    const landed = {
      'citizens_2025-05.csv': citizens([1, 'Ada', 1], [9, 'Zoe', 9]),
      'citizens_2025-06.csv': THREE,
    };
    const world = makeWorld(register(landed, marts));
    for (const period of ['2025-05', '2025-06']) {
      for (const step of ['ingest', 'validate', 'load-stage', 'transform', 'publish'])
        await world.json(`${step} --period ${period}`, 0);
    }
    const may = () =>
      world.query("SELECT * FROM stage.citizens WHERE _data_period = '2025-05' ORDER BY citizen_id");
    const before = await may();
    const core = await world.query('SELECT * FROM core.citizens ORDER BY citizen_id');
    expect(core.map((row) => `${row.citizen_id} ${row._data_period} ${row.income}`)).toEqual([
      '1 2025-06 10.00',
      '2 2025-06 null',
      '3 2025-06 0.00',
      '9 2025-05 9.00',
    ]);
    const cleaned = listing(join(world.root, 'data/stage/cleaned'));
    for (const step of ['ingest', 'validate', 'load-stage', 'transform', 'publish']) {
      const again = await world.json(`${step} --period 2025-06`, 0);
      if (step !== 'validate') expect(again.status, step).toBe('skipped');
    }
    expect(await world.query('SELECT * FROM core.citizens ORDER BY citizen_id')).toEqual(core);
    expect(
      Object.entries(listing(join(world.root, 'data/stage/cleaned'))).filter(([name]) =>
        name.endsWith('.parquet'),
      ),
    ).toEqual(Object.entries(cleaned).filter(([name]) => name.endsWith('.parquet')));
    expect(await may()).toEqual(before);

    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 12], [2, 'Bea', 0]));
    const rerun = await world.json('run --period 2025-06', 0);
    const of = (step: string) => rerun.results.find((one: { step: string }) => one.step === step);
    expect(of('load-stage').rows).toMatchObject({ deleted: 3, inserted: 2 });
    expect(of('transform').rows).toMatchObject({ modified: 2, cells: 4, added: 0 });
    expect(await may()).toEqual(before);
    expect(await world.query('SELECT _data_period, people, income FROM mart.incomes ORDER BY 1')).toEqual([
      { _data_period: '2025-05', people: '2', income: '10.00' },
      { _data_period: '2025-06', people: '3', income: '12.00' },
    ]);
  });

  it('take a load again when forced, and with the very Parquet that was validated', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06 --through validate', 0);
    expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '0' }]);
    const [parquet] = filesIn(world.root, 'data/stage/cleaned').filter((path) =>
      path.endsWith('.parquet'),
    ) as [string];
    const load = `load-stage --period 2025-06 --dataset citizens`;
    expect(await world.json(`${load} --parquet-path ${parquet}`, 0)).toMatchObject({
      status: 'done',
      rows: { inserted: 3 },
    });
    expect(await world.json(load, 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json(`${load} --force`, 0)).toMatchObject({
      status: 'done',
      rows: { deleted: 3, inserted: 3 },
    });
    expect(await world.json(`${load} --parquet-path ${parquet} --file-id 1`, 2)).toMatchObject({
      status: 'usage',
    });
    expect(await world.json(`${load} --file-id 7`, 2)).toMatchObject({ status: 'usage' });
    expect(await world.json('load-stage --period 2025-07 --dataset citizens --file-id 1', 2)).toMatchObject({
      status: 'usage',
    });

    appendFileSync(join(world.root, parquet), 'x');
    const refused = await world.json(`${load} --force`, 3);
    expect(refused.message).toContain(parquet);
    expect(refused.hint).toMatch(/tidemark validate/);
    expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '3' }]);
  });

  it('run takes several periods, and stops where it is told to', async () => {
    const landed = {
      'citizens_2025-05.csv': citizens([1, 'Ada', 1]),
      'citizens_2025-06.csv': citizens([1, 'Ada', 2]),
      'citizens_2025-07.csv': THREE,
    };
    const world = makeWorld(register(landed, marts));
    await world.json('run --from 2025-06 --to 2025-05', 2);
    await world.json('run --period 2025-05 --from 2025-05 --to 2025-06', 2);
    await world.json('run --from 2025-05', 2);
    const through = await world.json('run --from 2025-05 --to 2025-06 --through load-stage', 0);
    expect(new Set(through.results.map((one: { step: string }) => one.step))).toEqual(
      new Set(['ingest', 'validate', 'load-stage']),
    );
    expect(await world.query('SELECT _data_period FROM stage.citizens ORDER BY 1')).toEqual([
      { _data_period: '2025-05' },
      { _data_period: '2025-06' },
    ]);
    expect(await world.query('SELECT count(*) AS n FROM core.citizens')).toEqual([{ n: '0' }]);
    await world.json('run --from 2025-05 --to 2025-07', 0);
    expect(await world.query('SELECT count(*) AS n FROM mart.incomes')).toEqual([{ n: '3' }]);
    const told = await world.run('run --period 2025-07');
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/Reconciliation/);
    expect(told.stdout).toMatch(/accounted for/);
    expect(told.stdout).toMatch(/mart\.incomes 2025-07: 1 row/);
  });

  it('validate again under a changed contract, once, and what is promoted only when asked', async () => {
    const { config } = register();
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    writeFileSync(
      join(world.root, 'datasets_config.yml'),
      String(config).replace('title: Income,', 'title: Income, constraints: {maximum: 9999},'),
    );
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
    const again = await world.json('run --period 2025-06 --revalidate', 0);
    expect(again.results.map((one: { step: string }) => one.step)).toContain('validate');
    const records = filesIn(world.root, 'data/runs').filter((path) => /validate/.test(path));
    expect(records).toHaveLength(2);
    for (const path of records)
      expect(JSON.parse(readFileSync(join(world.root, path), 'utf8'))).toMatchObject({ status: 'done' });
  });

  it('promote facts that nothing names by where they stand in their file', async () => {
    const config = {
      version: 1,
      datasets: {
        facts: {
          source: { filename: 'facts_{office}_{period}.csv' },
          schema: { fields: [{ name: 'item' }, { name: 'amount', type: 'integer' }] },
        },
      },
    };
    const landed = {
      'facts_N_2025-06.csv': 'item,amount\na,1\na,1\n',
      'facts_S_2025-06.csv': 'item,amount\na,1\n',
    };
    const world = makeWorld({ config, landed });
    const core = async () =>
      (await world.query('SELECT * FROM core.facts ORDER BY office, _source_row')).map(
        (row) => `${row.office} ${row.item} ${row.amount}`,
      );
    await world.json('run --period 2025-06', 0);
    expect(await core()).toEqual(['N a 1', 'N a 1', 'S a 1']);
    world.land('facts_N_2025-06.csv', 'item,amount\na,1\na,2\n');
    const { results } = await world.json('run --period 2025-06', 0);
    const promoted = results.filter((one: { step: string }) => one.step === 'transform');
    expect(promoted[0].rows).toMatchObject({ modified: 1, unchanged: 1, cells: 1 });
    expect(await core()).toEqual(['N a 1', 'N a 2', 'S a 1']);
    mkdirSync(join(world.root, 'models/core'), { recursive: true });
    const model =
      'SELECT item, office, sum(amount) AS amount FROM stage.facts WHERE _data_period = :period GROUP BY item, office';
    writeFileSync(join(world.root, 'models/core/facts.sql'), model);
    expect((await world.json('transform --period 2025-06', 2)).message).toMatch(
      /facts\.sql.*'_source_row'.*core\.key/,
    );
  });

  it('failed checks of a mart publish nothing', async () => {
    const model = MART.replace('people > 0', 'people > 100');
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': THREE }, { files: { 'models/mart/incomes.sql': model } }),
    );
    const failed = await world.json('run --period 2025-06', 3);
    expect(failed.message).toMatch(/incomes.*somebody/);
    expect(
      await world.query("SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = 'mart'"),
    ).toEqual([{ n: '0' }]);
  });

  it('guards stop a promotion until they are accepted with a reason and a name', async () => {
    const config = String(register().config).replace(
      '{strategy: upsert}',
      '{strategy: upsert, guards: {min_rows: 5}}',
    );
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }, { config }));
    const blocked = await world.json('run --period 2025-06', 4);
    expect(blocked).toMatchObject({
      status: 'blocked',
      message: expect.stringMatching(/min_rows/),
      hint: expect.stringMatching(/--accept-guard min_rows/),
    });
    expect(await world.query('SELECT count(*) AS n FROM core.citizens')).toEqual([{ n: '0' }]);
    const accept = [
      'transform',
      '--period',
      '2025-06',
      '--accept-guard',
      'min_rows',
      '--reason',
      'small town',
      '--by',
      'Ada L.',
    ];
    expect(await world.json(accept, 0)).toMatchObject({ status: 'done', rows: { added: 3 } });
    const [promotion] = await world.query('SELECT accepted_guards FROM meta.promotion_log');
    expect(promotion?.accepted_guards).toMatch(/small town.*Ada L\.|Ada L\..*small town/);
  });
});
