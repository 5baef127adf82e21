import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { writtenCorrection } from '../../src/cli/written-correction.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { parseSlice } from '../../src/domain/slice.ts';
import type { Threshold } from '../../src/domain/threshold.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { type ApproveInput, approve } from '../../src/steps/approve.ts';
import { correct } from '../../src/steps/correct.ts';
import { rollback } from '../../src/steps/rollback.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const share = (value: number): Threshold => ({ kind: 'share', value, text: `${value * 100}%` });
const reviewed = (plain: Dataset, core: Partial<Dataset['core']> = {}): Dataset => ({
  ...plain,
  core: {
    ...plain.core,
    ...{ table: plain.name, key: ['id'], strategy: 'upsert', review: 'required' },
    ...core,
  },
});
const fields = () => [field('id', { type: 'integer' }), field('name'), field('score', { type: 'integer' })];
const people = reviewed(dataset(fields(), { name: 'people', primaryKey: ['id'] }), {
  covers: 'all',
  missing: 'close',
});
const scores = reviewed(dataset(fields(), { name: 'scores' }), { strategy: 'replace_period' });
const courses = reviewed(dataset(fields(), { name: 'courses' }), { strategy: 'history', covers: null });
const guarded = reviewed(dataset(fields(), { name: 'guarded' }), {
  guards: { ...dataset([]).core.guards, max_modified: share(0.1) },
});
const topics = reviewed(dataset(fields(), { name: 'topics', pattern: 'topics_{board}_{period}.csv' }), {
  key: ['board', 'id'],
  covers: 'all',
  missing: 'delete',
});
const free = reviewed(dataset(fields(), { name: 'free' }), { review: 'optional' });

const row = (id: number, name = `n${id}`, score: number | null = id) => ({ id, name, score });
const month = (text: string) => parsePeriod(text) as NonNullable<ReturnType<typeof parsePeriod>>;

