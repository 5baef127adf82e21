import { describe, expect, it } from 'vitest';
import { citizens, MART, register, THREE } from './registers.ts';
import { copiesOf, makeWorld, type World } from './world.ts';

const marts = { files: { 'models/mart/incomes.sql': MART } };
const names = async (world: World) =>
  (await world.query('SELECT full_name FROM core.citizens ORDER BY citizen_id')).map((row) => row.full_name);

/** The register of June, promoted and published, then restated with another name in it. */
const restated = copiesOf(register({ 'citizens_2025-06.csv': THREE }, marts), async (world) => {
  await world.json('run --period 2025-06', 0);
  world.land(
    'citizens_2025-06_v2.csv',
    citizens([1, 'Ada King', 10], [2, 'Bea Byron', ''], [3, 'Cy Clark', 0]),
  );
  await world.json('run --period 2025-06', 0);
  expect(await names(world)).toEqual(['Ada King', 'Bea Byron', 'Cy Clark']);
});

describe('rollback', () => {
  it('shows what it would do and does nothing where nobody can be asked, and does it with --yes', async () => {
    const world = await restated();
    const asked = await world.json(
      'rollback --dataset citizens --period 2025-06 --by Vera --reason audit',
      4,
    );
    expect(asked).toMatchObject({ step: 'rollback', status: 'blocked', dataset: 'citizens' });
    expect(asked.rows).toMatchObject({ added: 0, modified: 1, removed: 0, cells: 1 });
    expect(asked.hint).toBe(
      'If this is right: tidemark rollback --promotion 2 --yes --by Vera --reason audit',
    );
    expect(asked.details.taken_back).toMatchObject([{ promotion_id: 2, by_promotion_id: null, cells: 1 }]);
    expect(await names(world)).toEqual(['Ada King', 'Bea Byron', 'Cy Clark']);
    const done = await world.json(
      ['rollback', '--promotion', '2', '--yes', '--reason', 'married name', '--by', 'Vera'],
      0,
    );
    expect(done).toMatchObject({ status: 'done', period: '2025-06' });
    expect(done.details.taken_back).toMatchObject([{ promotion_id: 2, by_promotion_id: 3 }]);
    expect(await names(world)).toEqual(['Ada Lovelace', 'Bea Byron', 'Cy Clark']);
    expect(
      await world.query(
        'SELECT kind, reason, decided_by FROM meta.promotion_log ORDER BY promotion_id DESC LIMIT 1',
      ),
    ).toEqual([{ kind: 'rollback', reason: 'married name', decided_by: 'Vera' }]);
  });

  it('holds what it took back in scheduled runs, makes marts stale, and lets another delivery pass', async () => {
    const world = await restated();
    await world.json('rollback --promotion 2 --yes --by Vera --reason audit', 0);
    const run = await world.json('run --period 2025-06', 4);
    expect(run.hint).toMatch(/--accept-guard rolled_back/);
    // What was taken back did nothing to core: the promotion before it is of another load.
    expect(run.details.reconciliation).toMatchObject([{ dataset: 'citizens', core: null }]);
    expect(await names(world)).toEqual(['Ada Lovelace', 'Bea Byron', 'Cy Clark']);
    world.land('citizens_2025-06_v3.csv', citizens([1, 'Ada L.', 10]));
    await world.json('run --period 2025-06', 0);
    expect(await names(world)).toEqual(['Ada L.', 'Bea Byron', 'Cy Clark']);
  });

  it('makes the marts stale that read the table, until they are published again', async () => {
    const world = await restated();
    const stale = async () => (await world.json('status', 0)).details.stale_marts;
    expect(await stale()).toEqual([]);
    await world.json('rollback --promotion 2 --yes --by Vera --reason audit', 0);
    expect(await stale()).toHaveLength(1);
    const { board } = (await world.json('status --period 2025-06', 0)).details;
    expect(board).toMatchObject([{ state: 'held' }]);
    await world.json('publish --period 2025-06', 0);
    expect(await stale()).toEqual([]);
  });

  it('is safe to repeat: with --yes it names the promotion to give, and with --run-id it answers what it did', async () => {
    const world = await restated();
    const call = 'rollback --dataset citizens --period 2025-06 --yes --by Vera --reason audit';
    const refused = await world.json(call, 2);
    expect(refused.message).toMatch(/^rollback --yes needs --promotion/);
    expect(refused.hint).toBe('Run: tidemark rollback --promotion 2 --yes --by Vera --reason audit');
    expect(await names(world)).toEqual(['Ada King', 'Bea Byron', 'Cy Clark']);
    const first = await world.json(`${call} --run-id night`, 0);
    expect(await world.json(`${call} --run-id night`, 0)).toEqual(first);
    expect(await names(world)).toEqual(['Ada Lovelace', 'Bea Byron', 'Cy Clark']);
    // Another run, and other arguments, are another call.
    expect((await world.json(call, 2)).hint).toContain('--promotion 1 --yes');
    await world.json(`${call.replace('audit', 'all')} --run-id night`, 0);
    expect(await names(world)).toEqual([]);
    expect((await world.json(`${call} --run-id late`, 0)).status).toBe('skipped');
    await world.json('run --period 2025-06 --through transform', 4);
    expect(await world.json(`${call} --run-id night`, 0)).toEqual(first);
  });

  it('that found nothing takes back nothing that is promoted since, when the same call is made again', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    const call = 'rollback --dataset citizens --period 2025-06 --yes --by Vera --reason audit --run-id night';
    const first = await world.json(call, 0);
    expect(first.status).toBe('skipped');
    await world.json('run --period 2025-06', 0);
    expect(await world.json(call, 0)).toEqual(first);
    expect(await names(world)).toHaveLength(3);
  });

  it('changes nothing in a dry run, and needs to know what to take back', async () => {
    const world = await restated();
    const dry = await world.json('rollback --promotion 2 --dry-run', 0);
    expect(dry.message).toBe('Would roll promotion 2 (2025-06, transform) back: 1 row set back (1 cell).');
    expect(await names(world)).toEqual(['Ada King', 'Bea Byron', 'Cy Clark']);
    await world.json('rollback', 2);
    await world.json('rollback --dataset citizens', 2);
    await world.json('rollback --promotion 2 --dataset citizens', 2);
    await world.json('rollback --promotion 77 --yes --by Vera --reason audit', 2);
    expect(
      await world.json('rollback --dataset citizens --period 2024-01 --yes --by Vera --reason audit', 0),
    ).toMatchObject({
      status: 'skipped',
      dataset: 'citizens',
    });
  });
});

