import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG, citizens, register } from './registers.ts';
import { filesIn, makeWorld, type World } from './world.ts';

const ADA = citizens([1, 'Ada', 10]);
const BEA = citizens([2, 'Bea', 20]);
const CY = citizens([3, 'Cy', 30]);
const BROKEN = citizens(['x', 'Nobody', 1]);

const log = async (world: World) =>
  (await world.query('SELECT file_id, path, status FROM meta.ingestion_log ORDER BY file_id')).map(
    ({ file_id, path, status }) => `${file_id} ${String(path).replace('data/landed/', '')} ${status}`,
  );
const staged = async (world: World, period = '2025-06') =>
  (
    await world.query(`SELECT citizen_id FROM stage.citizens WHERE _data_period = '${period}' ORDER BY 1`)
  ).map((row) => row.citizen_id);

describe('what counts as a delivery', () => {
  it('is new bytes, each once; the one before is superseded when the next has passed, and comes back by its number', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': ADA }));
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'done' });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
    utimesSync(join(world.root, 'data/landed/citizens_2025-06.csv'), 1, 1);
    expect(await world.json('ingest --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
    world.land('copy/citizens_2025-06.csv', ADA);
    expect(await world.json('ingest --all', 0)).toMatchObject({ exit_code: 0 });
    expect(await log(world)).toEqual([
      '1 citizens_2025-06.csv accepted',
      '2 copy/citizens_2025-06.csv duplicate',
    ]);

    world.land('citizens_2025-06.csv', BEA);
    await world.json('ingest --period 2025-06', 0);
    expect((await log(world))[0]).toBe('1 citizens_2025-06.csv accepted');
    await world.json('validate --period 2025-06', 0);
    expect((await log(world))[0]).toBe('1 citizens_2025-06.csv superseded');
    await world.json('load-stage --period 2025-06 --dataset citizens', 0);
    expect(await staged(world)).toEqual(['2']);
    expect(
      filesIn(world.root, 'data/stage/cleaned').filter((path) => path.endsWith('.parquet')),
    ).toHaveLength(2);

    const back = await world.json('load-stage --period 2025-06 --dataset citizens --file-id 1', 0);
    expect(back).toMatchObject({ status: 'done', file_id: 1, rows: { deleted: 1, inserted: 1 } });
    expect(await staged(world)).toEqual(['1']);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    expect(await staged(world)).toEqual(['1']);

    world.land('citizens_2025-06_v9.csv', CY);
    await world.json('run --period 2025-06', 0);
    expect(await staged(world)).toEqual(['3']);

    // The bytes of a superseded delivery are a delivery again.
    world.land('citizens_2025-06_v10.csv', ADA);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'done' });
    expect(await staged(world)).toEqual(['1']);
    expect((await log(world)).at(-1)).toMatch(/citizens_2025-06_v10\.csv accepted/);
  });

  it('keeps the passing one where a newer one is refused, and repeats that refusal until a better one comes', async () => {
    const world = makeWorld(register({ 'citizens_2025-06_v1.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    world.land('citizens_2025-06_v2.csv', BROKEN);
    for (let call = 0; call < 2; call++) {
      expect(await world.json('run --period 2025-06', 3)).toMatchObject({ status: 'refused' });
      expect(await staged(world)).toEqual(['1']);
    }
    expect(await log(world)).toEqual([
      '1 citizens_2025-06_v1.csv accepted',
      '2 citizens_2025-06_v2.csv accepted',
    ]);
    // The bytes that were refused are a delivery again under another name, and are refused again.
    world.land('citizens_2025-06_v3.csv', BROKEN);
    await world.json('run --period 2025-06', 3);
    expect((await log(world)).at(-1)).toBe('3 citizens_2025-06_v3.csv accepted');
    world.land('citizens_2025-06_v4.csv', BEA);
    const fixed = await world.json('run --period 2025-06', 0);
    expect(fixed).toMatchObject({ status: 'done', rows: { accepted: 1 } });
    expect(await staged(world)).toEqual(['2']);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
  });

  it('is ordered by version, 2 before 10, whatever the times of the files', async () => {
    const world = makeWorld(
      register({
        'citizens_2025-06_v10.csv': CY,
        'citizens_2025-06_v2.csv': BEA,
        'citizens_2025-06.csv': ADA,
      }),
    );
    utimesSync(join(world.root, 'data/landed/citizens_2025-06_v10.csv'), 1, 1);
    const { results } = await world.json('run --period 2025-06', 0);
    expect(results.length).toBeGreaterThan(3);
    expect(await log(world)).toEqual([
      '1 citizens_2025-06.csv superseded',
      '2 citizens_2025-06_v2.csv superseded',
      '3 citizens_2025-06_v10.csv accepted',
    ]);
    expect(await staged(world)).toEqual(['3']);
  });

  it('is blocked where two unseen files carry no version, until one is named', async () => {
    const world = makeWorld(
      register({ 'north/citizens_2025-06.csv': ADA, 'south/citizens_202506.csv': BEA }),
    );
    const blocked = await world.json('ingest --period 2025-06', 4);
    expect(blocked).toMatchObject({ status: 'blocked', hint: expect.stringMatching(/--file-path/) });
    expect(blocked.message).toMatch(/citizens_2025-06\.csv.*citizens_202506\.csv/);
    expect(await log(world)).toEqual([]);
    expect(await world.json('run --period 2025-06', 4)).toMatchObject({ status: 'blocked' });
    await world.json('ingest --file-path data/landed/south/citizens_202506.csv', 0);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'done' });
    expect(await staged(world)).toEqual(['2']);
  });

  it('is refused where its bytes already stand for another period, unless that is meant', async () => {
    const world = makeWorld(register({ 'citizens_2025-05.csv': ADA }));
    await world.json('run --period 2025-05', 0);
    world.land('citizens_2025-06.csv', ADA);
    const refused = await world.json('run --period 2025-06', 3);
    expect(refused.message).toMatch(/2025-05/);
    expect(refused.hint).toMatch(/--accept-same-bytes/);
    await world.json('ingest --period 2025-06 --accept-same-bytes', 2);
    const meant = [
      'ingest',
      '--period',
      '2025-06',
      '--accept-same-bytes',
      '--by',
      'Ada',
      '--reason',
      'nothing moved',
    ];
    expect(await world.json(meant, 0)).toMatchObject({ status: 'done' });
    await world.json('run --period 2025-06', 0);
    expect([await staged(world, '2025-05'), await staged(world)]).toEqual([['1'], ['1']]);
    expect(
      await world.query(
        "SELECT same_bytes_by, same_bytes_reason FROM meta.ingestion_log WHERE period = '2025-06' AND status = 'accepted'",
      ),
    ).toEqual([{ same_bytes_by: 'Ada', same_bytes_reason: 'nothing moved' }]);
  });

  it('stays when its file is taken out of landed', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    rmSync(join(world.root, 'data/landed/citizens_2025-06.csv'));
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    expect(await world.json('load-stage --period 2025-06 --dataset citizens --force', 0)).toMatchObject({
      rows: { deleted: 1, inserted: 1 },
    });
    expect(await staged(world)).toEqual(['1']);
  });
});

