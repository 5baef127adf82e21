import { describe, expect, it } from 'vitest';
import { citizens, register } from './registers.ts';
import { makeWorld, type World } from './world.ts';

const ADA = citizens([1, 'Ada', 10]);
const BEA = citizens([2, 'Bea', 20]);
const WHY = ['--reason', 'wrong month', '--by', 'Sol'];

const staged = async (world: World) =>
  (await world.query('SELECT citizen_id FROM stage.citizens ORDER BY 1')).map((row) => row.citizen_id);

describe('withdraw', () => {
  it('brings the delivery before back, and is not undone by the next scheduled run', async () => {
    const world = makeWorld(register({ 'citizens_2025-06_v1.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    world.land('citizens_2025-06_v2.csv', BEA);
    await world.json('run --period 2025-06', 0);
    expect(await staged(world)).toEqual(['2']);

    const told = await world.json(['withdraw', '--file-id', '2', ...WHY], 0);
    expect(told).toMatchObject({ step: 'withdraw', status: 'done', file_id: 2, dataset: 'citizens' });
    expect(told.message).toContain('Next: tidemark load-stage --period 2025-06 --dataset citizens');
    expect(await staged(world)).toEqual(['2']);
    await world.json('transform --period 2025-06 --dataset citizens', 5);

    for (let call = 0; call < 2; call++) await world.json('run --period 2025-06', 0);
    expect(await staged(world)).toEqual(['1']);
    expect(await world.json(['withdraw', '--file-id', '2', ...WHY], 0)).toMatchObject({ status: 'skipped' });

    // The bytes of a withdrawn delivery are a delivery again where a path did not hold them before.
    await world.json('ingest --file-path citizens_2025-06_v2.csv', 0);
    expect(await staged(world)).toEqual(['1']);
    world.land('citizens_2025-06_v3.csv', BEA);
    await world.json('run --period 2025-06', 0);
    expect(await staged(world)).toEqual(['2']);
    const history = await world.json('history --dataset citizens --period 2025-06', 0);
    const { events } = (history as unknown as { details: { events: { event: string; by: string }[] } })
      .details;
    expect(events.find((event) => event.event === 'withdraw')).toMatchObject({
      by: 'Sol',
      why: 'wrong month',
    });
  });

  it('leaves whoever asks for the dataset waiting where nothing counts any more', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    await world.json(['withdraw', '--file-id', '1', ...WHY], 0);
    expect((await world.json('run --period 2025-06 --dataset citizens', 5)).message).toContain('withdrawn');
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    expect(await world.json('status --period 2025-06', 0)).toMatchObject({
      details: { board: [{ dataset: 'citizens', state: 'withdrawn' }] },
    });
  });

  it('names the flag that is missing, and knows no delivery that is not there', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    expect((await world.json('withdraw --file-id 1 --reason late', 2)).message).toContain('--by');
    expect((await world.json('withdraw --by Sol --reason late', 2)).message).toContain('--file-id');
    await world.json(['withdraw', '--file-id', '77', ...WHY], 2);
  });
});

describe('unload', () => {
  it('empties the period; load-stage loads it again', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': ADA }));
    await world.json('run --period 2025-06', 0);
    expect((await world.json('unload --dataset citizens --period 2025-06', 2)).message).toContain('--reason');
    const unload = [
      'unload',
      '--dataset',
      'citizens',
      '--period',
      '2025-06',
      '--by',
      'Sol',
      '--reason',
      'not ours',
    ];
    expect(await world.json([...unload, '--dry-run'], 0)).toMatchObject({ rows: { deleted: 1 } });
    expect(await staged(world)).toEqual(['1']);
    expect(await world.json(unload, 0)).toMatchObject({
      step: 'unload',
      status: 'done',
      rows: { deleted: 1 },
    });
    expect(await staged(world)).toEqual([]);
    expect((await world.json('transform --period 2025-06 --dataset citizens', 5)).message).toContain(
      'unloaded',
    );
    expect(await world.query('SELECT count(*) AS n FROM core.citizens')).toEqual([{ n: '1' }]);
    expect(await world.json(unload, 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json('load-stage --dataset citizens --period 2025-06', 0)).toMatchObject({
      status: 'done',
    });
    expect(await staged(world)).toEqual(['1']);
  });
});
