import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const plain = dataset([field('topic'), field('teacher')], {
  name: 'topics',
  pattern: 'topics_{board}_{period}.csv',
});
const topics: Dataset = {
  ...plain,
  foreignKeys: [{ fields: ['teacher'], dataset: 'teachers', referenceFields: ['name'] }],
  core: {
    ...{
      ...plain.core,
      table: 'topics',
      key: ['board', 'topic'],
      strategy: 'upsert',
      covers: 'all',
      missing: 'delete',
    },
    guards: { ...plain.core.guards, min_rows: 1, max_removed: { kind: 'count', value: 1, text: '1' } },
  },
};
const people = dataset([field('name')], { name: 'teachers', pattern: 'teachers_{period}.csv' });
const teachers: Dataset = {
  ...people,
  core: { ...people.core, table: 'teachers', key: ['name'], strategy: 'history' },
};
const BOARDS = ['AQA', 'OCR', 'WJEC'];

describe.each(ENGINES)('several in one transaction on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [topics, teachers]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await world.load('teachers', '2025-01', [{ name: 'Ada' }]);
    for (const board of BOARDS) await load(board, '2025-01', ['a', 'b', 'c']);
  });

  const load = (board: string, period: string, names: readonly string[], teacher = 'Ada') =>
    world.load(
      'topics',
      period,
      names.map((topic) => ({ topic, teacher })),
      `board=${board}`,
    );
  const counts = async () =>
    Object.fromEntries(
      (await world.rows(sql`SELECT board, count(*) AS n FROM core.topics GROUP BY board`)).map((row) => [
        row.board,
        row.n,
      ]),
    );
  const promotions = () =>
    world.rows(sql`SELECT dataset, slice FROM meta.promotion_log ORDER BY promotion_id`);

  it('promotes every slice and what they refer to, or nothing', async () => {
    const result = await world.transform('2025-01', [], { atomic: true });
    expect(result).toMatchObject({ status: 'done', exitCode: 0, rows: { added: 10 } });
    expect((await promotions()).map((row) => row.slice || row.dataset)).toEqual([
      'teachers',
      ...BOARDS.map((board) => `board=${board}`),
    ]);
    expect(await counts()).toEqual({ AQA: 3, OCR: 3, WJEC: 3 });
  });

  it('stops as a whole where a guard stops one slice, and goes on when it is accepted', async () => {
    await world.transform('2025-01', [], { atomic: true });
    await load('AQA', '2025-02', ['a', 'b', 'c', 'd']);
    await load('OCR', '2025-02', ['a']);
    await load('WJEC', '2025-02', ['a', 'b', 'c', 'd']);
    const before = await world.core('topics', sql`board, topic`);
    const error = await errorOf(world.transform('2025-02', ['topics'], { atomic: true }));
    expect(error).toMatchObject({ code: 'guard-tripped', exitCode: 4 });
    expect(error.message).toContain('max_removed');
    expect(await world.core('topics', sql`board, topic`)).toEqual(before);
    const acceptGuards = [{ name: 'max_removed', reason: 'cut', by: 'Eve' }];
    expect(await world.transform('2025-02', ['topics'], { atomic: true, acceptGuards })).toMatchObject({
      exitCode: 0,
    });
    expect(await counts()).toEqual({ AQA: 4, OCR: 1, WJEC: 4 });
  });

  it('takes the slices that are named, in one transaction of their own', async () => {
    await world.transform('2025-01', ['teachers']);
    const slice = new Map([['board', ['AQA', 'WJEC']]]);
    expect(await world.transform('2025-01', ['topics'], { atomic: true, slice })).toMatchObject({
      exitCode: 0,
    });
    expect(await counts()).toEqual({ AQA: 3, WJEC: 3 });
  });

  it('waits as a whole where a slice or a dataset that is named has nothing loaded', async () => {
    const slice = new Map([['board', ['AQA', 'Eduqas']]]);
    const landed = await world.land('topics_Eduqas_2025-01.csv', 'topic,teacher\na,Ada\n');
    expect(landed).toMatchObject({ status: 'done' });
    await world.transform('2025-01', ['teachers']);
    expect(await world.transform('2025-01', ['topics'], { atomic: true, slice })).toMatchObject({
      ...{ status: 'retry', exitCode: 5 },
    });
    expect(await world.transform('2025-01', ['topics'], { atomic: true })).toMatchObject({ exitCode: 5 });
    expect(await counts()).toEqual({});
    expect(await world.transform('2025-02', ['topics', 'teachers'], { atomic: true })).toMatchObject({
      exitCode: 5,
    });
  });

  it('lets a parent end together with the rows that refer to it', async () => {
    await world.transform('2025-01', [], { atomic: true });
    await world.load('teachers', '2025-02', [{ name: 'Bob' }]);
    for (const board of BOARDS) await load(board, '2025-02', ['a', 'b', 'c'], 'Bob');
    expect(await world.transform('2025-02', ['teachers'])).toMatchObject({ exitCode: 4 });
    await load('OCR', '2025-02', ['a', 'b', 'c'], 'Ada');
    expect((await errorOf(world.transform('2025-02', [], { atomic: true }))).code).toBe('orphan-rows');
    await load('OCR', '2025-02', ['a', 'b', 'c'], 'Bob');
    expect(await world.transform('2025-02', [], { atomic: true })).toMatchObject({
      status: 'done',
      exitCode: 0,
    });
    expect(await world.rows(sql`SELECT DISTINCT teacher FROM core.topics`)).toEqual([{ teacher: 'Bob' }]);
  });

  it('counts in a dry run what it would do, in one go', async () => {
    const dry = await world.transform('2025-01', [], { atomic: true }, { dryRun: true });
    expect(dry).toMatchObject({ status: 'done', rows: { added: 10 } });
    expect(await promotions()).toEqual([]);
    expect(await counts()).toEqual({});
  });
});
