import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import type { Threshold } from '../../src/domain/threshold.ts';
import { ident, sql } from '../../src/sql/sql.ts';
import { diff } from '../../src/steps/diff.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { rollback } from '../../src/steps/rollback.ts';
import type { Row } from '../../src/warehouse/warehouse.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const count = (value: number): Threshold => ({ kind: 'count', value, text: String(value) });
const NO_GUARDS = {
  max_removed: null,
  max_modified: null,
  max_added: null,
  max_drop: null,
  max_changed: new Map(),
  min_rows: null,
};

function historyOf(plain: Dataset, core: Partial<Dataset['core']> = {}): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, strategy: 'history', ...core } };
}

const fields = [
  field('id', { type: 'integer' }),
  field('name', { pii: true }),
  field('pay', { type: 'number', precision: 12, scale: 2 }),
];
const staff = historyOf(dataset(fields, { name: 'staff', primaryKey: ['id'] }), { key: ['id'] });
const guarded = historyOf(dataset(fields, { name: 'guarded', pattern: 'guarded_{period}.csv' }), {
  key: ['id'],
  guards: { ...NO_GUARDS, max_removed: count(1) },
});
const quarterly = historyOf(
  dataset([field('id'), field('value')], {
    name: 'quarterly',
    period: 'quarter',
    pattern: 'q_{period}.csv',
  }),
  { key: ['id'] },
);
const yearly = historyOf(
  dataset([field('id'), field('value')], { name: 'yearly', period: 'year', pattern: 'y_{period}.csv' }),
  { key: ['id'] },
);
const refersToStaff = [{ fields: ['staff_id'], dataset: 'staff', referenceFields: ['id'] }];
const shifts: Dataset = {
  ...historyOf(
    dataset([field('no'), field('staff_id', { type: 'integer' })], {
      name: 'shifts',
      pattern: 'shifts_{period}.csv',
      foreignKeys: refersToStaff,
    }),
    { key: ['no'], strategy: 'replace_period' },
  ),
};
const desks = historyOf(
  dataset([field('no'), field('staff_id', { type: 'integer' })], {
    name: 'desks',
    pattern: 'desks_{period}.csv',
    foreignKeys: refersToStaff,
  }),
  { key: ['no'] },
);
const lockers = historyOf(
  dataset([field('no'), field('staff_id', { type: 'integer' })], {
    name: 'lockers',
    pattern: 'lockers_{period}.csv',
    foreignKeys: refersToStaff,
  }),
  { key: ['no'], strategy: 'upsert' },
);

const person = (id: number, name: string, pay = '10.00') => ({ id, name, pay });

