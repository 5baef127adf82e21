import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { sql } from '../../src/sql/sql.ts';
import { goLive } from '../../src/steps/go-live.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { rollback } from '../../src/steps/rollback.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { unload } from '../../src/steps/unload.ts';
import { withdraw } from '../../src/steps/withdraw.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { cases, STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

const JUNE = parsePeriod('2025-06') as Period;
const WHO = { by: 'Vera', reason: 'agreed' };
const plain = dataset([field('topic'), field('hours', { type: 'integer' })], {
  name: 'topics',
  pattern: 'topics_{board}_{period}.csv',
});
const topics: Dataset = {
  ...plain,
  core: { ...plain.core, table: 'topics', key: ['board', 'topic'], strategy: 'upsert', rollout: 'staged' },
};
const topic = (name: string, hours = 1) => ({ topic: name, hours });

/** A call of a step: a preview, or a decision that may be bound to one. */
type Call = (context: Partial<StepContext>, seen?: string) => Promise<StepResult>;

/** The fingerprint that a preview answers. */
async function lookedAt(call: Call): Promise<string> {
  const preview = await call({ dryRun: true });
  expect(preview.exitCode, writeWords(preview.message ?? '')).toBe(0);
  expect(preview.seen).toMatch(/^[0-9a-f]{16}$/);
  return preview.seen as string;
}

/** What a refused call said, thrown or as its result. */
async function refusal(work: Promise<StepResult>): Promise<{ message: string; hint: string }> {
  let answer: StepResult;
  try {
    answer = await work;
  } catch (error) {
    const thrown = await errorOf(Promise.reject(error));
    expect([thrown.code, thrown.exitCode]).toEqual(['seen-changed', 4]);
    return { message: writeWords(thrown.said), hint: writeWords(thrown.hint) };
  }
  expect(answer).toMatchObject({ status: 'blocked', exitCode: 4 });
  return { message: writeWords(answer.message ?? ''), hint: writeWords(answer.hint ?? '') };
}

