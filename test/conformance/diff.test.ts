import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { parseTolerance } from '../../src/comparison/tolerance.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod } from '../../src/domain/period.ts';
import type { Tolerance } from '../../src/promotion/change/cell-differs.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { type DiffAnswer, type DiffInput, type DiffSubject, diff } from '../../src/steps/diff.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { trials } from '../fixtures/trials.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

const people = promoted(
  dataset(
    [
      field('id', { type: 'integer' }),
      field('name', { pii: true }),
      field('region'),
      field('income', { type: 'number', precision: 12, scale: 2 }),
      field('score', { type: 'number' }),
      field('seen', { type: 'datetime' }),
    ],
    { name: 'people', title: 'People', primaryKey: ['id'] },
  ),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
const monthly = promoted(
  dataset([field('month', { type: 'yearmonth' }), field('item'), field('amount', { type: 'integer' })], {
    name: 'monthly',
    pattern: 'monthly_{period}.csv',
    primaryKey: ['month', 'item'],
  }),
  { key: ['month', 'item'], strategy: 'replace_period' },
);
const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
const back = promoted(
  dataset([field('id', { type: 'integer' }), field('value')], { name: 'back', pattern: 'back_{period}.csv' }),
  { key: ['id'], strategy: 'upsert', covers: 'period', missing: 'delete' },
);
const lines = promoted(dataset([field('text')], { name: 'lines', pattern: 'lines_{period}.csv' }), {
  key: ['_source_row'],
  strategy: 'replace_period',
});
/** More columns than an engine takes arguments in one call. */
const VALUES = Array.from({ length: 130 }, (_, i) => `v${i}`);
const wide = promoted(
  dataset([field('id', { type: 'integer' }), ...VALUES.map((name) => field(name))], {
    ...{ name: 'wide', pattern: 'wide_{period}.csv', primaryKey: ['id'] },
  }),
  { key: ['id'], strategy: 'replace_period' },
);

const person = (id: number | null, over: Record<string, string | number | null> = {}) => ({
  ...{ id, name: `P${id}`, region: 'NO', income: '10.00', score: 1.5, seen: '2025-01-01 10:00:00' },
  ...over,
});
const at = (text: string) => parsePeriod(text) as Period;

async function diffOf(
  ctx: StepContext,
  subject: DiffSubject,
  over: Partial<Omit<DiffInput, 'tolerance'>> & { tolerance?: readonly string[] } = {},
): Promise<DiffAnswer> {
  const { tolerance = [], ...rest } = over;
  return diff(ctx, {
    ...{ subject, slice: new Map(), by: [], sample: 20, showPersonal: false, failOnDiff: false },
    ...{ html: null, xlsx: null, ...rest },
    tolerance: tolerance.map((text) => parseTolerance(text) as Tolerance),
  });
}

/** What one engine told, for the other one to be held against. */
const told = new Map<string, unknown>();
function sameOnBoth(name: string, value: unknown): void {
  if (told.has(name)) expect(value).toEqual(told.get(name));
  told.set(name, value);
}

describe.each(ENGINES)('diff on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [people, monthly, topics, back, lines, wide]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const staged = (of: Dataset, period: string, over: Parameters<typeof diffOf>[2] = {}) =>
    diffOf(
      world.context(),
      { kind: 'staged', dataset: of, period: period === 'none' ? NO_PERIOD : at(period) },
      over,
    );
  const only = async (answer: Promise<DiffAnswer>) => {
    const { comparisons } = await answer;
    expect(comparisons).toHaveLength(1);
    return comparisons[0] as NonNullable<(typeof comparisons)[0]>;
  };
  const promote = (of: Dataset, period: string) => world.transform(period, [of.name]);

  it('tells added, modified, closed and unchanged rows, cells, columns and patterns as the promotion then does', async () => {
    await world.load('people', '2025-01', [
      person(1),
      person(2, { region: null }),
      person(3, { region: null }),
      person(4, { income: '0.00' }),
      person(5),
    ]);
    await promote(people, '2025-01');
    await world.load('people', '2025-02', [
      person(1),
      person(2, { region: 'SO' }),
      person(3, { region: 'SO', score: null }),
      person(4, { income: null }),
      person(6),
    ]);
    const answer = await staged(people, '2025-02', { by: ['region'] });
    const seen = answer.comparisons[0];
    expect(seen?.counts).toMatchObject({
      ...{ before: 5, after: 5, added: 1, modified: 3, removed: 0, closed: 1, unchanged: 1, cells: 4 },
    });
    expect(seen?.columns).toEqual([
      { column: 'region', changed: 2, rate: 0.5, emptied: 0, filled: 2 },
      { column: 'income', changed: 1, rate: 0.25, emptied: 1, filled: 0 },
      { column: 'score', changed: 1, rate: 0.25, emptied: 1, filled: 0 },
    ]);
    expect(seen?.patterns).toEqual([
      { column: 'region', before: null, after: 'SO', rows: 2 },
      { column: 'income', before: '0.00', after: null, rows: 1 },
      { column: 'score', before: 1.5, after: null, rows: 1 },
    ]);
    expect(seen?.by[0]).toEqual({
      column: 'region',
      of: 2,
      groups: [
        { value: 'NO', added: 1, modified: 1, removed: 0, closed: 1, unchanged: 1 },
        { value: 'SO', added: 0, modified: 2, removed: 0, closed: 0, unchanged: 0 },
      ],
    });
    expect(seen?.cells[0]).toEqual({
      key: { id: 2 },
      column: 'region',
      before: null,
      after: 'SO',
      source_row: 3,
    });
    expect(seen?.rows.map((row) => [row.change, row.key])).toEqual([
      ['added', { id: 6 }],
      ['closed', { id: 5 }],
    ]);
    sameOnBoth('people', { ...seen, file_id: null, after: null });
    const { rows } = await promote(people, '2025-02');
    expect(answer.result.rows).toEqual(rows);
  });

  it('changes nothing and leaves nothing behind', async () => {
    await world.load('people', '2025-01', [person(1), person(2)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [person(1, { region: 'SO' })]);
    const state = async () => [
      await world.core('people', raw('id')),
      await world.rows(sql`SELECT count(*) AS n FROM meta.promotion_log`),
      await world.rows(
        sql`SELECT table_schema AS s, table_name AS t FROM information_schema.tables
            WHERE table_schema IN ('meta', 'stage', 'core', 'history', 'mart') ORDER BY 1, 2`,
      ),
    ];
    const before = await state();
    await staged(people, '2025-01');
    expect(await state()).toEqual(before);
  });

  it('counts numbers within a tolerance as equal, and never null and 0', async () => {
    await world.load('people', '2025-01', [
      person(1, { income: '100.00' }),
      person(2, { income: '100.00', score: 1.0 }),
      person(3, { income: '0.00' }),
      person(4, { score: null }),
    ]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [
      person(1, { income: '100.50' }),
      person(2, { income: '101.00', score: 1.1 }),
      person(3, { income: null }),
      person(4, { score: 0 }),
    ]);
    const counts = async (...tolerance: string[]) => {
      const { counts: of } = await only(staged(people, '2025-01', { tolerance }));
      return [of.modified, of.cells, of.within_tolerance, of.unchanged];
    };
    expect(await counts()).toEqual([4, 5, 0, 0]);
    expect(await counts('0.5')).toEqual([3, 3, 1, 1]);
    expect(await counts('0.49')).toEqual([4, 4, 0, 0]);
    expect(await counts('1%')).toEqual([3, 3, 1, 1]);
    expect(await counts('income=1', 'score=0.1')).toEqual([2, 2, 2, 2]);
    expect(await counts('score=0.1')).toEqual([4, 4, 0, 0]);
    expect(await counts('1000000')).toEqual([2, 2, 2, 2]);
    const wrong = await errorOf(staged(people, '2025-01', { tolerance: ['incme=1'] }));
    expect([wrong.code, wrong.message]).toEqual(['usage', expect.stringContaining("did you mean 'income'?")]);
    expect((await errorOf(staged(people, '2025-01', { tolerance: ['region=1'] }))).code).toBe('usage');
  });

  it('reports keys that stand twice or are missing, and compares none of their rows', async () => {
    await world.load('people', '2025-01', [person(1), person(2), person(3)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [
      person(1, { region: 'SO' }),
      person(2, { region: 'EA' }),
      person(2, { region: 'WE' }),
      person(null),
    ]);
    const answer = await staged(people, '2025-01', { failOnDiff: true });
    expect(answer.result).toMatchObject({ status: 'blocked', exitCode: 4 });
    const [seen] = answer.comparisons;
    expect(seen?.key_problems).toEqual([
      {
        ...{ side: 'after', duplicate_keys: 1, duplicate_rows: 2, null_rows: 1 },
        examples: [{ key: { id: 2 }, rows: 2 }],
      },
    ]);
    expect(seen?.counts).toMatchObject({
      after: 4,
      modified: 1,
      closed: 1,
      added: 0,
      unchanged: 0,
      not_compared: 3,
    });
    expect(seen?.rows.map((row) => row.key)).toEqual([{ id: 3 }]);
  });

  it('masks what is personal everywhere, unless it is to be shown', async () => {
    await world.load('people', '2025-01', [person(1, { name: 'Zebulon' }), person(2, { name: null })]);
    await promote(people, '2025-01');
    await world.load('people', '2025-01', [person(1, { name: 'Zacharias' }), person(2, { name: 'Zoe' })]);
    const masked = await staged(people, '2025-01', { by: ['name'] });
    expect(JSON.stringify(masked)).not.toMatch(/Z[eao]/);
    expect(masked.comparisons[0]?.patterns).toEqual([
      { column: 'name', before: null, after: '***', rows: 1 },
      { column: 'name', before: '***', after: '***', rows: 1 },
    ]);
    const shown = await staged(people, '2025-01', { showPersonal: true });
    expect(JSON.stringify(shown.comparisons)).toMatch(/Zebulon.*Zacharias/);
    expect(writeWords(shown.result.message ?? '')).toContain('Personal data was shown');
    expect(shown.fingerprint).toBe(masked.fingerprint);
  });

  it('has one fingerprint for the same content and changes on every engine, and another one when core or stage changes', async () => {
    const base = { score: '1e20', income: '123456789.10' };
    const rows = [
      person(1, base),
      person(2, { score: 0.1 }),
      person(3, { score: -1.5e-7, seen: null }),
      person(4),
    ];
    await world.load('people', '2025-01', rows);
    await promote(people, '2025-01');
    const id = await world.load('people', '2025-02', [
      person(1, { ...base, score: 1e15 }),
      person(2, { score: 123456.789, seen: '2025-01-01 10:00:00.25' }),
      person(3, { score: -1.5e-8 }),
      person(5, { name: "it's | 1:a", region: '' }),
    ]);
    // File numbers count on over the tests of a world; the content is to be the same here.
    await world.warehouse.transaction((tx) =>
      tx.execute(sql`UPDATE meta.load_log SET parquet_sha256 = 'content' WHERE file_id = ${id}`),
    );
    const print = async (over: Parameters<typeof diffOf>[2] = {}) =>
      (await staged(people, '2025-02', over)).fingerprint;
    const first = await print();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    sameOnBoth('fingerprint', first);
    expect(await print({ sample: 1, by: ['region'], tolerance: ['50%'] })).toBe(first);
    const change = (statement: string) =>
      world.warehouse.transaction((tx) => tx.execute(sql`${raw(statement)}`));
    await change("UPDATE core.people SET region = 'XX' WHERE id = 4");
    const ofCore = await print();
    expect(ofCore).not.toBe(first);
    await change("UPDATE core.people SET region = 'NO' WHERE id = 4");
    expect(await print()).toBe(first);
    await change("UPDATE stage.people SET region = 'XX' WHERE id = 5");
    expect(await print()).not.toBe(first);
    await change("UPDATE stage.people SET region = '' WHERE id = 5");
    await change("UPDATE meta.load_log SET corrections_fingerprint = 'c' WHERE parquet_sha256 = 'content'");
    expect(await print()).not.toBe(first);
  });

  it('has one fingerprint on every engine for rows of more columns than a call takes arguments', async () => {
    const row = (id: number, over: Record<string, string | null> = {}) => ({
      ...{ id, ...Object.fromEntries(VALUES.map((name) => [name, `${name} of ${id}`])) },
      ...over,
    });
    await world.load('wide', '2025-01', [row(1), row(2)]);
    await promote(wide, '2025-01');
    const print = async (over: Record<string, string | null>) => {
      const id = await world.load('wide', '2025-01', [row(1), row(2, over), row(3)]);
      await world.warehouse.transaction((tx) =>
        tx.execute(sql`UPDATE meta.load_log SET parquet_sha256 = 'content' WHERE file_id = ${id}`),
      );
      return (await staged(wide, '2025-01')).fingerprint;
    };
    const first = await print({ v129: null });
    sameOnBoth('wide', first);
    const prints = [first, await print({ v129: '' }), await print({ v0: null }), await print({ v64: null })];
    expect(new Set(prints).size).toBe(prints.length);
    expect(await print({ v129: null })).toBe(first);
  });

  it('compares only what the promotion would touch: its period, its slice, what no later period delivered', async () => {
    await world.load('monthly', '2025-01', [{ month: '2025-01', item: 'a', amount: 1 }]);
    await world.load('monthly', '2025-02', [{ month: '2025-02', item: 'a', amount: 2 }]);
    await promote(monthly, '2025-01');
    await promote(monthly, '2025-02');
    expect((await staged(monthly, '2025-02')).result).toMatchObject({
      status: 'done',
      message: 'No difference.',
    });
    await world.load('monthly', '2025-02', [{ month: '2025-02', item: 'b', amount: 2 }]);
    const month = await only(staged(monthly, '2025-02'));
    expect(month.counts).toMatchObject({ before: 1, added: 1, removed: 1, modified: 0, unchanged: 0 });

    await world.load(
      'topics',
      '2025-01',
      [
        { topic: 'x', hours: 1 },
        { topic: 'y', hours: 1 },
      ],
      'board=AQA',
    );
    await world.load('topics', '2025-01', [{ topic: 'x', hours: 1 }], 'board=OCR');
    await promote(topics, '2025-01');
    await world.load('topics', '2025-02', [{ topic: 'x', hours: 2 }], 'board=AQA');
    await world.load('topics', '2025-02', [{ topic: 'x', hours: 1 }], 'board=OCR');
    const both = await staged(topics, '2025-02');
    expect(
      both.comparisons.map(({ slice, counts }) => [slice, counts.modified, counts.removed, counts.unchanged]),
    ).toEqual([
      ['board=AQA', 1, 1, 0],
      ['board=OCR', 0, 0, 1],
    ]);
    expect(both.result.rows).toMatchObject({ read: 2, modified: 1, removed: 1, unchanged: 1 });
    const one = await staged(topics, '2025-02', { slice: new Map([['board', 'OCR']]) });
    expect(one.result).toMatchObject({ status: 'done', message: 'No difference.' });
    expect(one.fingerprint).not.toBe(both.fingerprint);

    await world.load('people', '2025-02', [person(1)]);
    await promote(people, '2025-02');
    await world.load('people', '2025-01', [person(1, { region: 'SO' }), person(2)]);
    const earlier = await staged(people, '2025-01');
    expect(earlier.comparisons[0]?.counts).toMatchObject({ added: 1, shadowed: 1, modified: 0, cells: 0 });
    const { rows } = await promote(people, '2025-01');
    expect(earlier.result.rows).toEqual(rows);
  });

  it('tells rows that go back to an earlier period, and closed rows that open again', async () => {
    await world.load('back', '2025-01', [
      { id: 1, value: 'old' },
      { id: 2, value: 'same' },
    ]);
    await promote(back, '2025-01');
    await world.load('back', '2025-02', [
      { id: 1, value: 'new' },
      { id: 3, value: 'three' },
    ]);
    await promote(back, '2025-02');
    await world.load('back', '2025-02', [{ id: 3, value: 'three' }]);
    const answer = await staged(back, '2025-02');
    expect(answer.comparisons[0]).toMatchObject({
      counts: { modified: 1, cells: 1, unchanged: 1 },
      patterns: [{ column: 'value', before: 'new', after: 'old', rows: 1 }],
    });
    expect(answer.result.rows).toEqual((await promote(back, '2025-02')).rows);

    await world.load('people', '2025-01', [person(1), person(2)]);
    await promote(people, '2025-01');
    await world.load('people', '2025-02', [person(1)]);
    await promote(people, '2025-02');
    await world.load('people', '2025-03', [person(1), person(2)]);
    const reopened = await staged(people, '2025-03');
    expect(reopened.comparisons[0]?.counts).toMatchObject({
      modified: 1,
      reopened: 1,
      cells: 0,
      unchanged: 1,
    });
    expect(reopened.result.rows).toEqual((await promote(people, '2025-03')).rows);
  });

  it('agrees with the promotion for rows that only their place in the file names', async () => {
    await world.load('lines', '2025-01', [{ text: 'a' }, { text: 'b' }]);
    await promote(lines, '2025-01');
    await world.load('lines', '2025-01', [{ text: 'a' }, { text: 'c' }, { text: 'd' }]);
    const answer = await staged(lines, '2025-01');
    expect(answer.comparisons[0]?.counts).toMatchObject({ added: 1, modified: 1, unchanged: 1 });
    expect(answer.comparisons[0]?.notes.join()).toContain('by their place in the file');
    expect(answer.result.rows).toEqual((await promote(lines, '2025-01')).rows);
  });

  it('compares a first delivery with a core that has nothing, and an unknown column with nothing', async () => {
    await world.load('people', '2025-01', [person(1)]);
    const first = await only(staged(people, '2025-01'));
    expect(first.counts).toMatchObject({ before: 0, added: 1, unchanged: 0 });
    expect(first.notes.join()).toContain('no rows');
    const wrong = await errorOf(staged(people, '2025-01', { by: ['regio'] }));
    expect([wrong.code, wrong.message]).toEqual(['usage', expect.stringContaining("did you mean 'region'?")]);
    expect((await errorOf(staged(people, '2025-09'))).exitCode).toBe(5);
  });

  it('tells what the promotion then does, for random deliveries, restatements and orders of periods', async () => {
    const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('a', 'b', null)), {
      selector: ([id]) => id,
      maxLength: 4,
    });
    const step = fc.tuple(fc.constantFrom('2025-01', '2025-02', '2025-03'), rows);
    const property = fc.asyncProperty(
      fc.constantFrom(people, back),
      fc.array(step, { minLength: 1, maxLength: 5 }),
      async (of, steps) => {
        await world.reset();
        for (const [period, delivered] of steps) {
          await world.load(
            of.name,
            period,
            delivered.map(([id, value]) => (of === people ? person(id, { region: value }) : { id, value })),
          );
          const told = await staged(of, period).catch((error) => error);
          const done = await promote(of, period);
          if (done.exitCode === 4) expect(told).toMatchObject({ code: 'older-load-gone' });
          else if (done.status === 'skipped') expect(told.result.message).toBe('No difference.');
          else expect(told.result.rows).toEqual(done.rows);
        }
      },
    );
    await fc.assert(property, trials(12));
  });

  it('compares two periods of stage without the part of the key that names the period', async () => {
    await world.load('monthly', '2025-01', [
      { month: '2025-01', item: 'a', amount: 0 },
      { month: '2025-01', item: 'b', amount: 2 },
    ]);
    await world.load('monthly', '2025-02', [
      { month: '2025-02', item: 'a', amount: null },
      { month: '2025-02', item: 'c', amount: 2 },
    ]);
    const periods = (from: string, to: string) =>
      only(diffOf(world.context(), { kind: 'periods', dataset: monthly, from: at(from), to: at(to) }));
    const seen = await periods('2025-01', '2025-02');
    expect(seen).toMatchObject({
      key: ['item'],
      counts: { before: 2, after: 2, added: 1, removed: 1, modified: 1, unchanged: 0, cells: 1 },
      patterns: [{ column: 'amount', before: 0, after: null, rows: 1 }],
    });
    sameOnBoth('periods', { ...seen, fingerprint: null });
    expect(await periods('2025-01', '2025-01')).toMatchObject({
      key: ['month', 'item'],
      counts: { unchanged: 2, modified: 0, added: 0 },
    });
    expect((await errorOf(periods('2025-01', '2025-08'))).exitCode).toBe(5);
  });
});

