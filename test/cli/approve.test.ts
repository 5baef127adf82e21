import { describe, expect, it } from 'vitest';
import { CITIZENS_ONLY, citizens, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

const reviewed = (landed: Record<string, string>) =>
  makeWorld({
    config: CITIZENS_ONLY.replace('strategy: upsert', 'strategy: upsert, review: required'),
    landed,
  });
const APPROVE = 'approve --dataset citizens --period 2025-06 --by Vera --reason checked';
/** As it was spelled before. */
const NOTED = 'approve --dataset citizens --period 2025-06 --by Vera --note';

describe('approve', () => {
  it('lets pass what was looked at, once, and nothing else', async () => {
    const world = reviewed({ 'citizens_2025-06.csv': THREE });
    const waiting = await world.json('run --period 2025-06', 4);
    expect(waiting.message).toMatch(/It waits for an approval/);
    expect(waiting.hint).toMatch(/tidemark approve --dataset citizens --period 2025-06 --by NAME/);
    const { details } = await world.json('diff --dataset citizens --period 2025-06', 0);
    await world.json('approve --dataset citizens --period 2025-06', 2);
    await world.json('approve --by Vera', 2);
    expect((await world.json(`${APPROVE} --note seen`, 2)).message).toContain('--note is the old spelling');
    expect((await world.json(APPROVE, 4)).hint).toContain(`--diff ${details.fingerprint}`);
    expect((await world.json(`${APPROVE} --diff 0123`, 4)).message).toMatch(/Now: 3 added/);
    expect(await world.json(`${NOTED} seen --diff ${details.fingerprint}`, 0)).toMatchObject({
      step: 'approve',
      status: 'done',
      rows: { added: 3 },
    });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    const { events } = (await world.json('history --dataset citizens', 0)).details;
    const approval = events.find((event: { event: string }) => event.event === 'approval');
    expect(approval).toMatchObject({ by: 'Vera', why: 'seen' });
    expect(approval.what).toMatch(/^3 added.*used by promotion 1$/);
  });

  it('is void at once when another delivery is loaded', async () => {
    const world = reviewed({ 'citizens_2025-06.csv': THREE });
    await world.json('run --period 2025-06', 4);
    await world.json(`${APPROVE} --yes`, 0);
    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 1]));
    expect((await world.json('run --period 2025-06', 4)).message).toMatch(
      /The approval by Vera of .* is void: other rows were loaded since/,
    );
    expect(await world.query('SELECT void_reason, spent_by FROM meta.approval_log')).toEqual([
      { void_reason: 'other rows were loaded since', spent_by: null },
    ]);
    await world.json('transform --period 2025-06 --accept-guard review --reason x --by y', 4);
  });

  it.each([
    [
      'a correction',
      'corrections were made or undone since, and wait to be loaded',
      (world: ReturnType<typeof reviewed>) =>
        world.json(
          [
            ...'correct --dataset citizens --period 2025-06 --key citizen_id=1 --set income=99 --expect'.split(
              ' ',
            ),
            ...['10', '--reason', 'typo', '--by', 'Ada'],
          ],
          0,
        ),
    ],
    [
      'another delivery',
      'another delivery has come since, and waits to be loaded',
      async (world: ReturnType<typeof reviewed>) => {
        world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 1]));
        await world.json('run --period 2025-06 --through validate', 0);
      },
    ],
  ])('is void where %s came that is not loaded yet', async (_what, why, comes) => {
    const world = reviewed({ 'citizens_2025-06.csv': THREE });
    await world.json('run --period 2025-06', 4);
    await world.json(`${APPROVE} --yes`, 0);
    await comes(world);
    expect((await world.json('transform --period 2025-06 --dataset citizens', 4)).message).toContain(why);
    expect(await world.query('SELECT void_reason FROM meta.approval_log')).toEqual([{ void_reason: why }]);
    expect(await world.query('SELECT count(*) AS n FROM core.citizens')).toEqual([{ n: '0' }]);
  });
});