describe.each(ENGINES)('decisions about core that are bound to their preview, on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [topics]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await promote('AQA', [topic('a'), topic('b')]);
    await promote('OCR', [topic('a')]);
  });

  const promote = async (board: string, rows: Parameters<World['load']>[2]) => {
    await world.load('topics', '2025-06', rows, `board=${board}`);
    const result = await world.transform('2025-06', ['topics'], { slice: new Map([['board', board]]) });
    expect(result.exitCode, writeWords(result.message ?? '')).toBe(0);
  };
  const undo: Call = async (context, seen) =>
    (
      await rollback(world.context(context), {
        subject: { dataset: topics, period: JUNE, slice: new Map() },
        ...{ cascade: false, confirm: null, ...WHO, ...(seen ? { seen } : {}) },
      })
    ).result;
  const flip: Call = (context, seen) =>
    goLive(world.context(context), {
      ...{ dataset: topics, period: null, slice: new Map([['board', 'AQA']]), where: null, off: false },
      ...{ ...WHO, ...(seen ? { seen } : {}) },
    });
  const close: Call = (context, seen) =>
    decidePeriod(world.context(context), {
      ...{ action: 'close', period: JUNE, dataset: null, ...WHO, ...(seen ? { seen } : {}) },
    });
  const reopen: Call = (context, seen) =>
    decidePeriod(world.context(context), {
      ...{ action: 'reopen', period: JUNE, dataset: null, ...WHO, ...(seen ? { seen } : {}) },
    });
  const carry: Call = (context, seen) =>
    world.transform('2025-06', ['topics'], seen ? { seen } : {}, context);
  const promotions = () => world.rows(sql`SELECT promotion_id AS id FROM meta.promotion_log ORDER BY 1`);
  const rows = () => world.rows(sql`SELECT board, topic, hours, _live FROM core.topics ORDER BY 1, 2`);
  const stageBoth = async () => {
    await world.load('topics', '2025-06', [topic('a', 5), topic('b')], 'board=AQA');
    await world.load('topics', '2025-06', [topic('a', 7)], 'board=OCR');
  };

  it.each([
    ['rollback', undo, async () => {}],
    ['go-live', flip, async () => {}],
    ['transform', carry, stageBoth],
    ['period close', close, async () => {}],
    ['period reopen', reopen, () => close({})],
  ] as const)(
    '%s does what was seen, in every part of it, and answers a repeat of the run',
    async (_, call, before) => {
      await before();
      const seen = await lookedAt(call);
      const untouched = await rows();
      expect(await lookedAt(call)).toBe(seen);
      expect(await rows()).toEqual(untouched);
      const first = await call({ runId: 'once' }, seen);
      expect(first).toMatchObject({ status: 'done', exitCode: 0 });
      expect(first.seen).toBeUndefined();
      const after = await promotions();
      const again = await call({ runId: 'once' }, seen);
      expect(again).toMatchObject({ exitCode: 0, message: first.message });
      expect(await promotions()).toEqual(after);
      // Nothing is left to do: that is not what was seen.
      await refusal(call({}, seen));
      expect(await promotions()).toEqual(after);
      expect(await call({})).toMatchObject({ exitCode: 0 });
    },
  );

  it('rolls nothing back where another promotion would be meant by now', async () => {
    const seen = await lookedAt(undo);
    await promote('AQA', [topic('a', 9), topic('b')]);
    const [before, log] = [await rows(), await promotions()];
    const told = await refusal(undo({}, seen));
    expect(told.message).toMatch(
      new RegExp(
        `fingerprint ${seen}\\. Now: Would roll promotion .*1 row set back .*Nothing was changed`,
        's',
      ),
    );
    expect(told.hint).toMatch(
      /^Look again: tidemark rollback --dataset topics --period 2025-06 --dry-run\. If it is right: tidemark rollback .*--by Vera --reason agreed --seen [0-9a-f]{16}$/,
    );
    expect([await rows(), await promotions()]).toEqual([before, log]);
    const now = / --seen (\w+)$/.exec(told.hint)?.[1] as string;
    expect(await undo({}, now)).toMatchObject({ status: 'done', exitCode: 0 });
  });

  it('makes no row live that came after the look, or that was changed since', async () => {
    for (const change of [
      [topic('a'), topic('b'), topic('c')],
      [topic('a', 9), topic('b')],
    ]) {
      const seen = await lookedAt(flip);
      await promote('AQA', change);
      const before = await rows();
      const told = await refusal(flip({}, seen));
      expect(told.message).toMatch(/Now: Would make \d rows of core\.topics \(board=AQA\) live\./);
      expect(told.hint).toContain('tidemark go-live --dataset topics --slice board=AQA --by Vera');
      expect(await rows()).toEqual(before);
    }
    // What happens to other rows is not what was looked at.
    const seen = await lookedAt(flip);
    await promote('OCR', [topic('z')]);
    expect(await flip({}, seen)).toMatchObject({ status: 'done' });
  });

  it.each([
    ['each in its own transaction', {}],
    ['all in one', { atomic: true }],
  ])('promotes nothing where one of several loads is another by now: %s', async (_, over) => {
    const carryAll: Call = (context, seen) =>
      world.transform('2025-06', ['topics'], { ...over, ...(seen ? { seen } : {}) }, context);
    await stageBoth();
    const seen = await lookedAt(carryAll);
    // The same counts from other rows.
    await world.load('topics', '2025-06', [topic('a', 8)], 'board=OCR');
    const before = await rows();
    const told = await refusal(carryAll({}, seen));
    expect(told.message).toMatch(/Now: Would promote: 1 modified, 1 unchanged\..* Would promote: 1 modified/);
    expect(await rows()).toEqual(before);
    const now = / --seen (\w+)$/.exec(told.hint)?.[1] as string;
    expect(await carryAll({}, now)).toMatchObject({ status: 'done', exitCode: 0 });
  });

  it('promotes nothing where core is another by now, though the counts are the same', async () => {
    const one: Call = (context, seen) =>
      world.transform(
        '2025-06',
        ['topics'],
        { slice: new Map([['board', 'OCR']]), ...(seen ? { seen } : {}) },
        context,
      );
    await world.load('topics', '2025-06', [topic('a', 7)], 'board=OCR');
    const seen = await lookedAt(one);
    await flip({});
    await refusal(one({}, seen));
  });

  it('goes on with what is left where the run ended half-way', async () => {
    await stageBoth();
    const seen = await lookedAt(carry);
    const part: Call = (context, own) => {
      const bound = own === undefined ? {} : { seen: own };
      return world.transform(
        '2025-06',
        ['topics'],
        { slice: new Map([['board', 'AQA']]), ...bound },
        context,
      );
    };
    await part({ runId: 'half' }, await lookedAt(part));
    const whole = await carry({ runId: 'half' }, seen);
    expect(whole.results).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    // Under another run, the first of the two is not what was seen.
    await refusal(carry({}, seen));
  });

  it('closes and reopens nothing where others decided in the meantime', async () => {
    const toClose = await lookedAt(close);
    await close({});
    const told = await refusal(close({}, toClose));
    expect(told.message).toContain('Now: 2025-06: closed already.');
    const toReopen = await lookedAt(reopen);
    await reopen({});
    await refusal(reopen({}, toReopen));
    const events = await world.rows(sql`SELECT action FROM meta.period_log ORDER BY event_id`);
    expect(events.map((one) => one.action)).toEqual(['close', 'reopen']);
  });

  it('compares a preview with an earlier one too', async () => {
    const seen = await lookedAt(flip);
    expect(await flip({ dryRun: true }, seen)).toMatchObject({ exitCode: 0, seen });
    await promote('AQA', [topic('a'), topic('b'), topic('c')]);
    await refusal(flip({ dryRun: true }, seen));
  });
});

