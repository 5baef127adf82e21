import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { goLive } from '../../src/steps/go-live.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { trials } from '../fixtures/trials.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { coreAfter } from './upsert-model.ts';
import { type CoreRow, canGoBack, noteBack, type State, type Step, takenBack } from './way-back-model.ts';
import { World } from './world/world.ts';

const PERIODS = ['2025-01', '2025-02', '2025-03', '2025-04'];
const LATER = '9999-12';

const table = (name: string, core: Partial<Dataset['core']>): Dataset => {
  const plain = dataset([field('id', { type: 'integer' }), field('value')], { name });
  return { ...plain, core: { ...plain.core, table: name, key: ['id'], ...core } };
};
const CLOSE = { covers: 'all', missing: 'close' } as const;
const DATASETS = {
  facts: table('facts', { strategy: 'replace_period' }),
  staff: table('staff', { strategy: 'history' }),
  register: table('register', { strategy: 'upsert', ...CLOSE, rollout: 'staged' }),
};
type Name = keyof typeof DATASETS;

type Delivery = ReadonlyMap<number, string>;
type Event =
  | {
      readonly kind: 'promote';
      readonly period: string;
      readonly load: Delivery | null;
      readonly accept: boolean;
    }
  | { readonly kind: 'back'; readonly which: number; readonly cascade: boolean }
  | { readonly kind: 'live'; readonly id: number; readonly off: boolean };

const delivery = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('a', 'b', 'c')), { maxLength: 3 })
  .map((rows): Delivery => new Map(rows));
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('promote' as const),
      period: fc.constantFrom(...PERIODS),
      load: fc.option(delivery, { freq: 5, nil: null }),
      accept: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('back' as const),
      which: fc.nat({ max: 5 }),
      cascade: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('live' as const),
      id: fc.integer({ min: 1, max: 3 }),
      off: fc.boolean(),
    }),
  },
);
const events = fc.array(event, { minLength: 4, maxLength: 14 });

/** A promotion of stage rows. */
interface Promoted extends Step {
  readonly period: string;
  readonly load: Delivery;
  /** Whether every promotion before it counted when it came: it could judge what they delivered. */
  readonly sawAll: boolean;
}

/** Follows events on one table, and holds core against the reference after each of them. */
class Follower {
  readonly #world: World;
  readonly #name: Name;
  readonly #steps: Step[] = [];
  readonly #standing = new Map<string, Delivery>();
  #state: State = new Map();

  constructor(world: World, name: Name) {
    this.#world = world;
    this.#name = name;
  }

