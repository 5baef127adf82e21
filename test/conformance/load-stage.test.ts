import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { raw, sql } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import { ENGINES } from './empty-warehouses.ts';
import { cases, STAGE_CONFIG } from './world/stage-datasets.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('load-stage on %s', (_, engine) => {
  let world: World;

  beforeAll(async () => {
    world = await World.open(engine, STAGE_CONFIG);
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const notes = async () =>
    (await world.stage())
      .map((row) => `${row._data_period} ${row.note}`)
      .filter((one, i, all) => all.indexOf(one) === i);

  it('loads the first delivery of a period', async () => {
    const fileId = await world.deliver({ select: cases(3, 'first') });
    const result = await world.loadOne();
    expect(result).toMatchObject({ status: 'done', exitCode: 0, fileId, rows: { deleted: 0, inserted: 3 } });
    expect((await world.stage())[1]).toMatchObject({
      ...{ id: 1, note: 'first', amount: '0.25', _data_period: '2025-06', _file_id: fileId, _source_row: 3 },
    });
    const [log] = await world.warehouse.read((session) => session.query(sql`SELECT * FROM meta.load_log`));
    expect(log).toMatchObject({
      file_id: fileId,
      rows_deleted: 0,
      rows_inserted: 3,
      slice: '',
      forced: false,
    });
    expect((await world.stage())[0]?._load_id).toBe(log?.load_id);
  });

  it('replaces exactly the period of a new delivery and leaves every other as it was', async () => {
    await world.deliver({ period: '2025-05', select: cases(4, 'may') });
    await world.loadOne({ period: '2025-05' });
    await world.deliver({ period: '2025-07', select: cases(4, 'july') });
    await world.loadOne({ period: '2025-07' });
    await world.deliver({ select: cases(5, 'old') });
    await world.loadOne();
    const others = async () => (await world.stage()).filter((row) => row._data_period !== '2025-06');
    const before = await others();
    await world.deliver({ select: cases(2, 'new') });
    expect(await world.loadOne()).toMatchObject({ status: 'done', rows: { deleted: 5, inserted: 2 } });
    expect(await others()).toEqual(before);
    expect(await notes()).toEqual(['2025-05 may', '2025-06 new', '2025-07 july']);
  });

  it('has nothing to do a second time, unless forced or rows are gone', async () => {
    await world.deliver({ select: cases(3, 'once') });
    await world.loadOne();
    expect(await world.loadOne()).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.loadOne({ force: true })).toMatchObject({
      status: 'done',
      rows: { deleted: 3, inserted: 3 },
    });
    await world.warehouse.transaction((tx) => tx.execute(raw('DELETE FROM stage.cases WHERE id = 1')));
    expect(await world.loadOne()).toMatchObject({ status: 'done', rows: { deleted: 2, inserted: 3 } });
    expect(await world.stage()).toHaveLength(3);
  });

  it('changes nothing in a dry run and says what it would do', async () => {
    await world.deliver({ select: cases(3, 'old') });
    await world.loadOne();
    await world.deliver({ select: cases(2, 'new') });
    const result = await world.loadOne({}, world.context({ dryRun: true }));
    expect(result).toMatchObject({ status: 'done', rows: { deleted: 3, inserted: 2 } });
    expect(await notes()).toEqual(['2025-06 old']);
  });

  it('refuses a Parquet file that is not what was validated, and deletes nothing', async () => {
    await world.deliver({ select: cases(3, 'good') });
    await world.loadOne();
    const refused = async (what: Parameters<World['deliver']>[0], word: RegExp, damage = false) => {
      await world.deliver(what);
      const [row] = await world.warehouse.read((session) =>
        session.query<{ path: string }>(
          sql`SELECT parquet_path AS path FROM meta.validation_log ORDER BY validation_id DESC LIMIT 1`,
        ),
      );
      if (damage) appendFileSync(join(world.project.root, row?.path as string), 'x');
      const result = await world.loadOne();
      expect(result).toMatchObject({ status: 'refused', exitCode: 3 });
      expect(result.message).toMatch(word);
    };
    await refused({ select: cases(4, 'bytes') }, /bytes/, true);
    await refused({ select: cases(4, 'rows'), over: { rows: 5 } }, /4 rows, and 5/);
    await refused(
      { select: cases(4, 'month'), over: { footerPeriod: '2025-05' } },
      /tidemark.period = 2025-05/,
    );
    await refused({ select: 'SELECT CAST(1 AS BIGINT) AS id, 2 AS _source_row' }, /lacks the column note/);
    await refused(
      { select: `SELECT 'x' AS id, 'n' AS note, 1.5 AS amount, 2 AS _source_row` },
      /column id is VARCHAR/,
    );
    expect(await notes()).toEqual(['2025-06 good']);
  });

  it('leaves the table as it was when a row cannot be written', async () => {
    await world.deliver({ select: cases(3, 'good') });
    await world.loadOne();
    await world.deliver({
      select: `SELECT range AS id, 'bad' AS note, CAST(1 AS DECIMAL(12,2)) AS amount,
        CASE WHEN range < 99999 THEN range END AS _source_row FROM range(100000)`,
    });
    expect(await world.loadOne()).toMatchObject({ status: 'failed', exitCode: 1 });
    expect(await notes()).toEqual(['2025-06 good']);
  });

  it('refuses an empty delivery unless that is allowed', async () => {
    await world.deliver({ select: cases(3, 'full') });
    await world.loadOne();
    await world.deliver({ select: cases(0, 'none') });
    expect(await world.loadOne()).toMatchObject({ status: 'refused', exitCode: 3 });
    expect(await world.stage()).toHaveLength(3);
    expect(await world.loadOne({ allowEmpty: true })).toMatchObject({
      status: 'done',
      rows: { deleted: 3, inserted: 0 },
    });
    expect(await world.stage()).toHaveLength(0);
  });

  it('brings an older delivery back by its number and keeps it current until a newer one passes', async () => {
    const older = await world.deliver({ select: cases(2, 'older') });
    await world.loadOne();
    await world.deliver({ select: cases(3, 'newer') });
    await world.loadOne();
    expect(await world.loadOne({ fileId: older })).toMatchObject({ status: 'done', fileId: older });
    expect(await notes()).toEqual(['2025-06 older']);
    const listed = readFileSync(join(world.project.cleaned, 'datapackage.json'), 'utf8');
    expect(JSON.parse(listed).resources).toMatchObject([{ tidemark: { file_id: older, period: '2025-06' } }]);
    expect(await world.loadOne()).toMatchObject({ status: 'skipped', fileId: older });
    await world.deliver({ select: cases(1, 'newest') });
    await world.loadOne();
    expect(await notes()).toEqual(['2025-06 newest']);
  });

  it('takes a named file only where it is the current one', async () => {
    const path = async () => {
      const [row] = await world.warehouse.read((session) =>
        session.query<{ path: string }>(
          sql`SELECT parquet_path AS path FROM meta.validation_log ORDER BY validation_id DESC LIMIT 1`,
        ),
      );
      return join(world.project.root, row?.path as string);
    };
    await world.deliver({ select: cases(2, 'older') });
    const older = await path();
    await world.deliver({ select: cases(3, 'newer') });
    expect(await world.loadOne({ parquetPath: older })).toMatchObject({ status: 'refused' });
    expect(await world.loadOne({ parquetPath: await path() })).toMatchObject({ status: 'done' });
  });

  it('replaces a slice and leaves the others of its period alone', async () => {
    const board = (name: string, rows: number) => ({
      ...{ dataset: 'topics', slice: `board=${name}` },
      select: `SELECT range AS id, '${name}' AS board, range + 2 AS _source_row FROM range(${rows})`,
    });
    await world.deliver(board('AQA', 2));
    await world.deliver(board('OCR', 3));
    const both = await world.loadStage({ dataset: 'topics' });
    expect(both.map((result) => [result.slice, result.rows.inserted])).toEqual([
      ['board=AQA', 2],
      ['board=OCR', 3],
    ]);
    await world.deliver(board('AQA', 1));
    expect(await world.loadOne({ dataset: 'topics', slice: 'board=AQA' })).toMatchObject({
      rows: { deleted: 2, inserted: 1 },
    });
    expect((await world.stage('topics')).map((row) => row.board).sort()).toEqual([
      'AQA',
      'OCR',
      'OCR',
      'OCR',
    ]);
  });

  it('rolls back a file whose slice column holds another slice', async () => {
    await world.deliver({
      ...{ dataset: 'topics', slice: 'board=AQA' },
      select: `SELECT CAST(1 AS BIGINT) AS id, 'OCR' AS board, 2 AS _source_row`,
    });
    expect(await world.loadOne({ dataset: 'topics' })).toMatchObject({ status: 'refused' });
    expect(await world.stage('topics')).toEqual([]);
  });

  it('says what is missing where nothing can be loaded', async () => {
    expect(await world.loadOne()).toMatchObject({ status: 'retry', exitCode: 5 });
    expect(await world.loadOne({ named: false })).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.loadOne({ dataset: 'yearly' })).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await world.loadOne({ dataset: 'yearly', period: '2025-12' })).toMatchObject({ status: 'retry' });
    await world.deliver({ select: cases(2, 'good') });
    await world.deliver({ select: cases(1, 'bad'), over: { status: 'refused' } });
    expect(await world.loadOne()).toMatchObject({ status: 'refused', exitCode: 3 });
    expect(await world.stage()).toEqual([]);
  });

  it.each(['an empty', 'a full'])(
    'lets two callers load %s period at once and holds its rows once',
    async (state) => {
      if (state === 'a full') {
        await world.deliver({ select: cases(1000, 'before') });
        await world.loadOne();
      }
      await world.deliver({ select: cases(2000, 'after') });
      const options = { projectRoot: world.project.root, lockTimeoutMs: 20_000, environment: {} };
      const second = openWarehouse(world.opened.url, options);
      const results = await Promise.all([
        world.loadOne(),
        world.loadOne({}, world.context({ warehouse: second })),
      ]);
      await second.close();
      expect(results.map((result) => result.status).sort()).toEqual(['done', 'skipped']);
      expect(await world.stage()).toHaveLength(2000);
      expect(await notes()).toEqual(['2025-06 after']);
    },
  );

  it('loads different periods at the same time', async () => {
    const periods = ['2025-01', '2025-02', '2025-03'];
    for (const period of periods) await world.deliver({ period, select: cases(500, period) });
    const results = await Promise.all(periods.map((period) => world.loadOne({ period })));
    expect(results.map((result) => result.status)).toEqual(['done', 'done', 'done']);
    expect(await notes()).toEqual(periods.map((period) => `${period} ${period}`));
    expect(await world.stage()).toHaveLength(1500);
  });
});
