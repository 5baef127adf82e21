import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import type { Threshold } from '../../src/domain/threshold.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const share = (value: number): Threshold => ({ kind: 'share', value, text: `${value * 100}%` });

/** A dataset with core rules on top of a plain one. */
function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

const regions = promoted(
  dataset([field('code'), field('name')], { name: 'regions', period: 'none', pattern: 'regions.csv' }),
  { key: ['code'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
const citizens = promoted(
  dataset(
    [
      field('id', { type: 'integer' }),
      field('name', { pii: true }),
      field('region'),
      field('income', { type: 'number', precision: 38, scale: 10 }),
    ],
    {
      name: 'citizens',
      foreignKeys: [{ fields: ['region'], dataset: 'regions', referenceFields: ['code'] }],
    },
  ),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
const payments = promoted(
  dataset([field('no'), field('amount', { type: 'integer' })], {
    name: 'payments',
    pattern: 'payments_{period}.csv',
  }),
  {
    key: ['no'],
    strategy: 'replace_period',
    guards: {
      max_removed: share(0.5),
      max_modified: null,
      max_added: null,
      max_drop: null,
      max_changed: new Map(),
      min_rows: 2,
    },
  },
);
const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);

const NO = { code: 'NO', name: 'North' };
const SO = { code: 'SO', name: 'South' };
const person = (id: number, name: string, region: string | null = 'NO', income: string | null = null) => ({
  id,
  name,
  region,
  income,
});

describe.each(ENGINES)('transform on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [citizens, regions, payments, topics]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const ids = async () => (await world.core('citizens', raw('id'))).map((row) => row.id);

  it('says who wrote a row, from which file and row, and leaves equal rows alone', async () => {
    await world.load('regions', 'none', [NO]);
    const first = await world.load('citizens', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await world.transform('2025-01');
    const second = await world.load('citizens', '2025-02', [person(1, 'Ada'), person(2, 'Rob')]);
    const result = await world.transform('2025-02', ['citizens']);
    expect(result).toMatchObject({
      status: 'done',
      exitCode: 0,
      dataset: 'citizens',
      period: '2025-02',
      fileId: second,
    });
    expect(result.rows).toMatchObject({
      read: 2,
      added: 0,
      modified: 1,
      unchanged: 1,
      cells: 1,
      removed: 0,
      closed: 0,
    });
    const [ada, bob] = await world.core('citizens', raw('id'));
    expect(ada).toMatchObject({ _data_period: '2025-01', _file_id: first, _source_row: 2 });
    expect(ada?._updated_by).toBe(ada?._created_by);
    expect(bob).toMatchObject({ name: 'Rob', _data_period: '2025-02', _file_id: second, _source_row: 3 });
    expect(Number(bob?._updated_by)).toBeGreaterThan(Number(bob?._created_by));
  });

  it('keeps the before-image of every changed row, to the last digit', async () => {
    await world.load('regions', 'none', [NO]);
    await world.load('citizens', '2025-01', [
      person(1, 'A "quoted" name', null, '12345678901234567890.1234567890'),
      person(2, 'Bob'),
    ]);
    await world.transform('2025-01');
    await world.load('citizens', '2025-02', [person(1, 'Ada')]);
    await world.transform('2025-02', ['citizens']);
    const journal = await world.rows(
      sql`SELECT _operation, _key, _before FROM history.citizens
          WHERE _promotion_id = (SELECT max(promotion_id) FROM meta.promotion_log) ORDER BY _operation`,
    );
    expect(journal.map((row) => [row._operation, row._key])).toEqual([
      ['closed', '["2"]'],
      ['modified', '["1"]'],
    ]);
    expect(JSON.parse(String(journal[1]?._before))).toMatchObject({
      id: '1',
      name: 'A "quoted" name',
      region: null,
      income: '12345678901234567890.1234567890',
      _data_period: '2025-01',
      _closed_period: null,
    });
  });

  it('does nothing, and logs nothing, when the same load is promoted again', async () => {
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'b', amount: 2 },
    ]);
    await world.transform('2025-01', ['payments']);
    const again = await world.transform('2025-01', ['payments']);
    expect(again).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.rows(sql`SELECT count(*) AS n FROM meta.promotion_log`)).toEqual([{ n: 1 }]);
  });

  it('has nothing to do for an older period either, whatever became of later ones', async () => {
    await world.load('regions', 'none', [NO]);
    await world.load('citizens', '2025-01', [person(1, 'Ada')]);
    await world.transform('2025-01');
    await world.load('citizens', '2025-02', [person(1, 'Eve')]);
    await world.transform('2025-02', ['citizens']);
    await world.load('citizens', '2025-02', [person(1, 'Eva')]);
    expect(await world.transform('2025-01', ['citizens'])).toMatchObject({ status: 'skipped', exitCode: 0 });
  });

  it('changes nothing in a dry run, and counts', async () => {
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'b', amount: 2 },
    ]);
    const dry = await world.transform('2025-01', ['payments'], {}, { dryRun: true });
    expect(dry).toMatchObject({ status: 'done', rows: { read: 2, added: 2 } });
    expect(await world.core('payments')).toEqual([]);
    expect(await world.rows(sql`SELECT count(*) AS n FROM meta.promotion_log`)).toEqual([{ n: 0 }]);
    expect(await world.rows(sql`SELECT count(*) AS n FROM history.payments`)).toEqual([{ n: 0 }]);
  });

  it('replaces exactly the period under replace_period', async () => {
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'b', amount: 2 },
    ]);
    await world.load('payments', '2025-02', [
      { no: 'a', amount: 3 },
      { no: 'b', amount: 4 },
    ]);
    await world.transform('2025-01', ['payments']);
    await world.transform('2025-02', ['payments']);
    const before = await world.rows(
      sql`SELECT * FROM core.payments WHERE _data_period = '2025-02' ORDER BY no`,
    );
    await world.load('payments', '2025-01', [
      { no: 'b', amount: 9 },
      { no: 'c', amount: null },
    ]);
    const result = await world.transform('2025-01', ['payments']);
    expect(result.rows).toMatchObject({ added: 1, modified: 1, removed: 1, unchanged: 0 });
    expect(
      await world.rows(sql`SELECT * FROM core.payments WHERE _data_period = '2025-02' ORDER BY no`),
    ).toEqual(before);
    expect(
      await world.rows(sql`SELECT no, amount FROM core.payments WHERE _data_period = '2025-01' ORDER BY no`),
    ).toEqual([
      { no: 'b', amount: 9 },
      { no: 'c', amount: null },
    ]);
  });

  it('tells null from nothing: 0, null and empty text differ', async () => {
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 0 },
      { no: 'b', amount: null },
    ]);
    await world.transform('2025-01', ['payments']);
    await world.load('payments', '2025-01', [
      { no: 'a', amount: null },
      { no: 'b', amount: 0 },
    ]);
    expect((await world.transform('2025-01', ['payments'])).rows).toMatchObject({ modified: 2, cells: 2 });
  });

  it('blocks doubled and missing keys, shows some, and never personal data', async () => {
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'a', amount: 2 },
      { no: null, amount: 3 },
    ]);
    const result = await world.transform('2025-01', ['payments']);
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4, dataset: 'payments' });
    expect(result.message).toContain('no=a: 2 rows');
    expect(result.message).toContain('1 row has no no');
    expect(await world.core('payments')).toEqual([]);
  });

  it('waits (5) for what was never loaded when it is named, and lists it otherwise', async () => {
    expect(await world.transform('2025-01', ['citizens'])).toMatchObject({ status: 'retry', exitCode: 5 });
    const all = await world.transform('2025-01');
    expect(all).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(all.results).toHaveLength(4);
  });

  it('answers 3 where the newest delivery was refused and nothing is loaded', async () => {
    expect(await world.land('citizens_2025-01.csv', 'no\n1\n')).toMatchObject({ status: 'refused' });
    expect(await world.transform('2025-01', ['citizens'])).toMatchObject({ status: 'refused', exitCode: 3 });
  });

  it('stops at a guard with the figures and the command that accepts it, and logs who did', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((no) => ({ no, amount: 1 }));
    await world.load('payments', '2025-01', rows);
    await world.transform('2025-01', ['payments']);
    await world.load('payments', '2025-01', rows.slice(0, 1));
    const stopped = await world.transform('2025-01', ['payments']);
    expect(stopped).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(stopped.message).toContain('max_removed: 3 of 4 core rows (75.0%)');
    expect(stopped.message).toContain('min_rows');
    expect(writeWords(stopped.hint ?? '')).toContain(
      'tidemark transform --period 2025-01 --dataset payments --accept-guard max_removed --accept-guard min_rows',
    );
    expect(await world.core('payments')).toHaveLength(4);
    const by = { reason: 'agreed', by: 'Eve' };
    const passed = await world.transform('2025-01', ['payments'], {
      acceptGuards: [
        { name: 'max_removed', ...by },
        { name: 'min_rows', ...by },
      ],
    });
    expect(passed.rows).toMatchObject({ removed: 3 });
    const [log] = await world.rows(
      sql`SELECT accepted_guards AS guards FROM meta.promotion_log ORDER BY promotion_id DESC LIMIT 1`,
    );
    expect(JSON.parse(String(log?.guards))).toMatchObject([
      { name: 'max_removed', by: 'Eve' },
      { name: 'min_rows' },
    ]);
  });

  it('lets only min_rows speak where core has no rows in scope', async () => {
    await world.load('payments', '2025-01', [{ no: 'a', amount: 1 }]);
    expect((await world.transform('2025-01', ['payments'])).message).toMatch(/^Guard min_rows/);
  });

  it('promotes slices apart, each in a transaction of its own', async () => {
    await world.load(
      'topics',
      '2025-01',
      [
        { topic: 'x', hours: 1 },
        { topic: 'y', hours: 1 },
      ],
      'board=AQA',
    );
    await world.load('topics', '2025-01', [{ topic: 'x', hours: 2 }], 'board=OCR');
    const both = await world.transform('2025-01', ['topics']);
    expect(both.results.map((result) => [result.slice, result.rows.added])).toEqual([
      ['board=AQA', 2],
      ['board=OCR', 1],
    ]);
    await world.load('topics', '2025-02', [{ topic: 'y', hours: 5 }], 'board=AQA');
    const one = await world.transform('2025-02', ['topics'], { slice: new Map([['board', 'AQA']]) });
    expect(one.rows).toMatchObject({ modified: 1, removed: 1 });
    expect(await world.rows(sql`SELECT board, topic, hours FROM core.topics ORDER BY board, topic`)).toEqual([
      { board: 'AQA', topic: 'y', hours: 5 },
      { board: 'OCR', topic: 'x', hours: 2 },
    ]);
  });

  it('goes on with other slices after one is blocked', async () => {
    await world.load(
      'topics',
      '2025-01',
      [
        { topic: 'x', hours: 1 },
        { topic: 'x', hours: 1 },
      ],
      'board=AQA',
    );
    await world.load('topics', '2025-01', [{ topic: 'x', hours: 2 }], 'board=OCR');
    const result = await world.transform('2025-01', ['topics']);
    expect(result).toMatchObject({ exitCode: 4 });
    expect(result.results.map((each) => each.status)).toEqual(['blocked', 'done']);
  });

  it('blocks rows that refer to nothing, and lists them', async () => {
    await world.load('regions', 'none', [NO]);
    await world.transform('2025-01', ['regions']);
    await world.load('citizens', '2025-01', [
      person(1, 'Ada', 'XX'),
      person(2, 'Bob'),
      person(3, 'Cy', null),
    ]);
    const result = await world.transform('2025-01', ['citizens']);
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(result.message).toContain('region=XX (1)');
    expect(await ids()).toEqual([]);
  });

  it('blocks deleting what other rows refer to, unless both go together', async () => {
    await world.load('regions', 'none', [NO, SO]);
    await world.load('citizens', '2025-01', [person(1, 'Ada', 'SO')]);
    await world.transform('2025-01');
    await world.load('regions', 'none', [NO]);
    const alone = await world.transform('2025-02', ['regions']);
    expect(alone).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(alone.message).toContain('region=SO (1)');
    expect(await world.core('regions')).toHaveLength(2);
    await world.load('citizens', '2025-02', [person(1, 'Ada', 'NO')]);
    const together = await world.transform('2025-02', ['regions', 'citizens'], { atomic: true });
    expect(together.exitCode).toBe(0);
    expect(await world.core('regions')).toHaveLength(1);
  });

  it('promotes all or nothing with atomic', async () => {
    await world.load('regions', 'none', [NO]);
    await world.load('payments', '2025-01', [
      { no: 'a', amount: 1 },
      { no: 'a', amount: 1 },
    ]);
    const names = ['regions', 'payments'];
    const error = await errorOf(world.transform('2025-01', names, { atomic: true }));
    expect(error.code).toBe('duplicate-key');
    expect(await world.core('regions')).toEqual([]);
    expect((await world.transform('2025-01', names)).exitCode).toBe(4);
    expect(await world.core('regions')).toHaveLength(1);
  });

  it('blocks an older period while a later one is loaded anew and not promoted', async () => {
    await world.load('regions', 'none', [NO]);
    await world.load('citizens', '2025-02', [person(1, 'Ada')]);
    await world.transform('2025-02');
    const newer = await world.load('citizens', '2025-02', [person(1, 'Ada'), person(2, 'Bob')]);
    await world.load('citizens', '2025-01', [person(1, 'Old')]);
    const result = await world.transform('2025-01', ['citizens']);
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(writeWords(result.hint ?? '')).toContain('tidemark transform --period 2025-02 --dataset citizens');
    await world.transform('2025-02', ['citizens']);
    expect((await world.transform('2025-01', ['citizens'])).rows).toMatchObject({ shadowed: 1, added: 0 });
    expect(newer).toBeGreaterThan(0);
  });

  describe('with a model', () => {
    afterEach(async () => {
      world.write(
        'models/core/payments.sql',
        'SELECT no, amount, _file_id, _source_row FROM stage.payments WHERE _data_period = :period',
      );
    });

    it('promotes what the model selects, with its own columns', async () => {
      world.write(
        'models/core/payments.sql',
        '-- :period; in a comment\nSELECT no, amount, amount * 2 AS "double", \';:period\' AS note\nFROM stage.payments WHERE _data_period = :period;\n',
      );
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      expect((await world.transform('2025-01', ['payments'])).message).toContain('2 added');
      const [row] = await world.core('payments', raw('no'));
      expect(row).toMatchObject({ no: 'a', double: 2, note: ';:period', _source_row: null });
      expect(row?._file_id).not.toBeNull();
    });

    it('notices that the model changed, though the load did not', async () => {
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      await world.transform('2025-01', ['payments']);
      world.write(
        'models/core/payments.sql',
        'SELECT no, amount + 1 AS amount FROM stage.payments WHERE _data_period = :period',
      );
      expect((await world.transform('2025-01', ['payments'])).rows).toMatchObject({ modified: 2 });
      expect(await world.transform('2025-01', ['payments'])).toMatchObject({ status: 'skipped' });
    });

    it('refuses a model that the engine does not understand, by file', async () => {
      world.write('models/core/payments.sql', 'SELECT nothing FROM stage.payments');
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      const result = await world.transform('2025-01', ['payments']);
      expect(result).toMatchObject({ status: 'usage', exitCode: 2 });
      expect(result.message).toContain('models/core/payments.sql:1');
    });

    it('refuses a model without the key', async () => {
      world.write('models/core/payments.sql', 'SELECT amount FROM stage.payments');
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      expect((await world.transform('2025-01', ['payments'])).message).toContain(
        "lacks the key or slice column 'no'",
      );
    });
  });
});
