import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { historyOf } from '../../src/ledger/history.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { statusBoard } from '../../src/pipeline/status.ts';
import { raw } from '../../src/sql/sql.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { transform } from '../../src/steps/transform.ts';
import { unload } from '../../src/steps/unload.ts';
import { withdraw } from '../../src/steps/withdraw.ts';
import { ENGINES } from './empty-warehouses.ts';
import { cases, STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

const JUNE = parsePeriod('2025-06') as NonNullable<ReturnType<typeof parsePeriod>>;

describe.each(ENGINES)('withdraw and unload on %s', (_, engine) => {
  let world: World;

  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const query = (text: string) => world.warehouse.read((session) => session.query(raw(text)));
  const statuses = async () =>
    (await query('SELECT file_id, status FROM meta.ingestion_log ORDER BY file_id')).map((row) => row.status);
  const current = async () =>
    (await query('SELECT file_id FROM meta.current_delivery')).map((row) => row.file_id);
  const take = (fileId: number, over = {}) =>
    withdraw(world.context(over), { fileId, reason: 'wrong month', by: 'Sol' });
  const empty = (over: { dataset?: string; slice?: Record<string, string>; dryRun?: boolean } = {}) =>
    unload(world.context({ dryRun: over.dryRun ?? false }), {
      dataset: world.config.datasets.get(over.dataset ?? 'cases') as never,
      period: JUNE,
      slice: over.slice ? new Map(Object.entries(over.slice)) : null,
      reason: 'not ours',
      by: 'Vera',
    });
  const promoteJune = (named = true) =>
    transform(world.context(), {
      period: JUNE,
      datasets: [world.config.datasets.get('cases') as never],
      named,
      atomic: false,
      acceptGuards: [],
    });

  it('makes the delivery before current again; stage and core stay until the next steps', async () => {
    const first = await world.deliver({ select: cases(2, 'first') });
    await world.loadOne();
    const second = await world.deliver({ select: cases(3, 'second') });
    await world.loadOne();
    const result = await take(second);
    expect(result).toMatchObject({
      status: 'done',
      exitCode: 0,
      fileId: second,
      dataset: 'cases',
      period: '2025-06',
    });
    expect(writeWords(result.message ?? '')).toContain(`delivery ${first} is current`);
    expect(writeWords(result.message ?? '')).toContain(
      'tidemark load-stage --period 2025-06 --dataset cases',
    );
    expect(await current()).toEqual([first]);
    expect(await statuses()).toEqual(['accepted', 'withdrawn']);
    expect(await world.stage()).toHaveLength(3);
    expect(await promoteJune()).toMatchObject({ status: 'retry', exitCode: 5 });
    expect(await promoteJune(false)).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.loadOne()).toMatchObject({
      status: 'done',
      fileId: first,
      rows: { deleted: 3, inserted: 2 },
    });
    expect(await promoteJune()).toMatchObject({ status: 'done', rows: { added: 2 } });
  });

  it('leaves a target without a delivery where no other passed, and says so from then on', async () => {
    const only = await world.deliver({ select: cases(2, 'only') });
    await world.loadOne();
    await promoteJune();
    const result = await take(only);
    expect(writeWords(result.message ?? '')).toContain('no delivery counts now');
    expect(writeWords(result.message ?? '')).toContain('until rollback');
    expect(writeWords(result.message ?? '')).toContain('tidemark unload --period 2025-06 --dataset cases');
    expect(await current()).toEqual([]);
    expect(await world.loadOne()).toMatchObject({ status: 'retry', exitCode: 5 });
    const told = await promoteJune();
    expect(told).toMatchObject({ status: 'retry', exitCode: 5 });
    expect(told.message).toContain('was withdrawn');
    await expect(world.loadOne({ fileId: only })).rejects.toMatchObject({ code: 'file-refused' });
    // Core has its rows still, and the board tells of them.
    const board = await world.warehouse.read((session) =>
      statusBoard(session, world.project, world.config, {
        period: null,
        dataset: 'cases',
        slice: null,
        now: new Date(),
      }),
    );
    expect(board).toMatchObject([{ period: '2025-06', fileId: only, state: 'withdrawn' }]);
  });

  it('frees the way where a refused newest one is withdrawn, and leaves the current one where an older is', async () => {
    const old = await world.deliver({ select: cases(1, 'old') });
    const good = await world.deliver({ select: cases(2, 'good') });
    const bad = await world.deliver({ select: cases(3, 'bad'), over: { status: 'refused' } });
    expect(await world.loadOne()).toMatchObject({ status: 'refused' });
    expect(await take(bad)).toMatchObject({ status: 'done' });
    expect(await world.loadOne()).toMatchObject({ status: 'done', fileId: good });
    expect((await take(old)).message).toContain('the current delivery stays');
    expect(await current()).toEqual([good]);
    expect(await take(good)).toMatchObject({ status: 'done' });
    expect(await current()).toEqual([]);
  });

  it('takes the duplicates of a withdrawn delivery with it', async () => {
    const first = await world.take('cases_2025-06.csv', 'id,note,amount\n1,first,1\n');
    const twice = 'id,note,amount\n1,second,1\n';
    const second = await world.take('again/cases_2025-06.csv', twice);
    const copy = await world.land('copy/cases_2025-06.csv', twice);
    expect(copy).toMatchObject({ status: 'skipped' });
    const [logged] = await query("SELECT file_id FROM meta.ingestion_log WHERE status = 'duplicate'");
    expect(await take(logged?.file_id as number)).toMatchObject({ status: 'done', fileId: second });
    expect(await world.loadOne()).toMatchObject({ status: 'done', fileId: first });
    const board = await world.warehouse.read((session) =>
      statusBoard(session, world.project, world.config, {
        period: JUNE,
        dataset: 'cases',
        slice: null,
        now: new Date(),
      }),
    );
    expect(board).toMatchObject([{ fileId: first, state: 'to promote' }]);
  });

  it('has nothing to do a second time, changes nothing in a dry run, and refuses an unknown number', async () => {
    const first = await world.deliver({ select: cases(1, 'first') });
    const second = await world.deliver({ select: cases(2, 'second') });
    expect(await take(second, { dryRun: true })).toMatchObject({ status: 'done' });
    expect(await current()).toEqual([second]);
    expect(await statuses()).toEqual(['superseded', 'accepted']);
    await take(second);
    expect(await take(second)).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await query('SELECT kind, reason, decided_by FROM meta.decision_log')).toEqual([
      { kind: 'withdraw', reason: 'wrong month', decided_by: 'Sol' },
    ]);
    expect(await current()).toEqual([first]);
    await expect(take(9999)).rejects.toMatchObject({ code: 'unknown-delivery' });
  });

  it('empties exactly the period of the slice, and load-stage loads it again', async () => {
    await world.deliver({ period: '2025-05', select: cases(4, 'may') });
    await world.loadOne({ period: '2025-05' });
    const fileId = await world.deliver({ select: cases(3, 'june') });
    await world.loadOne();
    expect(await empty({ dryRun: true })).toMatchObject({ status: 'done', rows: { deleted: 3 } });
    expect(await world.stage()).toHaveLength(7);
    expect(await empty()).toMatchObject({
      status: 'done',
      exitCode: 0,
      fileId,
      rows: { deleted: 3, inserted: 0 },
    });
    expect((await world.stage()).map((row) => row._data_period)).toEqual(Array(4).fill('2025-05'));
    expect(await empty()).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.loadOne()).toMatchObject({
      status: 'done',
      fileId,
      rows: { deleted: 0, inserted: 3 },
    });
    expect(await world.loadOne()).toMatchObject({ status: 'skipped' });
  });

  it('leaves the other slices of the period', async () => {
    for (const board of ['AQA', 'OCR']) {
      const slice = `board=${board}`;
      await world.deliver({
        dataset: 'topics',
        slice,
        select: `SELECT 1::BIGINT AS id, '${board}' AS board, 2::BIGINT AS _source_row`,
      });
      await world.loadStage({ dataset: 'topics', slice });
    }
    expect(await empty({ dataset: 'topics', slice: { board: 'AQA' } })).toMatchObject({
      rows: { deleted: 1 },
    });
    expect((await world.stage('topics')).map((row) => row.board)).toEqual(['OCR']);
    expect(await empty({ dataset: 'topics' })).toMatchObject({ status: 'done', rows: { deleted: 1 } });
  });

  it('is no committed load: transform waits, core stays, and the reconciliation counts nothing in stage', async () => {
    await world.deliver({ select: cases(3, 'june') });
    await world.loadOne();
    await promoteJune();
    await empty();
    const waits = await promoteJune();
    expect(waits).toMatchObject({ status: 'retry', exitCode: 5 });
    expect(waits.message).toContain('unloaded');
    expect(await query('SELECT count(*) AS n FROM core.cases')).toEqual([{ n: 3 }]);
    const [one] = await world.warehouse.read((session) =>
      reconcile(session, [world.config.datasets.get('cases') as never], JUNE),
    );
    expect(one).toMatchObject({ loaded: null, staged: null, core: null, broken: [] });
    const [row] = await world.warehouse.read((session) =>
      statusBoard(session, world.project, world.config, {
        period: JUNE,
        dataset: 'cases',
        slice: null,
        now: new Date(),
      }),
    );
    expect(row).toMatchObject({ state: 'to load', rows: null });
  });

  it('leaves a closed period as it is', async () => {
    await world.deliver({ select: cases(3, 'june') });
    await world.loadOne();
    const about = { period: JUNE, dataset: null, reason: 'booked', by: 'Sol' };
    await decidePeriod(world.context(), { ...about, action: 'close' });
    expect(await empty()).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(await world.stage()).toHaveLength(3);
    await decidePeriod(world.context(), { ...about, action: 'reopen' });
    expect(await empty()).toMatchObject({ status: 'done', rows: { deleted: 3 } });
    const events = await world.warehouse.read((session) => historyOf(session, 'cases', '2025-06'));
    expect(events.slice(-3)).toMatchObject([
      { event: 'period closed', by: 'Sol', why: 'booked' },
      { event: 'period reopened' },
      { event: 'unload' },
    ]);
  });

  it('tells in the history who withdrew and unloaded what, and why', async () => {
    const fileId = await world.deliver({ select: cases(3, 'june') });
    await world.loadOne();
    await empty();
    await take(fileId);
    const events = await world.warehouse.read((session) => historyOf(session, 'cases', '2025-06'));
    expect(events.map((event) => event.event)).toEqual([
      'delivery',
      'validation',
      'load',
      'unload',
      'withdraw',
    ]);
    expect(events[3]).toMatchObject({ by: 'Vera', why: 'not ours', what: 'stage emptied of 3 rows' });
    expect(events[4]).toMatchObject({ by: 'Sol', why: 'wrong month', fileId });
  });
});