describe('period close', () => {
  it('stops everything that would change the period until it is reopened, and the gate and the checks go on', async () => {
    const world = await restated();
    const decide = (action: string) => [
      'period',
      action,
      '--period',
      '2025-06',
      '--reason',
      'audit',
      '--by',
      'Vera',
    ];
    expect(await world.json(decide('close'), 0)).toMatchObject({ step: 'period close', status: 'done' });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    world.land('citizens_2025-06_v3.csv', citizens([1, 'Ada L.', 10]));
    await world.json('ingest --period 2025-06', 0);
    await world.json('validate --period 2025-06', 0);
    for (const command of [
      'load-stage --period 2025-06',
      'load-stage --period 2025-06 --dry-run',
      'transform --period 2025-06',
      'publish --period 2025-06',
      'rollback --promotion 2 --yes --by Vera --reason audit',
      'run --period 2025-06',
    ]) {
      const refused = await world.json(command, 4);
      expect(refused.message, command).toMatch(/2025-06 is closed, by Vera .*: audit/);
      expect(refused.hint, command).toMatch(/tidemark period reopen --period 2025-06/);
    }
    expect(await names(world)).toEqual(['Ada King', 'Bea Byron', 'Cy Clark']);
    await world.json(decide('reopen'), 0);
    await world.json('run --period 2025-06', 0);
    expect(await names(world)).toEqual(['Ada L.', 'Bea Byron', 'Cy Clark']);
  });

  it('needs a period, a reason and a name', async () => {
    const world = makeWorld(register());
    for (const [flags, missing] of [
      [['--reason', 'x', '--by', 'y'], '--period'],
      [['--period', '2025-06', '--by', 'y'], '--reason'],
      [['--period', '2025-06', '--reason', 'x'], '--by'],
    ] as const)
      expect((await world.json(['period', 'close', ...flags], 2)).message).toContain(missing);
  });
});