describe.each(ENGINES)('diff of two deliveries on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, STAGE_CONFIG);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const files = async (from: number, to: number) => {
    const { comparisons } = await diffOf(world.context(), { kind: 'files', dataset: null, from, to });
    return comparisons[0] as NonNullable<(typeof comparisons)[0]>;
  };

  it('tells columns that differ in kind first, and compares those that both have', async () => {
    const old = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', '7', 1::BIGINT, 2::BIGINT), (2, 'b', '8', NULL, 3), (3, 'c', '9', 1, 4))
        t(id, note, amount, gone, _source_row)`,
    });
    const now = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 7.00::DECIMAL(12,2), 'x', 2::BIGINT), (2, NULL, 8, 'x', 3), (4, 'd', 9, 'x', 4))
        t(id, note, amount, fresh, _source_row)`,
    });
    const seen = await files(old, now);
    expect(seen.schema_changes).toEqual([
      { change: 'type', column: 'amount', before: 'VARCHAR', after: 'DECIMAL(12,2)' },
      { change: 'added', column: 'fresh', before: null, after: 'VARCHAR' },
      { change: 'removed', column: 'gone', before: 'BIGINT', after: null },
    ]);
    expect(seen.counts).toMatchObject({ before: 3, after: 3, added: 1, removed: 1, modified: 2, cells: 3 });
    expect(seen.file_id).toBe(now);
  });

  it('sets rows aside on either side, and refuses deliveries without cleaned rows', async () => {
    const doubled = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 1.0::DECIMAL(12,2), 2::BIGINT), (1, 'b', 1, 3), (NULL, 'c', 1, 4), (5, 'e', 1, 5))
        t(id, note, amount, _source_row)`,
    });
    const plain = await world.deliver({
      select: `SELECT * FROM (VALUES (1::BIGINT, 'a', 1.0::DECIMAL(12,2), 2::BIGINT), (5, 'e', 1, 3)) t(id, note, amount, _source_row)`,
    });
    const seen = await files(doubled, plain);
    expect(seen.key_problems).toMatchObject([
      { side: 'before', duplicate_keys: 1, duplicate_rows: 2, null_rows: 1 },
    ]);
    expect(seen.counts).toMatchObject({
      before: 4,
      after: 2,
      added: 0,
      removed: 0,
      unchanged: 1,
      not_compared: 4,
    });
    const refused = await world.deliver({ select: 'SELECT 1::BIGINT AS id', over: { status: 'refused' } });
    expect(await errorOf(files(plain, refused))).toMatchObject({ code: 'file-refused', exitCode: 3 });
    expect(await errorOf(files(plain, 9999))).toMatchObject({ code: 'unknown-delivery', exitCode: 2 });
    const other = await world.deliver({
      dataset: 'yearly',
      period: '2025',
      select: 'SELECT 1::BIGINT AS id',
    });
    expect(await errorOf(files(plain, other))).toMatchObject({ code: 'usage' });
  });
});
