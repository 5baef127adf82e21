import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/sql/sql.ts';
import { recordsRetry } from '../../src/steps/records-retry.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { trials } from '../fixtures/trials.ts';
import { ENGINES } from './empty-warehouses.ts';
import { type Marked, RecordsWorld } from './records-world.ts';

const config = (onDuplicate: 'skip' | 'update') => `version: 1
datasets:
  items:
    period: none
    source: {records: {}}
    schema: {primaryKey: k, fields: [{name: k, type: string}, {name: a, type: integer}, {name: b, type: string}]}
    core: {key: k, strategy: upsert, identity: item_id, on_duplicate: ${onDuplicate}}
`;

type Event =
  | { readonly do: 'insert'; readonly records: readonly object[] }
  | { readonly do: 'promote' }
  | { readonly do: 'retry' }
  | { readonly do: 'back'; readonly which: number; readonly again: boolean };

const record = fc.record(
  { k: fc.constantFrom('x', 'y', 'z'), a: fc.constantFrom(1, 2), b: fc.constantFrom('u', 'v', null) },
  { requiredKeys: ['k'] },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      records: fc.array(record, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Event>({ do: 'promote' }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('back' as const), which: fc.nat(9), again: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'retry' }) },
);

describe.each(ENGINES)('records that are promoted and taken back in any order on %s', (_name, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, config('skip'));
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  const back = async (promotionId: number) => {
    const { result, taken } = await rollback(world.context(), {
      ...{ subject: { promotionId }, cascade: true, reason: 'why', by: 'Vera', confirm: null, seen: null },
    });
    expect(result.status, String(result.message)).toBe('done');
    return taken;
  };
  const standing = async () =>
    (
      await world.warehouse.read((session) =>
        session.query<{ id: number }>(
          sql`SELECT promotion_id AS id FROM meta.promotion_log WHERE rolled_back_by IS NULL ORDER BY promotion_id`,
        ),
      )
    ).map(({ id }) => Number(id));
  const state = async () => ({
    marks: (await world.marks('items')).map(({ attempt: _, mark, ...rest }) => ({
      ...rest,
      // One that was retried in between is held again.
      mark: mark === 'held' || mark === 'waits' ? 'open' : mark,
    })),
    core: await world.core('items'),
  });

  async function hold(): Promise<void> {
    const marks = await world.marks('items');
    const rows = await world.core('items');
    const byId = new Map(marks.map((each) => [each.id, each]));
    for (const row of rows) {
      const place = { k: row.k, item_id: row.item_id };
      for (const name of ['_created_by_staging_id', '_updated_by_staging_id'])
        expect(byId.get(Number(row[name])), JSON.stringify({ row, marks })).toMatchObject({
          mark: 'promoted',
          place,
        });
    }
    const places = new Set(rows.map(({ k, item_id }) => JSON.stringify({ k, item_id })));
    for (const each of marks) {
      const isThere = each.mark === 'promoted' || each.mark === 'duplicate';
      expect(isThere || ['waits', 'held'].includes(each.mark), JSON.stringify(each)).toBe(true);
      expect(each.place === null, JSON.stringify(each)).toBe(!isThere);
      if (isThere) expect(places, JSON.stringify({ each, rows })).toContain(JSON.stringify(each.place));
    }
    if (world.dataset('items').core.onDuplicate === 'skip') expect(promotedOnce(marks)).toBe(true);
  }

  /** Under `skip` one record alone makes a row. */
  function promotedOnce(marks: readonly Marked[]): boolean {
    const keys = marks.flatMap(({ mark, place }) => (mark === 'promoted' ? [place?.k] : []));
    return new Set(keys).size === keys.length;
  }

  async function happen(one: Event): Promise<void> {
    if (one.do === 'insert') await world.insert('items', 'r1', ...one.records);
    else if (one.do === 'promote') await world.promote('items');
    else if (one.do === 'retry')
      await recordsRetry(world.context(), { dataset: world.dataset('items'), run: null, stagingIds: [] });
    else {
      const promotions = await standing();
      if (promotions.length === 0) return;
      const before = await state();
      const taken = await back(promotions[one.which % promotions.length] as number);
      await hold();
      const [only] = taken;
      if (!one.again || only === undefined || taken.length > 1) return;
      await back(only.promotionId);
      expect(await state()).toEqual(before);
    }
  }

  test.each(['skip', 'update'] as const)(
    'core and marks agree at every step, on_duplicate: %s',
    async (kind) => {
      world.rules(config(kind));
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), async (events) => {
          await world.reset();
          for (const one of events) {
            await happen(one);
            await hold();
          }
          await world.promote('items');
          await hold();
          expect(await world.words('items')).not.toContain('waits');
        }),
        trials(4),
      );
    },
    240_000,
  );
});