describe.each(ENGINES)('history on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [staff, guarded, quarterly, yearly, shifts, lockers, desks]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = async (name: string, period: string, rows: Parameters<World['load']>[2]) => {
    const fileId = await world.load(name, period, rows);
    return { fileId, result: await world.transform(period, [name]) };
  };
  const intervals = (table: string): Promise<Row[]> =>
    world.rows(sql`SELECT * FROM ${ident('core', table)} ORDER BY id, _valid_from`);
  const spans = async (table: string) =>
    (await intervals(table)).map((row) => `${row.id} ${row._valid_from}..${row._valid_to ?? ''}`);

  it('ends what a delivery lacks, begins what changed, and touches nothing else', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    const [ada] = await intervals('staff');
    const { result, fileId } = await promote('staff', '2025-02', [
      person(1, 'Ada'),
      person(2, 'Bob', '12.00'),
      person(4, 'Di'),
    ]);
    expect(result.rows).toMatchObject({ read: 3, added: 1, modified: 1, closed: 1, unchanged: 1, cells: 1 });
    expect(result.rows).toMatchObject({ removed: 0, shadowed: 0 });
    expect(result.message).toContain('1 added, 1 modified, 1 closed, 1 unchanged');
    const after = await intervals('staff');
    expect(after[0]).toEqual(ada);
    expect(await spans('staff')).toEqual([
      '1 2025-01..',
      '2 2025-01..2025-02',
      '2 2025-02..',
      '3 2025-01..2025-02',
      '4 2025-02..',
    ]);
    expect(after[2]).toMatchObject({
      _file_id: fileId,
      _source_row: 3,
      _data_period: '2025-02',
      _is_current: true,
    });
    expect(after[3]).toMatchObject({ _is_current: false });
  });

  it('restates a period in the middle without a word about those around it', async () => {
    const { fileId: january } = await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await promote('staff', '2025-02', [person(1, 'Ada'), person(2, 'Bob')]);
    const { fileId: march } = await promote('staff', '2025-03', [person(2, 'Bob'), person(1, 'Ada')]);
    const { result } = await promote('staff', '2025-02', [person(1, 'Eve')]);
    expect(result.rows).toMatchObject({ read: 1, modified: 1, closed: 1, added: 0, unchanged: 0 });
    expect(await spans('staff')).toEqual([
      '1 2025-01..2025-02',
      '1 2025-02..2025-03',
      '1 2025-03..',
      '2 2025-01..2025-02',
      '2 2025-03..',
    ]);
    const after = await intervals('staff');
    expect(after.map((row) => row.name)).toEqual(['Ada', 'Eve', 'Ada', 'Bob', 'Bob']);
    // What becomes an interval of its own says where its own period delivered it.
    expect(after[0]).toMatchObject({ _file_id: january, _source_row: 2 });
    expect(after[2]).toMatchObject({ _file_id: march, _source_row: 3 });
    await promote('staff', '2025-02', [person(1, 'Ada'), person(2, 'Bob')]);
    expect(await spans('staff')).toEqual(['1 2025-01..', '2 2025-01..']);
  });

  it('keeps what each interval was before it was split or merged', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada')]);
    await promote('staff', '2025-03', [person(1, 'Ada')]);
    await promote('staff', '2025-02', []);
    const journal = () =>
      world.rows(sql`SELECT _operation AS "op", _key AS "key", _before AS "before" FROM history.staff
        WHERE _promotion_id = (SELECT max(promotion_id) FROM meta.promotion_log) ORDER BY _key`);
    const split = await journal();
    expect(split.map(({ op, key }) => [op, key])).toEqual([
      ['modified', '["1","2025-01"]'],
      ['added', '["1","2025-03"]'],
    ]);
    expect(JSON.parse(String(split[0]?.before))).toMatchObject({
      _valid_to: null,
      _is_current: 'true',
      pay: '10.00',
    });
    await promote('staff', '2025-02', [person(1, 'Ada')]);
    expect((await journal()).map(({ op, key }) => [op, key])).toEqual([
      ['modified', '["1","2025-01"]'],
      ['removed', '["1","2025-03"]'],
    ]);
  });

  it('lets no promotion, nor its rollback, change what a closed period shows', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada')]);
    await promote('staff', '2025-04', [person(1, 'Ada')]);
    const decide = (action: 'close' | 'reopen') =>
      decidePeriod(world.context(), {
        ...{ action, period: parsePeriod('2025-03') as Period, dataset: staff, reason: 'audited', by: 'Eve' },
      });
    await decide('close');
    const blocked = (await promote('staff', '2025-02', [person(1, 'Eve')])).result;
    expect(blocked).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(blocked.message).toContain('2025-03 is closed');
    expect(await spans('staff')).toEqual(['1 2025-01..']);
    // What leaves March as it is, before it or after it, goes on.
    expect((await promote('staff', '2025-02', [person(1, 'Ada')])).result.exitCode).toBe(0);
    expect((await promote('staff', '2024-12', [person(1, 'Eve')])).result.exitCode).toBe(0);
    expect((await promote('staff', '2025-05', [person(2, 'Bob')])).result.exitCode).toBe(0);
    const back = (period: string) =>
      rollback(world.context(), {
        subject: { dataset: staff, period: parsePeriod(period) as Period, slice: new Map() },
        ...{ cascade: true, reason: 'why', by: 'Vera', confirm: null },
      });
    expect((await back('2025-05')).result.exitCode).toBe(0);
    await decide('reopen');
    await promote('staff', '2025-02', [person(1, 'Eve')]);
    await decide('close');
    expect((await back('2025-02')).result).toMatchObject({ status: 'blocked', exitCode: 4 });
    await world.warehouse.transaction((tx) => tx.execute(sql`DELETE FROM meta.period_log`));
  });

  it('says removed of what only the period itself had delivered', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    const { result } = await promote('staff', '2025-01', [person(1, 'Ada')]);
    expect(result.rows).toMatchObject({ removed: 1, closed: 0, unchanged: 1 });
    expect(await spans('staff')).toEqual(['1 2025-01..']);
  });

  it('has nothing to do when a load is promoted again, whatever was promoted since', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada')]);
    await promote('staff', '2025-02', [person(1, 'Eve')]);
    expect(await world.transform('2025-01', ['staff'])).toMatchObject({ status: 'skipped', exitCode: 0 });
  });

  it('counts what ends against the rows that stand in the period, and stops above a guard', async () => {
    await promote('guarded', '2025-01', [person(1, 'A'), person(2, 'B'), person(3, 'C')]);
    await world.load('guarded', '2025-02', [person(1, 'A')]);
    const result = await world.transform('2025-02', ['guarded']);
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(result.message).toContain('2 of 3 core rows');
    expect(await spans('guarded')).toEqual(['1 2025-01..', '2 2025-01..', '3 2025-01..']);
  });

  it('goes by quarters and by years as it goes by months', async () => {
    await promote('quarterly', '2025-Q3', [{ id: 'a', value: 'x' }]);
    await promote('quarterly', '2024-Q4', [{ id: 'a', value: 'x' }]);
    await promote('quarterly', '2025-Q1', [{ id: 'a', value: 'y' }]);
    expect(await spans('quarterly')).toEqual(['a 2024-Q4..2025-Q1', 'a 2025-Q1..2025-Q3', 'a 2025-Q3..']);
    await promote('yearly', '2025', [{ id: 'a', value: 'x' }]);
    await promote('yearly', '2023', [{ id: 'a', value: 'x' }]);
    await promote('yearly', '2024', []);
    expect(await spans('yearly')).toEqual(['a 2023..2024', 'a 2025..']);
  });

  it('tells in a diff what the promotion would do, as of the period', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    await promote('staff', '2025-03', [person(1, 'Ada'), person(9, 'Jo')]);
    await world.load('staff', '2025-02', [person(1, 'Ada'), person(2, 'Bob', '99.00'), person(4, 'Di')]);
    const answer = await diff(world.context(), {
      subject: { kind: 'staged', dataset: staff, period: parsePeriod('2025-02') as Period },
      ...{ slice: new Map(), by: [], tolerance: [], sample: 20, showPersonal: false, failOnDiff: false },
      ...{ html: null, xlsx: null },
    });
    expect(answer.comparisons[0]?.counts).toMatchObject({
      ...{ before: 3, after: 3, added: 1, modified: 1, closed: 1, removed: 0, unchanged: 1, cells: 1 },
    });
    expect(answer.comparisons[0]?.cells[0]).toMatchObject({ column: 'pay' });
    const done = await world.transform('2025-02', ['staff']);
    expect(done.rows).toMatchObject({ added: 1, modified: 1, closed: 1, unchanged: 1, cells: 1 });
  });

  it('needs a parent for every period of an interval that refers to it', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await promote('staff', '2025-03', [person(1, 'Ada'), person(2, 'Rob')]);
    expect((await promote('desks', '2025-01', [{ no: 'x', staff_id: 2 }])).result.exitCode).toBe(0);
    const gap = (await promote('staff', '2025-02', [person(1, 'Ada')])).result;
    expect(gap).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(gap.message).toContain('core.desks');
    await world.load('desks', '2025-02', [{ no: 'x', staff_id: 1 }]);
    expect(await world.transform('2025-02', ['staff', 'desks'], { atomic: true })).toMatchObject({
      exitCode: 0,
    });
    await promote('desks', '2025-03', [{ no: 'x', staff_id: 2 }]);
    expect((await promote('staff', '2025-04', [person(1, 'Ada')])).result.message).toContain('core.desks');
    expect((await promote('desks', '2025-04', [])).result.exitCode).toBe(0);
    expect((await world.transform('2025-04', ['staff'])).exitCode).toBe(0);
  });

  it('lets rows of a period refer to who was there then, and others only to who is there now', async () => {
    await promote('staff', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await promote('staff', '2025-02', [person(1, 'Ada')]);
    expect((await promote('shifts', '2025-01', [{ no: 'x', staff_id: 2 }])).result.exitCode).toBe(0);
    expect((await promote('shifts', '2025-02', [{ no: 'y', staff_id: 2 }])).result).toMatchObject({
      exitCode: 4,
    });
    expect((await promote('lockers', '2025-01', [{ no: 'z', staff_id: 2 }])).result).toMatchObject({
      exitCode: 4,
    });
    expect((await promote('lockers', '2025-02', [{ no: 'z', staff_id: 1 }])).result.exitCode).toBe(0);
    const orphaned = (await promote('staff', '2025-03', [person(2, 'Bob')])).result;
    expect(orphaned).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(orphaned.message).toContain('core.lockers');
    // Who is taken out of January would leave a shift of January without anyone.
    expect((await promote('staff', '2025-01', [person(1, 'Ada')])).result.message).toContain('core.shifts');
  });
});
