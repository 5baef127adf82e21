import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { ENGINES } from './empty-warehouses.ts';
import { citizens, NO, payments, person, regions, topics } from './promoted-datasets.ts';
import { World } from './world/world.ts';

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
});