describe('datasets of every kind of period', () => {
  const REGIONS = 'code,name\nNO,North\nSO,South\n';
  const citizensIn = (region: string) => `Citizen ID,Name,Region,Income\n1,Ada,${region},10\n`;

  it('lists without a period serve every month, and a waiting one is taken first', async () => {
    const world = makeWorld({ config: CONFIG, landed: { 'citizens_2025-06.csv': citizensIn('no') } });
    const waiting = await world.json('run --period 2025-06', 5);
    expect(waiting.message).toMatch(/regions/);
    expect(filesIn(world.root, 'data/stage/rejected')).toEqual([]);
    world.land('regions.csv', REGIONS);
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT DISTINCT _data_period FROM core.regions')).toEqual([
      { _data_period: 'none' },
    ]);
    world.land('citizens_2025-07.csv', citizensIn('EA'));
    expect(await world.json('run --period 2025-07 --dataset citizens', 3)).toMatchObject({
      status: 'refused',
    });
    world.land('regions_v2.csv', `${REGIONS}EA,East\n`);
    expect(await world.json('run --period 2025-07 --dataset citizens', 0)).toMatchObject({ status: 'done' });
    expect(await world.query('SELECT code FROM core.regions ORDER BY 1')).toHaveLength(3);
  });

  it('slices are loaded one by one, and each replaces only itself', async () => {
    const landed = {
      'topics_AQA_2025-06.csv': 'topic,hours\nalgebra,4\n',
      'topics_OCR_2025-06.csv': 'topic,hours\nalgebra,5\nsets,1\n',
    };
    const world = makeWorld({ config: CONFIG, landed });
    const rows = () => world.query('SELECT board, topic, hours FROM stage.topics ORDER BY 1, 2');
    const run = await world.json('run --period 2025-06 --dataset topics', 0);
    expect(
      run.results
        .filter((one: { step: string }) => one.step === 'load-stage')
        .map((one: { slice: string }) => one.slice),
    ).toEqual(['board=AQA', 'board=OCR']);
    expect(await rows()).toEqual([
      { board: 'AQA', topic: 'algebra', hours: '4' },
      { board: 'OCR', topic: 'algebra', hours: '5' },
      { board: 'OCR', topic: 'sets', hours: '1' },
    ]);
    world.land('topics_OCR_2025-06.csv', 'topic,hours\nalgebra,9\n');
    world.land('topics_AQA_2025-06.csv', 'topic,hours\nalgebra,8\n');
    await world.json('run --period 2025-06 --dataset topics --slice board=OCR', 0);
    expect((await rows()).map((row) => `${row.board} ${row.hours}`)).toEqual(['AQA 4', 'OCR 9']);
    await world.json('run --period 2025-06', 0);
    expect(
      (await world.query('SELECT board, hours FROM core.topics ORDER BY 1')).map(
        (row) => `${row.board} ${row.hours}`,
      ),
    ).toEqual(['AQA 8', 'OCR 9']);
    for (const step of ['load-stage --force', 'transform', 'validate', 'ingest', 'run']) {
      const strange = await world.json(`${step} --period 2025-06 --dataset topics --slice bord=OCR`, 2);
      expect(strange.message, step).toMatch(/bord/);
    }
    // A slice that nothing was delivered for is nobody else's rows.
    expect(
      await world.json('load-stage --period 2025-06 --dataset topics --slice board=WJEC --force', 5),
    ).toMatchObject({ status: 'retry' });
    expect((await rows()).map((row) => `${row.board} ${row.hours}`)).toEqual(['AQA 8', 'OCR 9']);
    const parquet = filesIn(world.root, 'data/stage/cleaned').filter((path) => path.endsWith('.parquet'));
    expect(parquet[0]).toMatch(/topics\/2025-06\/topics_2025-06_AQA_\d+\.parquet$/);
  });

  it('slices are shown as people type them, and every command proposed is of that slice alone', async () => {
    const landed = { 'topics_A&B_2025-06.csv': 'topic,hours\nalgebra,4\n' };
    const world = makeWorld({ config: CONFIG, landed });
    await world.json('run --period 2025-06 --dataset topics', 0);
    const asked = await world.json('rollback --dataset topics --period 2025-06 --by Ada --reason wrong', 4);
    expect(asked.message).toMatch(/promotion 1 \(2025-06, board=A&B, transform\)/);
    await world.json('rollback --promotion 1 --yes --by Ada --reason wrong', 0);
    const held = await world.json('transform --period 2025-06 --dataset topics', 4);
    expect(held.hint).toContain("--dataset topics --slice 'board=A&B' --accept-guard rolled_back");
    const gone = await world.json('withdraw --file-id 1 --reason wrong --by Ada', 0);
    expect(gone.message).toContain(
      "unload --period 2025-06 --dataset topics --slice 'board=A&B' --by Ada --reason wrong",
    );
    await world.json('unload --period 2025-06 --dataset topics --by Ada --reason wrong', 0);
    const unloaded = await world.json('transform --period 2025-06 --dataset topics --slice board=A&B', 5);
    expect(unloaded.message).toContain('topics 2025-06 board=A&B was unloaded');
  });

  it('quarters and years are due in their last month alone', async () => {
    const landed = { 'returns_2025-Q4.csv': 'item,amount\na,1\n', 'accounts_2025.csv': 'item,amount\nb,2\n' };
    const world = makeWorld({ config: CONFIG, landed });
    for (const dataset of ['returns', 'accounts']) {
      const early = await world.json(`ingest --period 2025-11 --dataset ${dataset}`, 0);
      expect(early).toMatchObject({ status: 'skipped', message: expect.stringMatching(/due/) });
    }
    expect(await world.json('run --period 2025-11', 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json('run --period 2025-12', 0)).toMatchObject({
      status: 'done',
      rows: { accepted: 2 },
    });
    const stands = await world.query(
      'SELECT _data_period FROM core.returns UNION ALL SELECT _data_period FROM core.accounts',
    );
    expect(stands.map((row) => row._data_period)).toEqual(['2025-Q4', '2025']);
    expect(await world.json('load-stage --period 2025-Q4 --dataset returns', 0)).toMatchObject({
      status: 'skipped',
      period: '2025-Q4',
    });
    expect(await world.json('transform --period 2025 --dataset accounts', 0)).toMatchObject({
      status: 'skipped',
    });
  });
});
