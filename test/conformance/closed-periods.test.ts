import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { sql } from '../../src/sql/sql.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { publish } from '../../src/steps/publish.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const facts = (name: string, over: Parameters<typeof dataset>[1] = {}): Dataset => {
  const plain = dataset([field('no'), field('amount', { type: 'integer' })], {
    name,
    pattern: `${name}_{period}.csv`,
    ...over,
  });
  return { ...plain, core: { ...plain.core, table: name, key: ['no'], strategy: 'replace_period' } };
};
const payments = facts('payments');
const refunds = facts('refunds');
const returns = facts('returns', { period: 'quarter' });
const staff: Dataset = (() => {
  const plain = facts('staff');
  return { ...plain, core: { ...plain.core, strategy: 'history' as const } };
})();
const period = (text: string) => parsePeriod(text) as NonNullable<ReturnType<typeof parsePeriod>>;

describe.each(ENGINES)('closed periods on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [payments, refunds, returns, staff]);
    world.write(
      'models/mart/totals.sql',
      '-- grain: n\n-- mode: period\n-- period: month\n-- reads: core.payments\n' +
        'SELECT count(*) AS n FROM core.payments WHERE _data_period = :period\n',
    );
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const decide = (action: 'close' | 'reopen', text: string, name: string | null = null, dryRun = false) =>
    decidePeriod(world.context({ dryRun }), {
      action,
      period: period(text),
      dataset: name === null ? null : (world.datasets.get(name) as Dataset),
      reason: 'Audited',
      by: 'Vera',
    });
  const deliver = (name: string, text: string, amount = 1) => world.load(name, text, [{ no: 'a', amount }]);

  it('refuse promotions, with who closed them and why, until someone reopens them', async () => {
    await deliver('payments', '2025-06');
    expect(await decide('close', '2025-06')).toMatchObject({ status: 'done', exitCode: 0 });
    const refused = await world.transform('2025-06', ['payments']);
    expect(refused).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(refused.message).toMatch(/2025-06 is closed, by Vera on 2025-09-01: Audited/);
    expect(writeWords(refused.hint ?? '')).toMatch(/period reopen --period 2025-06 --by NAME --reason/);
    expect(await world.core('payments')).toEqual([]);
    await decide('reopen', '2025-06');
    expect(await world.transform('2025-06', ['payments'])).toMatchObject({ status: 'done' });
  });

  it('leave other periods and other datasets alone', async () => {
    for (const name of ['payments', 'refunds']) await deliver(name, '2025-06');
    await deliver('payments', '2025-07');
    await decide('close', '2025-06', 'payments');
    expect(await world.transform('2025-06', ['payments'])).toMatchObject({ exitCode: 4 });
    expect(await world.transform('2025-06', ['refunds'])).toMatchObject({ status: 'done' });
    expect(await world.transform('2025-07', ['payments'])).toMatchObject({ status: 'done' });
  });

  it('of a month take the quarter with them that ends in it', async () => {
    await deliver('returns', '2025-Q2');
    await decide('close', '2025-05');
    expect(await world.transform('2025-06', ['returns'], {}, { dryRun: true })).toMatchObject({
      exitCode: 0,
    });
    await decide('close', '2025-06');
    expect(await world.transform('2025-06', ['returns'])).toMatchObject({ exitCode: 4 });
    await decide('reopen', '2025-06', 'returns');
    expect(await world.transform('2025-06', ['returns'])).toMatchObject({ exitCode: 0 });
  });

  it('refuse to publish what a mart shows of them, and a scheduled call with nothing to do is no news', async () => {
    await deliver('payments', '2025-06');
    await world.transform('2025-06', ['payments']);
    await publish(world.context(), { period: period('2025-06') });
    await decide('close', '2025-06');
    const refused = await errorOf(publish(world.context(), { period: period('2025-06') }));
    expect([refused.code, refused.exitCode]).toEqual(['period-closed', 4]);
    expect(await publish(world.context(), { period: period('2025-06'), scheduled: true })).toMatchObject({
      status: 'skipped',
    });
    expect(await world.transform('2025-06', ['payments'], { scheduled: true })).toMatchObject({
      status: 'skipped',
    });
    await decide('reopen', '2025-06');
    await deliver('payments', '2025-06', 2);
    await decide('close', '2025-06');
    expect(await world.transform('2025-06', ['payments'], { scheduled: true })).toMatchObject({
      exitCode: 4,
    });
  });

  it('keep what the intervals of a history say of them, whatever other period is promoted or taken back', async () => {
    const tell = async (text: string, ...amounts: number[]) => {
      await world.load(
        'staff',
        text,
        amounts.map((amount, i) => ({ no: `p${i}`, amount })),
      );
      return world.transform(text, ['staff']);
    };
    const undo = async (message: string | null) => {
      const subject = { promotionId: Number(/^Promotion (\d+)/.exec(message ?? '')?.[1]) };
      const input = { subject, cascade: false, reason: 'why', by: 'Vera', confirm: null };
      return (await rollback(world.context(), input)).result;
    };
    const first = await tell('2025-01', 1, 1);
    await decide('close', '2025-03', 'staff');
    const april = await tell('2025-04', 2, 1);
    expect(april).toMatchObject({ status: 'done' });
    expect(await undo(writeWords(april.message ?? ''))).toMatchObject({ status: 'done' });
    expect(await tell('2025-02', 1, 1)).toMatchObject({ status: 'done' });
    const changed = await tell('2025-02', 1, 3);
    expect(changed).toMatchObject({ exitCode: 4 });
    expect(changed.message).toMatch(/2025-03 is closed for staff/);
    expect((await undo(writeWords(first.message ?? ''))).message).toMatch(/2025-03 is closed for staff/);
    expect(await tell('2025-05', 9)).toMatchObject({ status: 'done' });
    await decide('reopen', '2025-03', 'staff');
    expect(await tell('2025-02', 1, 3)).toMatchObject({ status: 'done' });
  });

  it('closed twice are closed once, and a dry run closes nothing', async () => {
    expect(await decide('close', '2025-06', null, true)).toMatchObject({ status: 'done' });
    expect(await world.rows(sql`SELECT * FROM meta.period_log`)).toEqual([]);
    await decide('close', '2025-06');
    expect(await decide('close', '2025-06')).toMatchObject({ status: 'skipped' });
    expect(await decide('close', '2025-06', 'payments')).toMatchObject({ status: 'skipped' });
    await decide('reopen', '2025-06', 'payments');
    expect(await decide('close', '2025-06')).toMatchObject({ status: 'done' });
    expect(await decide('reopen', '2025-07')).toMatchObject({ status: 'skipped' });
  });

  it('refuse a month that is none of a quarterly dataset', async () => {
    expect((await errorOf(decide('close', '2025-05', 'returns'))).code).toBe('usage');
  });
});