  async take(one: Event): Promise<void> {
    if (one.kind === 'promote') await this.#promote(one);
    else if (one.kind === 'back') await this.#back(one);
    else if (this.#name === 'register') await this.#live(one);
  }

  /** Everything that counts is taken back, the newest first: core is as it was in the beginning. */
  async end(): Promise<void> {
    for (let last = this.#counting().at(-1); last !== undefined; last = this.#counting().at(-1)) {
      if (last.undoes !== null) break;
      expect(await this.#backOne(last, false)).toBe(0);
    }
    const originals = this.#steps.filter((step) => step.undoes === null && step.counts);
    for (const step of originals.reverse()) expect(await this.#backOne(step, true)).toBe(0);
    expect(await this.#read()).toEqual(new Map());
  }

  #counting(): Step[] {
    return this.#steps.filter((step) => step.counts);
  }

  async #promote({ period, load, accept }: Extract<Event, { kind: 'promote' }>): Promise<void> {
    if (load !== null) {
      const rows = [...load].map(([id, value]) => ({ id, value }));
      await this.#world.load(this.#name, period, rows);
      this.#standing.set(period, load);
    }
    const now = this.#standing.get(period);
    if (now === undefined) return;
    const acceptGuards = accept ? [{ name: 'rolled_back', reason: 'again', by: 'Vera' }] : [];
    const result = await this.#world.transform(period, [this.#name], { acceptGuards });
    const before = this.#state;
    const after = await this.#read();
    if (result.exitCode === 4) {
      const gone = /no longer stands in stage/.test(writeWords(result.message ?? ''));
      if (!gone)
        expect([accept, result.message]).toEqual([false, expect.stringMatching(/^Guard rolled_back/)]);
      if (!gone) expect(this.#isHeld(now)).toBe(true);
      expect(after).toEqual(before);
      return;
    }
    expect([result.exitCode, result.message]).toEqual([0, expect.any(String)]);
    if (result.status === 'skipped') {
      expect(after).toEqual(before);
      return;
    }
    if (!accept) expect(this.#isHeld(now)).toBe(false);
    const step: Promoted = {
      ...{
        id: idIn(writeWords(result.message ?? '')),
        before,
        after,
        period,
        load: now,
        undoes: null,
        counts: true,
      },
      shadowed: this.#shadowedBy(period, now),
      sawAll: this.#promotions().every((each) => each.counts),
    };
    this.#expectPromoted(step);
    this.#steps.push(step);
    this.#state = after;
  }

  #promotions(): Promoted[] {
    return this.#steps.filter((step): step is Promoted => 'load' in step);
  }

  #isHeld(load: Delivery): boolean {
    return this.#promotions().findLast((step) => step.load === load)?.counts === false;
  }

  #shadowedBy(period: string, load: Delivery): ReadonlySet<string> {
    if (this.#name !== 'register') return new Set();
    const later = [...this.#newest()]
      .filter(([each]) => each > period)
      .flatMap(([, each]) => [...each.keys()]);
    const newer = [...this.#state]
      .filter(([, [row]]) => String(row?._data_period) > period)
      .map(([key]) => key);
    const keys = new Set([...later.map(String), ...newer]);
    return new Set([...load.keys()].map(String).filter((key) => keys.has(key)));
  }

  /** What counts of each period: the delivery promoted for it last. */
  #newest(): Map<string, Delivery> {
    const counting = this.#promotions().filter((step) => step.counts);
    return new Map(counting.map((step) => [step.period, step.load]));
  }

  /** Core after a promotion is what its strategy says, whatever was taken back before. */
  #expectPromoted({ before, after, period, load, sawAll }: Promoted): void {
    if (this.#name === 'facts') {
      const others = (state: State) => new Map([...state].filter(([key]) => !key.startsWith(`${period} `)));
      expect(others(after)).toEqual(others(before));
      const own = [...after].filter(([key]) => key.startsWith(`${period} `)).map(([, [row]]) => row);
      expect(own.map((row) => [Number(row?.id), row?.value]).sort()).toEqual([...load].sort());
    }
    if (this.#name === 'staff') {
      const next = [...this.#newest().keys()].sort().find((each) => each > period) ?? `${LATER}+`;
      for (const at of [...PERIODS, LATER])
        expect([at, asOf(after, at)]).toEqual([
          at,
          at >= period && at < next ? shownOf(load) : asOf(before, at),
        ]);
    }
    // A way back restores what stood: a key that was away when a later period came is not closed by it afterwards.
    if (this.#name === 'register' && sawAll && this.#promotions().every((step) => step.sawAll)) {
      const all = new Map<string, Delivery[]>();
      for (const step of [...this.#promotions(), { period, load }])
        all.set(step.period, [...(all.get(step.period) ?? []), step.load]);
      const found = Object.fromEntries(
        [...after].map(([key, [row]]) => [key, { value: row?.value, closed: row?._closed_period }]),
      );
      expect(found).toEqual(coreAfter(all, CLOSE));
    }
  }

  async #live({ id, off }: Extract<Event, { kind: 'live' }>): Promise<void> {
    const input = {
      dataset: DATASETS.register,
      period: null,
      slice: new Map(),
      off,
      reason: 'why',
      by: 'Vera',
    };
    const result = await goLive(this.#world.context(), { ...input, where: `id <> ${id}` });
    if (result.status === 'skipped') return;
    const before = this.#state;
    this.#state = await this.#read();
    const about = { shadowed: new Set<string>(), undoes: null, counts: true };
    this.#steps.push({ id: idIn(writeWords(result.message ?? '')), before, after: this.#state, ...about });
  }

  async #back({ which, cascade }: Extract<Event, { kind: 'back' }>): Promise<void> {
    const counting = this.#counting();
    const target = counting[counting.length - 1 - (which % Math.max(1, counting.length))];
    if (target !== undefined) await this.#backOne(target, cascade);
  }

  async #backOne(target: Step, cascade: boolean): Promise<number> {
    const free = canGoBack(target, this.#state, this.#steps);
    const { result, taken } = await rollback(this.#world.context(), {
      ...{ subject: { promotionId: target.id }, cascade, reason: 'why', by: 'Vera', confirm: null },
    });
    if (!free && !cascade) {
      expect([result.exitCode, result.message]).toEqual([
        4,
        expect.stringMatching(/cannot be rolled back alone/),
      ]);
      expect(await this.#read()).toEqual(this.#state);
      return 4;
    }
    expect([result.exitCode, result.message]).toEqual([0, expect.any(String)]);
    if (free) expect(taken).toHaveLength(1);
    for (const { record, promotionId } of taken) {
      const step = this.#steps.find((each) => each.id === record.promotionId) as Step;
      expect(canGoBack(step, this.#state, this.#steps)).toBe(true);
      const before = this.#state;
      this.#state = takenBack(step, before);
      noteBack(step);
      const about = { shadowed: new Set<string>(), undoes: step, counts: true };
      this.#steps.push({ id: promotionId, before, after: this.#state, ...about });
    }
    expect(target.counts).toBe(false);
    expect(await this.#read()).toEqual(this.#state);
    return 0;
  }

  async #read(): Promise<State> {
    const state = new Map<string, CoreRow[]>();
    const rows = (await this.#world.core(this.#name)) as CoreRow[];
    for (const row of [...rows].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))) {
      const key = this.#name === 'facts' ? `${row._data_period} ${row.id}` : String(row.id);
      state.set(key, [...(state.get(key) ?? []), row]);
    }
    return state;
  }
}

const orderOf = (row: CoreRow) => JSON.stringify([row._data_period, row.id, row._valid_from]);
const idIn = (message: string | null) => Number(/^Promotion (\d+)/.exec(message ?? '')?.[1]);
const shownOf = (load: Delivery) => Object.fromEntries([...load].map(([id, value]) => [String(id), value]));

/** The values that intervals say of a period. */
function asOf(state: State, period: string): Record<string, unknown> {
  const stands = (row: CoreRow) =>
    String(row._valid_from) <= period && (row._valid_to === null || String(row._valid_to) > period);
  return Object.fromEntries(
    [...state].flatMap(([key, rows]) => {
      const standing = rows.filter(stands);
      expect(standing.length).toBeLessThan(2);
      return standing.map((row) => [key, row.value]);
    }),
  );
}

describe.each(ENGINES)('the way back on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, Object.values(DATASETS));
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  test.each(Object.keys(DATASETS) as Name[])(
    'core of %s is what the reference says at every step, and in the end as in the beginning',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(events, async (list) => {
          await world.reset();
          const follower = new Follower(world, name);
          for (const one of list) await follower.take(one);
          await follower.end();
        }),
        { ...trials(3), endOnFailure: process.env.TIDEMARK_FUZZ === undefined },
      );
    },
    1_800_000,
  );
});