describe.each(ENGINES)('approvals on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [people, scores, courses, guarded, topics, free]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const ok = (
    name: string,
    period: string,
    over: Partial<ApproveInput> = {},
    context: Partial<StepContext> = {},
  ) =>
    approve(world.context(context), {
      dataset: world.context(context).config.datasets.get(name) as Dataset,
      ...{ period: month(period), slice: new Map(), by: 'Vera', reason: 'looked at', fingerprint: null },
      confirm: null,
      ...over,
    });
  const undo = async (promotionId: number) =>
    (
      await rollback(world.context(), {
        ...{ subject: { promotionId }, cascade: false, reason: 'why', by: 'Vera', confirm: null },
      })
    ).result;
  const promote = async (name: string, period: string, slice = '', context: Partial<StepContext> = {}) =>
    world.transform(period, [name], { slice: new Map(parseSlice(slice)) }, context);
  const approved = async (name: string, period: string, rows: readonly object[], slice = '') => {
    await world.load(name, period, rows as never, slice);
    await ok(name, period, { slice: new Map(parseSlice(slice)) });
    const result = await promote(name, period, slice);
    expect(result).toMatchObject({ status: 'done' });
    return Number(/^Promotion (\d+)/.exec(writeWords(result.message ?? ''))?.[1]);
  };
  const log = () =>
    world.rows(
      sql`SELECT period, decided_by AS "by", note, summary, void_reason AS why, spent_by AS spent FROM meta.approval_log
          ORDER BY approval_id`,
    );

  it('are waited for, with the command to give them, and are used up by the promotion', async () => {
    await world.load('people', '2025-01', [row(1), row(2)]);
    const waiting = await promote('people', '2025-01');
    expect(waiting).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(waiting.message).toBe('It waits for an approval. Nothing was promoted.');
    expect(writeWords(waiting.hint ?? '')).toContain(
      'tidemark approve --dataset people --period 2025-01 --by NAME',
    );
    const { result } = await ok('people', '2025-01', { reason: 'looked at twice' });
    expect(result).toMatchObject({
      status: 'done',
      rows: { added: 2 },
      message: /^Approved by Vera: 2 added/,
    });
    expect(await promote('people', '2025-01')).toMatchObject({ status: 'done' });
    const [used] = await log();
    expect(used).toMatchObject({
      by: 'Vera',
      note: 'looked at twice',
      summary: '2 added; 0 unchanged.',
      why: null,
    });
    expect(used?.spent).not.toBeNull();
    await world.load('people', '2025-02', [row(1, 'x'), row(2)]);
    expect(await promote('people', '2025-02')).toMatchObject({ exitCode: 4 });
  });

  it.each(['scores', 'courses', 'people'])('bind to the diff that was looked at, of %s', async (name) => {
    await approved(name, '2025-01', [row(1), row(2)]);
    await world.load(name, '2025-02', [row(1, 'other'), row(3)]);
    const { shown } = await ok(name, '2025-02', { confirm: async () => false });
    const wrong = await errorOf(ok(name, '2025-02', { fingerprint: 'f00' }));
    expect([wrong.code, wrong.exitCode]).toEqual(['diff-changed', 4]);
    expect(wrong.message).toMatch(/Now: .* added/);
    const right = await ok(name, '2025-02', { fingerprint: shown?.fingerprint ?? '' });
    expect(right.result).toMatchObject({ status: 'done' });
    expect(await promote(name, '2025-02')).toMatchObject({ status: 'done' });
  });

  it('are not given without a yes, nor twice for the same, nor in a dry run', async () => {
    await world.load('people', '2025-01', [row(1)]);
    const unsaid = await ok('people', '2025-01', { confirm: async () => false });
    expect(unsaid.result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(writeWords(unsaid.result.hint ?? '')).toContain(
      `--by Vera --reason 'looked at' --diff ${unsaid.shown?.fingerprint}`,
    );
    expect((await ok('people', '2025-01', {}, { dryRun: true })).result).toMatchObject({ status: 'done' });
    expect(await log()).toEqual([]);
    await ok('people', '2025-01');
    expect((await ok('people', '2025-01')).result).toMatchObject({ status: 'skipped' });
    expect(await log()).toHaveLength(1);
  });

  describe('are void, and stay void,', () => {
    const refused = async (name: string, period: string, why: string, over?: Dataset) => {
      const result = await world.transform(period, [name], over ? { datasets: [over] } : {});
      expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
      expect(result.message).toContain(`The approval by Vera of 2025-09-01 is void: ${why}`);
      const own = (await log()).filter((each) => each.period === period);
      expect(own.at(-1)).toMatchObject({ why, spent: null });
    };

    it('once another delivery was loaded, also where the first comes back', async () => {
      const first = await world.load('people', '2025-01', [row(1)]);
      await ok('people', '2025-01');
      await world.load('people', '2025-01', [row(2)]);
      await refused('people', '2025-01', 'other rows were loaded since');
      await world.bringBack('people', '2025-01', first);
      await refused('people', '2025-01', 'other rows were loaded since');
      await ok('people', '2025-01');
      expect(await promote('people', '2025-01')).toMatchObject({ status: 'done' });
    });

    it('once a correction changed what is loaded', async () => {
      await world.load('people', '2025-01', [row(1)]);
      await ok('people', '2025-01');
      await correct(world.context(), {
        ...{ dataset: people, period: month('2025-01'), slice: null, reason: 'typing error', by: 'Sol' },
        written: writtenCorrection(people, { key: 'id=1', set: 'name=right', expect: 'n1' }),
      });
      await world.loadOne({ dataset: 'people', period: '2025-01' });
      await refused('people', '2025-01', 'corrections were made or undone since');
    });

    it.each([
      ['of core', { core: { ...people.core, missing: 'keep' as const } }],
      [
        'of the checks',
        { checks: [{ name: 'few', severity: 'error', kind: 'rows', min: 1, max: null }] as never },
      ],
    ])('once a rule %s changed, also where it changes back', async (_what, over) => {
      await world.load('people', '2025-01', [row(1)]);
      await ok('people', '2025-01');
      const other = { ...people, ...over };
      await refused('people', '2025-01', 'the rules of the dataset have changed since', other);
      await refused('people', '2025-01', 'the rules of the dataset have changed since');
    });

    it('once core changed under it, also where that was taken back', async () => {
      await approved('people', '2025-01', [row(1), row(2)]);
      await world.load('people', '2025-03', [row(1, 'third'), row(2)]);
      await ok('people', '2025-03');
      const between = await approved('people', '2025-02', [row(1, 'second'), row(2)]);
      expect(await undo(between)).toMatchObject({ status: 'done' });
      await refused('people', '2025-03', 'core has changed since');
    });

    it('once a later period made all of it old, though nothing is left to approve', async () => {
      await world.load('people', '2025-01', [row(1), row(2)]);
      await ok('people', '2025-01');
      await approved('people', '2025-02', [row(1, 'second'), row(2, 'second')]);
      await refused('people', '2025-01', 'core has changed since');
      expect(await promote('people', '2025-01')).toMatchObject({ status: 'done', rows: { shadowed: 2 } });
    });

    it('once someone changed a row of core by hand', async () => {
      await approved('people', '2025-01', [row(1), row(2)]);
      await world.load('people', '2025-02', [row(1, 'second'), row(2)]);
      await ok('people', '2025-02');
      await world.warehouse.transaction((tx) =>
        tx.execute(raw("UPDATE core.people SET name = 'hand' WHERE id = 1")),
      );
      await refused('people', '2025-02', 'core has changed since');
    });

    it.each(['scores', 'courses'])('once core changed under it, of %s', async (name) => {
      await approved(name, '2025-01', [row(1), row(2)]);
      await world.load(name, '2025-01', [row(1, 'again'), row(2)]);
      await ok(name, '2025-01');
      await undo(
        Number((await world.rows(sql`SELECT max(promotion_id) AS id FROM meta.promotion_log`))[0]?.id),
      );
      await refused(name, '2025-01', 'core has changed since');
    });
  });

  it('hold while other rows of the table change: slices are approved together and promoted one by one', async () => {
    for (const board of ['AQA', 'OCR'])
      await world.load('topics', '2025-01', [row(1), row(2)], `board=${board}`);
    const { result } = await ok('topics', '2025-01');
    expect(result.results).toHaveLength(2);
    for (const board of ['AQA', 'OCR'])
      expect(await promote('topics', '2025-01', `board=${board}`)).toMatchObject({ status: 'done' });
  });

  it('do not stand for guards, and all that waits is told at once', async () => {
    await approved('guarded', '2025-01', [row(1), row(2)]);
    await world.load('guarded', '2025-02', [row(1, 'x'), row(2, 'y')]);
    const both = await promote('guarded', '2025-02');
    expect(both.message).toMatch(/It waits for an approval; Guard max_modified: 2 of 2 core rows/);
    expect(writeWords(both.hint ?? '')).toMatch(
      /tidemark approve .*tidemark transform .*--accept-guard max_modified/,
    );
    await ok('guarded', '2025-02');
    expect((await promote('guarded', '2025-02')).message).toMatch(/^Guard max_modified/);
    const accepted = await world.transform('2025-02', ['guarded'], {
      acceptGuards: [{ name: 'max_modified', reason: 'new names', by: 'Ida' }],
    });
    expect(accepted).toMatchObject({ status: 'done' });
  });

  it('release what was taken back, if given after that', async () => {
    await world.load('free', '2025-01', [row(1)]);
    await ok('free', '2025-01');
    const first = await promote('free', '2025-01');
    expect(first).toMatchObject({ status: 'done' });
    await undo(Number(/^Promotion (\d+)/.exec(writeWords(first.message ?? ''))?.[1]));
    const held = await promote('free', '2025-01');
    expect(held.message).toMatch(/^Guard rolled_back/);
    await ok('free', '2025-01');
    expect(await promote('free', '2025-01')).toMatchObject({ status: 'done' });
    expect((await log()).at(-1)?.spent).not.toBeNull();
  });

  it('are not needed where nothing would change', async () => {
    await approved('people', '2025-01', [row(1)]);
    await world.load('people', '2025-02', [row(1)]);
    expect(await promote('people', '2025-02')).toMatchObject({ status: 'done', rows: { unchanged: 1 } });
    await world.load('people', '2025-03', [row(1)]);
    expect((await ok('people', '2025-03')).result).toMatchObject({ status: 'skipped' });
  });
});
