import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw } from '../../src/sql/sql.ts';
import { correct, undoCorrection } from '../../src/steps/correct.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { transform } from '../../src/steps/transform.ts';
import { unload } from '../../src/steps/unload.ts';
import { withdraw } from '../../src/steps/withdraw.ts';
import { trials } from '../fixtures/trials.ts';
import { ENGINES } from './empty-warehouses.ts';
import { type Field, OverlayModel, type Rows } from './overlay-model.ts';
import { STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

const JUNE = parsePeriod('2025-06') as NonNullable<ReturnType<typeof parsePeriod>>;
const ABOUT = { dataset: 'visits', period: '2025-06' };
const WHO = { reason: 'as it goes', by: 'Sol' };

const place = fc.constantFrom('a', 'b', 'c');
const field = fc.constantFrom<Field>('people', 'staff');
const count = fc.option(fc.integer({ min: 0, max: 3 }), { nil: null });
const rows = fc
  .uniqueArray(fc.record({ place, people: count, staff: count }), {
    selector: (row) => row.place,
    minLength: 1,
  })
  .map((all): Rows => new Map(all.map(({ place: at, ...row }) => [at, row])));

type Act =
  | { readonly act: 'deliver'; readonly rows: Rows }
  | {
      readonly act: 'correct';
      readonly place: string;
      readonly field: Field;
      readonly expected: number | null;
      readonly value: number | null;
      readonly right: boolean;
    }
  | { readonly act: 'undo' | 'withdraw' | 'bring back'; readonly which: number }
  | { readonly act: 'load' | 'unload' | 'promote' | 'roll back' };

const which = fc.nat({ max: 9 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('deliver' as const), rows }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('correct' as const),
      place,
      field,
      expected: count,
      value: count,
      right: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ act: 'load' as const }) },
  { weight: 3, arbitrary: fc.constant({ act: 'promote' as const }) },
  ...(['undo', 'withdraw', 'bring back'] as const).map((name) => ({
    weight: 1,
    arbitrary: fc.record({ act: fc.constant(name), which }),
  })),
  ...(['unload', 'roll back'] as const).map((name) => ({ weight: 1, arbitrary: fc.constant({ act: name }) })),
);

describe.each(ENGINES)('corrections, withdrawals and unloads in any order, on %s', (_, engine) => {
  let world: World;
  let dataset: Dataset;

  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
    dataset = world.config.datasets.get('visits') as Dataset;
  });
  afterAll(() => world.close());

  const query = (text: string) => world.warehouse.read((session) => session.query(raw(text)));
  const rowsOf = async (schema: string): Promise<Rows> =>
    new Map(
      (await query(`SELECT place, people, staff FROM ${schema}.visits ORDER BY place`)).map((row) => [
        row.place as string,
        { people: row.people as number | null, staff: row.staff as number | null },
      ]),
    );
  const sorted = (all: Rows) => new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  const statusOf = (work: Promise<StepResult>) =>
    work.then(
      (result) => result.status as string,
      (error: unknown) => {
        if (error instanceof TidemarkError) return 'refused';
        throw error;
      },
    );
  const select = (all: Rows) =>
    `SELECT * FROM (VALUES ${[...all]
      .map(([at, { people, staff }], i) => `('${at}', ${people}::BIGINT, ${staff}::BIGINT, ${i + 2}::BIGINT)`)
      .join(', ')}) AS x(place, people, staff, _source_row)`;

  /** Carries an act out on both, and holds what it answers against the model. */
  async function step(
    model: OverlayModel,
    ids: { files: number[]; fixes: number[] },
    one: Act,
  ): Promise<void> {
    const pick = <T>(all: readonly T[], n: number) => (all.length === 0 ? null : n % all.length);
    const at = 'which' in one ? pick(one.act === 'undo' ? ids.fixes : ids.files, one.which) : null;
    if (one.act === 'deliver') {
      ids.files.push(await world.deliver({ ...ABOUT, select: select(one.rows) }));
      model.deliver(one.rows);
    } else if (one.act === 'correct') {
      const held = model.current === null ? undefined : model.corrected(model.current).get(one.place);
      const expected = one.right && held !== undefined ? held[one.field] : one.expected;
      const text = (value: number | null) => (value === null ? null : String(value));
      const cell = { field: one.field, value: text(one.value), expected: text(expected) };
      const written = { key: new Map([['place', one.place]]), ...cell };
      const input = { dataset, period: JUNE, slice: null, written, ...WHO };
      const told = await statusOf(correct(world.context(), input));
      expect(told).toBe(model.correct(one.place, one.field, expected, one.value));
      if (told === 'done') {
        const [row] = await query('SELECT max(correction_id) AS id FROM meta.correction_log');
        ids.fixes.push(row?.id as number);
      }
    } else if (one.act === 'load') {
      const told = await world.loadOne(ABOUT);
      expect([0, 5]).toContain(told.exitCode);
      expect(told.exitCode === 0).toBe(model.load());
    } else if (one.act === 'unload') {
      await unload(world.context(), { dataset, period: JUNE, slice: null, ...WHO });
      model.unload();
    } else if (one.act === 'promote') {
      const accepted = [{ name: 'rolled_back', ...WHO }];
      const input = { period: JUNE, datasets: [dataset], named: true, atomic: false, acceptGuards: accepted };
      const before = await query('SELECT max(promotion_id) AS id FROM meta.promotion_log');
      const told = await transform(world.context(), input);
      const after = await query('SELECT max(promotion_id) AS id FROM meta.promotion_log');
      expect([0, 5]).toContain(told.exitCode);
      if (before[0]?.id === after[0]?.id) {
        // Nothing to do is right only where core stands as it would after it.
        if (told.exitCode === 0) expect(model.stage?.rows).toEqual(model.core);
        else expect(model.stage === null || model.deliveries[model.stage.delivery]?.withdrawn).toBe(true);
      } else expect(model.promote()).toBe(true);
    } else if (one.act === 'roll back') {
      const subject = { dataset, period: JUNE, slice: new Map<string, string>() };
      const told = await rollback(world.context(), {
        ...{ subject, cascade: false, reason: 'why', by: 'Vera', confirm: null },
      });
      if (told.result.status === 'done') model.rollBack();
      else expect(told.result.status).toBe('skipped');
    } else if (at !== null && one.act === 'undo') {
      await undoCorrection(world.context(), { correctionId: ids.fixes[at] as number, ...WHO });
      model.undo(at);
    } else if (at !== null && one.act === 'withdraw') {
      await withdraw(world.context(), { fileId: ids.files[at] as number, ...WHO });
      model.withdraw(at);
    } else if (at !== null && one.act === 'bring back') {
      const told = await statusOf(world.loadOne({ ...ABOUT, fileId: ids.files[at] as number }));
      expect(told !== 'refused').toBe(model.bringBack(at));
    }
  }

  it('leave stage and core as a plain model says, at every step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 16 }), async (acts) => {
        await world.reset();
        const model = new OverlayModel();
        const ids = { files: [], fixes: [] };
        for (const one of acts) {
          await step(model, ids, one);
          expect(await rowsOf('stage')).toEqual(sorted(model.stage?.rows ?? new Map()));
          expect(await rowsOf('core')).toEqual(sorted(model.core));
        }
      }),
      trials(10),
    );
  }, 600_000);
});
