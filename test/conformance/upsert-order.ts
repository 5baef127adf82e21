import fc from 'fast-check';
import { expect } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { ident, sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { type CoreState, coreAfter, type Delivery, type Mode } from './upsert-model.ts';
import type { World } from './world/world.ts';

const PERIODS = ['2025-01', '2025-02', '2025-03', '2025-04'];

/** A register with a table of its own for each mode, so that one warehouse serves them all. */
export function registerOf(mode: Mode): Dataset {
  const name = `register_${mode.covers}_${mode.missing}`;
  const plain = dataset([field('id', { type: 'integer' }), field('value')], { name });
  return { ...plain, core: { ...plain.core, ...mode, table: name, key: ['id'], strategy: 'upsert' } };
}

export interface Event {
  readonly period: string;
  /** Null: the period is only promoted (again). */
  readonly load: Delivery | null;
  readonly promote: boolean;
}

const delivery = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('a', 'b', 'c')), { maxLength: 4 })
  .map((rows) => new Map(rows));

export const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    period: fc.constantFrom(...PERIODS),
    load: fc.option(delivery, { freq: 6, nil: null }),
    promote: fc.constant(true),
  }),
  { minLength: 2, maxLength: 9 },
);

/** As `events`, with loads that are not promoted at once. */
export const looseEvents: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    period: fc.constantFrom(...PERIODS),
    load: fc.option(delivery, { freq: 4, nil: null }),
    promote: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 3, maxLength: 10 },
);

/** Carries events out and compares core with the reference after each. */
export async function follow(world: World, mode: Mode, list: readonly Event[]): Promise<void> {
  const { name } = registerOf(mode);
  await world.reset();
  const standing = new Map<string, Delivery>();
  const promoted = new Map<string, Delivery[]>();
  for (const event of list) {
    if (event.load !== null) {
      await world.load(
        name,
        event.period,
        [...event.load].map(([id, value]) => ({ id, value })),
      );
      standing.set(event.period, event.load);
    }
    const now = standing.get(event.period);
    if (!event.promote || now === undefined) continue;
    const result = await world.transform(event.period, [name]);
    const unsettled = [...promoted.keys()].filter(
      (each) => promoted.get(each)?.at(-1) !== standing.get(each),
    );
    if (unsettled.some((each) => each > event.period)) {
      // Promoting again what is promoted already needs nothing of later periods.
      expect([0, 4]).toContain(result.exitCode);
      if (result.exitCode === 4) continue;
      expect(result.status).toBe('skipped');
      continue;
    }
    expect(result.message).not.toBeNull();
    expect(result.exitCode).toBe(0);
    if (promoted.get(event.period)?.at(-1) !== now) {
      promoted.set(event.period, [...(promoted.get(event.period) ?? []), now]);
    }
    if (result.status === 'done') {
      const { read, added, modified, shadowed, unchanged } = result.rows;
      if (!(mode.covers === 'period' && mode.missing === 'delete')) {
        expect((added ?? 0) + (modified ?? 0) + (shadowed ?? 0) + (unchanged ?? 0)).toBe(read);
      }
    }
    // Under `delete`, what an earlier period delivered comes back only from stage; one loaded anew waits for promotion.
    const settled = unsettled.every((each) => each === event.period);
    if (mode.missing === 'delete' && !settled) continue;
    expect(await coreState(world, name, mode)).toEqual(coreAfter(promoted, mode));
  }
}

async function coreState(world: World, table: string, mode: Mode): Promise<CoreState> {
  const closed = mode.missing === 'close' ? sql`_closed_period` : sql`CAST(NULL AS VARCHAR)`;
  const rows = await world.rows(
    sql`SELECT id, value, ${closed} AS closed FROM ${ident('core', table)} ORDER BY id`,
  );
  return Object.fromEntries(
    rows.map((row) => [Number(row.id), { value: String(row.value), closed: row.closed as string | null }]),
  );
}