describe.each(ENGINES)('decisions about stage that are bound to their preview, on %s', (_, engine) => {
  let world: World;
  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const empty: Call = (context, seen) =>
    unload(world.context(context), {
      ...{ dataset: world.config.datasets.get('topics') as Dataset, period: JUNE, slice: null },
      ...{ ...WHO, ...(seen ? { seen } : {}) },
    });
  const board = async (name: string, rows: number) => {
    const select = `SELECT i AS id, '${name}' AS board, i + 1 AS _source_row FROM range(${rows}) AS r(i)`;
    await world.deliver({ dataset: 'topics', slice: `board=${name}`, select });
    await world.loadOne({ dataset: 'topics', slice: `board=${name}` });
  };
  const staged = () =>
    world.warehouse.read((session) =>
      session.query(sql`SELECT board, count(*) AS n FROM stage.topics GROUP BY board ORDER BY 1`),
    );

  it('empties the slices as they were seen, and none where one has other rows or another load by now', async () => {
    await board('AQA', 2);
    await board('OCR', 3);
    const seen = await lookedAt(empty);
    await board('OCR', 4);
    const told = await refusal(empty({}, seen));
    expect(told.message).toMatch(/Now: Would take 2 rows .* Would take 4 rows .*Nothing was changed/);
    expect(await staged()).toMatchObject([{ board: 'AQA' }, { board: 'OCR' }]);
    const now = await lookedAt(empty);
    const first = await empty({ runId: 'once' }, now);
    expect(first).toMatchObject({ status: 'done', rows: { deleted: 6 } });
    expect(await staged()).toEqual([]);
    expect(await empty({ runId: 'once' }, now)).toMatchObject({ exitCode: 0, rows: { deleted: 6 } });
  });

  it('withdraws a delivery with the consequences that were seen, and not with others', async () => {
    const first = await world.deliver({ select: cases(2, 'first') });
    const second = await world.deliver({ select: cases(3, 'second') });
    const take: Call = (context, seen) =>
      withdraw(world.context(context), { fileId: second, ...WHO, ...(seen ? { seen } : {}) });
    const seen = await lookedAt(take);
    await withdraw(world.context(), { fileId: first, ...WHO });
    const told = await refusal(take({}, seen));
    expect(told.message).toContain(`Now: Delivery ${second} would be withdrawn; no delivery counts now.`);
    const now = / --seen (\w+)$/.exec(told.hint)?.[1] as string;
    expect(await take({ runId: 'once' }, now)).toMatchObject({ status: 'done' });
    expect(await take({ runId: 'once' }, now)).toMatchObject({ status: 'done', exitCode: 0 });
    await refusal(take({}, now));
  });
});
