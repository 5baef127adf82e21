import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { type DiffAnswer, diff } from '../../src/steps/diff.ts';
import { goLive } from '../../src/steps/go-live.ts';
import { rollback } from '../../src/steps/rollback.ts';
import type { Row } from '../../src/warehouse/warehouse.ts';
import { trials } from '../fixtures/trials.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { intervalsOf, type Told, type Truth } from './history-model.ts';
import { World } from './world/world.ts';

const plain = dataset([field('id', { type: 'integer' }), field('value')], {
  name: 'staff',
  pattern: 'staff_{board}_{period}.csv',
});
const staff: Dataset = {
  ...plain,
  core: {
    ...plain.core,
    table: 'staff',
    key: ['board', 'id'],
    strategy: 'history',
    rollout: 'staged',
    identity: 'no',
  },
};

interface Event {
  readonly period: string;
  readonly board: string;
  /** Null: what stands in stage is promoted again. */
  readonly load: Told | null;
}

const told = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('a', 'b', null)), { maxLength: 3 })
  .map((rows): Told => new Map(rows));
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    period: fc.constantFrom('2025-01', '2025-02', '2025-03', '2025-04', '2025-05'),
    board: fc.constantFrom('A', 'A', 'A', 'B'),
    load: fc.option(told, { freq: 8, nil: null }),
  }),
  { minLength: 2, maxLength: 12 },
);

/** Carries events out and compares core with the model after each: intervals, counts and what was touched. */
async function follow(world: World, list: readonly Event[]): Promise<void> {
  await world.reset();
  const truth = new Map<string, Map<string, Told>>([
    ['A', new Map()],
    ['B', new Map()],
  ]);
  const standing = new Map<string, Told>();
  for (const { period, board, load } of list) {
    const slice = `board=${board}`;
    if (load !== null) {
      await world.load(
        'staff',
        period,
        [...load].map(([id, value]) => ({ id, value })),
        slice,
      );
      standing.set(`${board} ${period}`, load);
    }
    const now = standing.get(`${board} ${period}`);
    if (now === undefined) continue;
    const before = await world.core('staff');
    const seen = (await lookAt(world, period, board)).comparisons[0]?.counts;
    const result = await world.transform(period, ['staff'], { slice: new Map([['board', [board]]]) });
    expect(result.exitCode, writeWords(result.message ?? '')).toBe(0);
    const own = truth.get(board) as Map<string, Told>;
    const stood = asOf(own, period);
    own.set(period, now);
    if (result.status === 'done') {
      const { added, modified, removed, closed, unchanged, cells } = result.rows;
      expect(seen).toMatchObject({ added, modified, removed, closed, unchanged, cells, before: stood.size });
      expect(result.rows).toMatchObject(countsOf(stood, now));
    }
    expect(await intervals(world, 'A')).toEqual(intervalsOf(truth.get('A') as Truth));
    expect(await intervals(world, 'B')).toEqual(intervalsOf(truth.get('B') as Truth));
    await expectUntouched(world, before);
  }
}

/** What `diff` tells of it before. */
function lookAt(world: World, period: string, board: string): Promise<DiffAnswer> {
  return diff(world.context(), {
    subject: { kind: 'staged', dataset: staff, period: parsePeriod(period) as Period },
    ...{ slice: new Map([['board', board]]), by: [], tolerance: [], sample: 5, showPersonal: false },
    ...{ failOnDiff: false, html: null, xlsx: null },
  });
}

