import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { stepResult } from '../../src/domain/result.ts';
import { NO_RETENTION, parseAge, type Retention } from '../../src/domain/retention.ts';
import { startRecord } from '../../src/lake/run-records.ts';
import { historyOf } from '../../src/ledger/history.ts';
import { logInvocation } from '../../src/ledger/runs.ts';
import { raw } from '../../src/sql/sql.ts';
import { prune } from '../../src/steps/prune.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { transform } from '../../src/steps/transform.ts';
import { ENGINES } from './empty-warehouses.ts';
import { cases, STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

const JUNE = parsePeriod('2025-06') as NonNullable<ReturnType<typeof parsePeriod>>;
/** By the clock of the tests, two years later. */
const IN_TWO_YEARS = new Date('2027-09-03T12:00:00Z');
const age = (text: string) => parseAge(text) as NonNullable<ReturnType<typeof parseAge>>;

describe.each(ENGINES)('prune on %s', (_, engine) => {
  let world: World;
  let dataset: Dataset;

  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
    dataset = world.config.datasets.get('cases') as Dataset;
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const query = (text: string) => world.warehouse.read((session) => session.query(raw(text)));
  const go = (policy: Partial<Retention>, over = {}, context = {}) =>
    prune(world.context({ clock: () => IN_TWO_YEARS, ...context }), {
      ...{ policy: { ...NO_RETENTION, ...policy }, dataset: null, includePromoted: false, apply: true },
      ...over,
    });
  const promote = () =>
    transform(world.context(), {
      period: JUNE,
      datasets: [dataset],
      named: true,
      atomic: false,
      acceptGuards: [],
    });
  const undo = async () =>
    (
      await rollback(world.context(), {
        subject: { dataset, period: JUNE, slice: new Map() },
        ...{ cascade: false, reason: 'why', by: 'Vera', confirm: null },
      })
    ).result;

  /** Deliveries with a report each; answers their file_ids. */
  async function deliver(count: number): Promise<number[]> {
    const ids: number[] = [];
    for (let i = 0; i < count; i++) {
      const id = await world.deliver({ select: cases(2 + i, `delivery ${i}`) });
      mkdirSync(join(world.project.reports, 'cases/2025-06', String(id)), { recursive: true });
      writeFileSync(join(world.project.reports, 'cases/2025-06', String(id), 'report.html'), 'report');
      ids.push(id);
    }
    return ids;
  }
  const has = (id: number) =>
    existsSync(join(world.project.cleaned, `cases/2025-06/cases_2025-06_${id}.parquet`)) &&
    existsSync(join(world.project.reports, `cases/2025-06/${id}/report.html`));

  it('tells what it would remove, and removes it only where that is asked for', async () => {
    const [first, second, third] = (await deliver(3)) as [number, number, number];
    const told = await go({ keepDeliveries: 2 }, { apply: false });
    expect(told.result).toMatchObject({ status: 'done', exitCode: 0 });
    expect(told.plan.deliveries).toMatchObject([{ file_id: first, bytes: expect.any(Number) }]);
    expect(told.plan.deliveries[0]?.paths).toHaveLength(2);
    await go({ keepDeliveries: 2 }, {}, { dryRun: true });
    expect([first, second, third].map(has)).toEqual([true, true, true]);
    expect((await go({ keepDeliveries: 2 })).plan.applied).toBe(true);
    expect([first, second, third].map(has)).toEqual([false, true, true]);
    expect(await go({ keepDeliveries: 2 })).toMatchObject({ result: { status: 'skipped' } });
    const events = await world.warehouse.read((session) => historyOf(session, 'cases', null));
    expect(events.at(-1)).toMatchObject({ event: 'prune', fileId: first, why: 'the newest 2 are kept' });
    expect(readdirSync(world.project.scratch)).toEqual([]);
  });

  it('brings back what a killed prune had moved aside, and then removes all of it', async () => {
    const [first] = (await deliver(2)) as [number];
    const aside = join(world.project.scratch, 'prune-999999999-abc');
    const parquet = `data/stage/cleaned/cases/2025-06/cases_2025-06_${first}.parquet`;
    mkdirSync(aside, { recursive: true });
    renameSync(join(world.project.root, parquet), join(aside, '0'));
    writeFileSync(join(aside, 'moves.json'), JSON.stringify([{ from: parquet, to: '0' }]));
    await go({ olderThan: age('3y') });
    expect(has(first)).toBe(true);
    expect(existsSync(aside)).toBe(false);
    expect((await go({ keepDeliveries: 1 })).plan.deliveries[0]?.paths).toHaveLength(2);
  });

  it('keeps what is younger than asked for', async () => {
    const [first] = (await deliver(2)) as [number];
    await go({ olderThan: age('3y') });
    expect(has(first)).toBe(true);
    await go({ olderThan: age('1y') });
    expect(has(first)).toBe(false);
  });

  it('never removes what is current, loaded or promoted, and what was promoted once only where asked', async () => {
    const [first] = (await deliver(1)) as [number];
    await world.loadOne();
    await promote();
    const [second, third] = (await deliver(2)) as [number, number];
    await world.loadOne({ fileId: second });
    // The first is promoted, the second current and loaded, the third the newest.
    const held = await go({ keepDeliveries: 1 });
    expect(held.result.status).toBe('skipped');
    expect([first, second, third].map(has)).toEqual([true, true, true]);
    await promote();
    const kept = await go({ keepDeliveries: 1 });
    expect(kept.plan.held).toMatchObject([{ file_id: first }]);
    expect(writeWords(kept.result.message ?? '')).toContain('--include-promoted');
    expect(has(first)).toBe(true);
    await go({ keepDeliveries: 1 }, { includePromoted: true });
    expect([first, second, third].map(has)).toEqual([false, true, true]);
    // What is left goes on working.
    expect(await world.loadOne({ fileId: third })).toMatchObject({ status: 'done' });
    expect(await promote()).toMatchObject({ status: 'done' });
  });

  it('removes before-images only by an age of their own, and the way back is then refused, not lost in silence', async () => {
    await deliver(1);
    await world.loadOne();
    await promote();
    await go({ olderThan: age('1m') });
    expect(await query('SELECT count(*) AS n FROM history.cases')).toEqual([{ n: 2 }]);
    const gone = await go({ journalOlderThan: age('1m') });
    expect(gone.plan.journal).toMatchObject([{ table: 'cases', rows: 2, promotions: [expect.any(Number)] }]);
    expect(gone.result.message).toContain('no longer be rolled back');
    expect(await query('SELECT count(*) AS n FROM history.cases')).toEqual([{ n: 0 }]);
    expect(await undo()).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(await query('SELECT count(*) AS n FROM core.cases')).toEqual([{ n: 2 }]);
    expect((await go({ journalOlderThan: age('1m') })).result.status).toBe('skipped');
  });

  it('removes records of old runs and what killed processes left, and keeps who saw personal data', async () => {
    const then = new Date('2024-01-01T00:00:00Z');
    const about = { runId: 'old run', step: 'validate', dataset: null, period: null };
    startRecord(world.project, about, then).finish('done', 0, {}, then);
    const recent = startRecord(world.project, { ...about, runId: 'new run' }, IN_TWO_YEARS);
    recent.finish('done', 0, {}, IN_TWO_YEARS);
    for (const message of ['Loaded.', 'Personal data was shown (--show-pii).']) {
      await world.warehouse.transaction((tx) =>
        logInvocation(tx, {
          ...{ runId: 'old run', version: '0', startedAt: then, finishedAt: then, resultText: '{}' },
          write: writeWords,
          result: stepResult({ step: 'diff', status: 'done', message }),
        }),
      );
    }
    const left = join(world.project.scratch, 'load-999999999-abc');
    mkdirSync(left, { recursive: true });
    utimesSync(left, then, then);
    const told = await go({ olderThan: age('1y') });
    expect(told.plan.runs).toMatchObject({ folders: 1, calls: 1 });
    expect(told.plan.leftovers.paths).toEqual(['data/stage/.scratch/load-999999999-abc']);
    expect(readdirSync(world.project.runs)).toEqual(['new%20run']);
    expect(existsSync(left)).toBe(false);
    expect((await query('SELECT message FROM meta.run_log')).map((row) => row.message)).toEqual([
      'Personal data was shown (--show-pii).',
    ]);
  });
});
