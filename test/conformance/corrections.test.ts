import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { writtenCorrection } from '../../src/cli/written-correction.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { historyOf } from '../../src/ledger/history.ts';
import { correctionList } from '../../src/pipeline/correction-list.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { statusBoard } from '../../src/pipeline/status.ts';
import { raw } from '../../src/sql/sql.ts';
import { correct, undoCorrection } from '../../src/steps/correct.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { transform } from '../../src/steps/transform.ts';
import { ENGINES } from './empty-warehouses.ts';
import { STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

const JUNE = parsePeriod('2025-06') as NonNullable<ReturnType<typeof parsePeriod>>;
const ABOUT = { dataset: 'people', period: '2025-06' };

/** Three people; the second one's income and name may be others. */
const people = (income = "'20.00'", name = "'Bea'", rows = 3) =>
  `SELECT id::BIGINT AS id, name, 'NO' AS region, income::DECIMAL(12,2) AS income, DATE '1990-02-01' AS born,
     (id + 1)::BIGINT AS _source_row
   FROM (VALUES (1, 'Ada', '10.00'), (2, ${name}, ${income}), (3, 'Cy', NULL)) AS x(id, name, income) WHERE id <= ${rows}`;

describe.each(ENGINES)('corrections on %s', (_, engine) => {
  let world: World;
  let dataset: Dataset;

  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
    dataset = world.config.datasets.get('people') as Dataset;
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const fix = async (set: string, expect: string, key = 'id=2', over = {}) =>
    correct(world.context(over), {
      ...{ dataset, period: JUNE, slice: null, reason: 'typing error', by: 'Sol' },
      written: writtenCorrection(dataset, { key, set, expect }),
    });
  const undo = (correctionId: number) =>
    undoCorrection(world.context(), { correctionId, reason: 'was right', by: 'Sol' });
  const load = (over = {}) => world.loadOne({ ...ABOUT, ...over });
  const deliver = (select: string) => world.deliver({ ...ABOUT, select });
  const incomes = async () => (await world.stage('people')).map((row) => row.income);
  const numbers = async () =>
    (await world.warehouse.read((session) => correctionList(session))).map((one) => one.correctionId);
  const query = (text: string) => world.warehouse.read((session) => session.query(raw(text)));
  const promote = () =>
    transform(world.context(), {
      ...{ period: JUNE, datasets: [dataset], named: true, atomic: false, acceptGuards: [] },
    });

  it('are laid over the rows by load-stage; the Parquet stays, and nothing else in the row changes', async () => {
    await deliver(people());
    await load();
    const parquet = async () => {
      const [row] = await query('SELECT parquet_path FROM meta.validation_log');
      return readFileSync(join(world.project.root, row?.parquet_path as string));
    };
    const before = await parquet();
    const rows = await world.stage('people');
    expect(await fix('income=22.5', '20')).toMatchObject({
      status: 'done',
      exitCode: 0,
      fileId: expect.any(Number),
    });
    expect(await incomes()).toEqual(['10.00', '20.00', null]);
    expect(await load()).toMatchObject({ status: 'done', rows: { deleted: 3, inserted: 3, corrected: 1 } });
    const [id] = (await query('SELECT max(load_id) AS id FROM meta.load_log')).map((row) => row.id);
    expect(await world.stage('people')).toEqual(
      rows.map((row) => ({ ...row, _load_id: id, income: row.id === 2 ? '22.50' : row.income })),
    );
    expect(await parquet()).toEqual(before);
    expect(await load()).toMatchObject({ status: 'skipped' });
  });

  it('are typed and cleaned as a cell of the file would be, blank included', async () => {
    await deliver(people());
    await fix('born=31/12/1989', '01/02/1990');
    await fix('region=so', 'NO');
    await fix('income=7', 'null', 'id=3');
    await fix('income=null', '10.00', 'id=1');
    await load();
    const [one, two, three] = await world.stage('people');
    expect(two).toMatchObject({ born: '1989-12-31', region: 'SO', income: '20.00' });
    expect([one?.income, three?.income]).toEqual([null, '7.00']);
  });

  it.each([
    ['a text that is none of the type', 'income=much', '20', 'id=2', 'correction-refused'],
    ['a value outside of the list', 'region=XX', 'NO', 'id=2', 'correction-refused'],
    ['a date of another form', 'born=1990-01-01', '01/02/1990', 'id=2', 'correction-refused'],
    ['more digits than there are', 'income=1.234', '20', 'id=2', 'correction-refused'],
    ['another value than the delivered one', 'income=22', '21', 'id=2', 'correction-refused'],
    ['a row that is not there', 'income=22', '20', 'id=77', 'correction-refused'],
    ['a key of another type', 'income=22', '20', 'id=two', 'correction-refused'],
    ['a field of the key', 'id=4', '2', 'id=2', 'usage'],
    ['a field nobody knows', 'incom=4', '2', 'id=2', 'usage'],
    ['a key that is not whole', 'income=4', '20', 'name=Bea', 'usage'],
  ])('are refused for %s, and nothing is logged', async (_why, set, old, key, code) => {
    await deliver(people());
    await expect(fix(set, old, key)).rejects.toMatchObject({ code });
    expect(await numbers()).toEqual([]);
    expect(await query('SELECT * FROM stage._corrections')).toEqual([]);
  });

  it('may break what the dataset only warns of', async () => {
    await deliver(people());
    expect(await fix('name=Beatrix the second of her name', 'Bea')).toMatchObject({ status: 'done' });
    expect(await load()).toMatchObject({ status: 'done', rows: { corrected: 1 } });
  });

  it('need a delivery that passed, and a primary key', async () => {
    await expect(fix('income=22', '20')).rejects.toMatchObject({ code: 'nothing-landed', exitCode: 5 });
    const cases = world.config.datasets.get('cases') as Dataset;
    await expect(
      correct(world.context(), {
        ...{ dataset: cases, period: JUNE, slice: null, reason: 'x', by: 'y' },
        written: writtenCorrection(cases, { key: 'id=1', set: 'note=b', expect: 'a' }),
      }),
    ).rejects.toMatchObject({ code: 'usage' });
  });

  it('survive a restatement that still holds the expected value, and are void and told where it does not', async () => {
    await deliver(people());
    await fix('income=22', '20');
    await load();
    await deliver(people("'20.00'", "'Beatrix'"));
    expect(await load()).toMatchObject({ status: 'done', rows: { corrected: 1 }, findings: { warning: 0 } });
    expect(await incomes()).toEqual(['10.00', '22.00', null]);
    await deliver(people("'25.00'"));
    const told = await load();
    expect(told).toMatchObject({
      status: 'done',
      exitCode: 0,
      rows: { corrected: 0 },
      findings: { warning: 1 },
    });
    expect(told.message).toContain('is void');
    expect(await incomes()).toEqual(['10.00', '25.00', null]);
    expect(await load()).toMatchObject({ status: 'skipped' });
    const [listed] = await world.warehouse.read((session) => correctionList(session));
    expect(listed?.state).toBe('void');
    await deliver(people("'20.00'", "'Bea'", 1));
    expect(await load()).toMatchObject({ status: 'done', rows: { inserted: 1 }, findings: { warning: 1 } });
  });

  it('that are made or undone make the load due again, and transform follows', async () => {
    await deliver(people());
    await load();
    await promote();
    await fix('income=22', '20');
    const board = () =>
      world.warehouse.read((session) =>
        statusBoard(session, world.project, world.config, {
          period: JUNE,
          dataset: 'people',
          slice: null,
          now: new Date(),
        }),
      );
    expect(await board()).toMatchObject([{ state: 'to load' }]);
    expect(await load()).toMatchObject({ status: 'done' });
    expect(await promote()).toMatchObject({ status: 'done', rows: { modified: 1, unchanged: 2, cells: 1 } });
    expect(await query('SELECT income FROM core.people WHERE id = 2')).toEqual([{ income: '22.00' }]);
    const [id] = await numbers();
    expect(await undo(id as number)).toMatchObject({ status: 'done' });
    expect(await undo(id as number)).toMatchObject({ status: 'skipped' });
    expect(await board()).toMatchObject([{ state: 'to load' }]);
    expect(await load()).toMatchObject({ status: 'done', rows: { corrected: 0 } });
    expect(await incomes()).toEqual(['10.00', '20.00', null]);
    expect(await promote()).toMatchObject({ status: 'done', rows: { modified: 1 } });
    expect(await board()).toMatchObject([{ state: 'promoted' }]);
  });

  it('of one cell follow each other; without the first the second is void', async () => {
    await deliver(people());
    await fix('income=22', '20');
    await fix('income=23', '22');
    await expect(fix('income=24', '20')).rejects.toMatchObject({ code: 'correction-refused' });
    await load();
    expect(await incomes()).toEqual(['10.00', '23.00', null]);
    await undo((await numbers())[0] as number);
    expect(await load()).toMatchObject({ rows: { corrected: 0 }, findings: { warning: 1 } });
    expect(await incomes()).toEqual(['10.00', '20.00', null]);
  });

  it('that break a check of the dataset stop the load, and leave stage as it was', async () => {
    await deliver(people());
    await load();
    await fix('income=-1', '20');
    const told = await load();
    expect(told).toMatchObject({ status: 'refused', exitCode: 3 });
    expect(told.message).toContain("'sound income' does not hold");
    expect(writeWords(told.hint ?? '')).toContain(`--undo ${(await numbers())[0]}`);
    expect(await incomes()).toEqual(['10.00', '20.00', null]);
  });

  it('are not made twice, change nothing in a dry run, and wait where the period is closed', async () => {
    await deliver(people());
    expect(await fix('income=22', '20', 'id=2', { dryRun: true })).toMatchObject({ status: 'done' });
    expect(await numbers()).toEqual([]);
    await fix('income=22', '20');
    expect(await fix('income=22', '20')).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await fix('income=10', '10', 'id=1')).toMatchObject({ status: 'skipped' });
    expect(await numbers()).toHaveLength(1);
    const about = { period: JUNE, dataset: null, reason: 'booked', by: 'Sol' };
    await decidePeriod(world.context(), { ...about, action: 'close' });
    await expect(fix('income=11', '10', 'id=1')).rejects.toMatchObject({ code: 'period-closed' });
    await expect(undo((await numbers())[0] as number)).rejects.toMatchObject({ code: 'period-closed' });
  });

  it('of two people who correct one cell at once, one is taken and the other is told', async () => {
    await deliver(people());
    const both = await Promise.allSettled([fix('income=22', '20'), fix('income=23', '20')]);
    expect(both.filter((one) => one.status === 'fulfilled' && one.value.status === 'done')).toHaveLength(1);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { code: 'correction-refused' },
    });
    expect(await numbers()).toHaveLength(1);
  });

  it('show nothing personal in messages, history or any log table', async () => {
    await deliver(people());
    const said = [await fix('name=Zenobia', 'Bea')];
    const wrong = await fix('name=Yolanda', 'Quentin', 'id=1').catch((error: Error) => error.message);
    expect(wrong).toContain('***');
    said.push(await load());
    expect((await world.stage('people'))[1]?.name).toBe('Zenobia');
    const events = await world.warehouse.read((session) => historyOf(session, 'people', '2025-06'));
    expect(events.map((event) => event.event)).toContain('correction');
    const logs = await query('SELECT * FROM meta.correction_log');
    const text = JSON.stringify([said, wrong, events, logs]);
    for (const name of ['Zenobia', 'Bea', 'Yolanda', 'Quentin', 'Ada']) expect(text).not.toContain(name);
  });

  it('stand in the reconciliation beside rows that add up', async () => {
    await deliver(people());
    await fix('income=22', '20');
    await fix('region=EA', 'NO');
    await load();
    const [one] = await world.warehouse.read((session) => reconcile(session, [dataset], JUNE));
    expect(one).toMatchObject({ accepted: 3, corrected: 1, loaded: 3, staged: 3, broken: [] });
  });
});