/** Promotes and flips what the events say, and takes all of it back, newest first: each time core is as it was before. */
async function thereAndBack(world: World, list: readonly Event[]): Promise<void> {
  await world.reset();
  const state = () => world.core('staff', raw('board, id, _valid_from'));
  const newest = async () =>
    Number((await world.rows(sql`SELECT COALESCE(max(promotion_id), 0) AS n FROM meta.promotion_log`))[0]?.n);
  const done: { readonly promotionId: number; readonly before: Row[] }[] = [];
  for (const [i, { period, board, load }] of list.entries()) {
    const [before, last] = [await state(), await newest()];
    const slice = new Map([['board', board]]);
    if (load === null) {
      await goLive(world.context(), {
        ...{ dataset: staff, period: null, slice, where: null, off: i % 3 === 0, reason: 'why', by: 'Vera' },
      });
    } else {
      const rows = [...load].map(([id, value]) => ({ id, value }));
      await world.load('staff', period, rows, `board=${board}`);
      expect((await world.transform(period, ['staff'], { slice })).exitCode).toBe(0);
    }
    const now = await newest();
    if (now > last) done.push({ promotionId: now, before });
  }
  for (const { promotionId, before } of done.reverse()) {
    const { result } = await rollback(world.context(), {
      subject: { promotionId },
      ...{ cascade: false, reason: 'why', by: 'Vera', confirm: null },
    });
    expect(result, writeWords(result.message ?? '')).toMatchObject({ status: 'done', exitCode: 0 });
    expect(await state()).toEqual(before);
  }
}

function asOf(truth: Truth, period: string): Told {
  const last = [...truth.keys()].filter((each) => each <= period).sort();
  return truth.get(last.at(-1) ?? '') ?? new Map();
}

function countsOf(stood: Told, now: Told): Record<string, number> {
  const keys = [...now.keys()];
  const there = keys.filter((key) => stood.has(key));
  return {
    read: now.size,
    added: keys.length - there.length,
    modified: there.filter((key) => stood.get(key) !== now.get(key)).length,
    unchanged: there.filter((key) => stood.get(key) === now.get(key)).length,
  };
}

async function intervals(world: World, board: string): Promise<unknown[]> {
  const rows = await world.rows(
    sql`SELECT id, value, _valid_from AS "from", _valid_to AS "to", _is_current AS "now", _data_period AS "period"
        FROM core.staff WHERE board = ${board} ORDER BY id, _valid_from`,
  );
  return rows.map(({ now, period, ...row }) => {
    expect(now).toBe(row.to === null);
    expect(period).toBe(row.from);
    return row;
  });
}

/** A row that says the same as before is the same row to the last column; one that does not is in the journal. */
async function expectUntouched(world: World, before: readonly Record<string, unknown>[]): Promise<void> {
  const name = (row: Record<string, unknown>) => JSON.stringify([row.board, String(row.id), row._valid_from]);
  const after = new Map((await world.core('staff')).map((row) => [name(row), row]));
  const earlier = new Map(before.map((row) => [name(row), row]));
  const journal = await world.rows(
    sql`SELECT _operation, _key, _before FROM history.staff
        WHERE _promotion_id = (SELECT max(promotion_id) FROM meta.promotion_log)`,
  );
  const logged = new Map(journal.map((row) => [String(row._key), row]));
  expect(logged.size).toBe(journal.length);
  for (const key of new Set([...after.keys(), ...earlier.keys()])) {
    const [then, now] = [earlier.get(key), after.get(key)];
    if (then && now && then._valid_to === now._valid_to && then.value === now.value) {
      expect(now).toEqual(then);
    } else if (JSON.stringify(then) !== JSON.stringify(now)) {
      const entry = logged.get(key);
      expect(entry?._operation).toBe(then ? (now ? 'modified' : 'removed') : 'added');
      const image = entry?._before === null ? null : JSON.parse(String(entry?._before));
      expect(image?._valid_to ?? null).toBe(then?._valid_to ?? null);
      expect(image?.value ?? null).toBe(then?.value ?? null);
    }
  }
}

describe.each(ENGINES)('history on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [staff]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  test('intervals are what the promoted periods say, in whatever order they are promoted and restated', async () => {
    await fc.assert(
      fc.asyncProperty(events, (list) => follow(world, list)),
      trials(2),
    );
  }, 3_600_000);

  test('whatever was promoted and made live is taken back step by step, to the first state', async () => {
    await fc.assert(
      fc.asyncProperty(events, (list) => thereAndBack(world, list)),
      trials(2),
    );
  }, 3_600_000);
});
