import { describe, expect, it } from 'vitest';
import { citizens, register, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

const WHO = '--by Vera --reason audit';
const STAGED = `version: 1
datasets:
  topics:
    source: {filename: "topics_{period}.csv"}
    schema: {primaryKey: topic, fields: [{name: topic}]}
    core: {strategy: upsert, rollout: staged}
`;

describe('a decision with --seen', () => {
  it('does what its dry run printed, without a question, and only that', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    world.land(
      'citizens_2025-06_v2.csv',
      citizens([1, 'Ada King', 10], [2, 'Bea Byron', ''], [3, 'Cy Clark', 0]),
    );
    await world.json('run --period 2025-06', 0);
    const names = async () =>
      (await world.query('SELECT full_name FROM core.citizens ORDER BY citizen_id')).map(
        (row) => row.full_name,
      );
    const call = 'rollback --dataset citizens --period 2025-06';

    const dry = await world.json(`${call} --dry-run`, 0);
    const { seen } = dry.details;
    expect(seen).toMatch(/^[0-9a-f]{16}$/);
    expect((await world.run(`${call} --dry-run`)).stdout.trimEnd().split('\n').at(-1)).toBe(
      `To do exactly this: --seen ${seen}`,
    );

    const other = await world.json(`${call} ${WHO} --seen 0123456789abcdef`, 4);
    expect(other.message).toBe(
      'What would be done is not what has the fingerprint 0123456789abcdef. Now: Would roll promotion 2 ' +
        '(2025-06, transform) back: 1 row set back (1 cell). Nothing was changed.',
    );
    expect(other.hint).toBe(
      `Look again: tidemark ${call} --dry-run. If it is right: tidemark ${call} ${WHO} --seen ${seen}`,
    );
    expect(await names()).toContain('Ada King');

    const done = await world.json(`${call} ${WHO} --seen ${seen}`, 0);
    expect(done).toMatchObject({ status: 'done', details: { taken_back: [{ promotion_id: 2 }] } });
    expect(done.details.seen).toBeUndefined();
    expect(await names()).toContain('Ada Lovelace');
    // Made again, it would mean the promotion before.
    expect(await world.json(`${call} ${WHO} --seen ${seen}`, 4)).toMatchObject({ status: 'blocked' });
    // Where nothing is left to decide, no decision is proposed.
    const late = await world.json(`rollback --promotion 2 ${WHO} --seen ${seen}`, 4);
    expect(late).toMatchObject({
      message: expect.stringContaining('Promotion 2 was rolled back already'),
      hint: 'Look again: tidemark rollback --promotion 2 --dry-run.',
    });
    expect(await names()).toContain('Ada Lovelace');
  });

  it.each([
    'rollback --promotion 1',
    'go-live --dataset topics',
    'transform --period 2025-06 --dataset topics',
    'withdraw --file-id 1',
    'unload --dataset topics --period 2025-06',
    'period close --period 2025-06',
    'period reopen --period 2025-06',
  ])('takes the fingerprint of its dry run, and no other: %s', async (call) => {
    const world = makeWorld({ config: STAGED, landed: { 'topics_2025-06.csv': 'topic\na\nb\n' } });
    await world.json(`run --period 2025-06${call.startsWith('transform') ? ' --through load-stage' : ''}`, 0);
    if (call.startsWith('period reopen')) await world.json(`period close --period 2025-06 ${WHO}`, 0);
    const decision = call.startsWith('transform') ? call : `${call} ${WHO}`;
    const { seen } = (await world.json(`${call} --dry-run`, 0)).details;
    const refused = await world.json(`${decision} --seen ffffffffffffffff`, 4);
    expect(refused.hint).toBe(
      `Look again: tidemark ${call} --dry-run. If it is right: tidemark ${decision} --seen ${seen}`,
    );
    expect((await world.json(`${call} --dry-run`, 0)).details.seen).toBe(seen);
    const first = await world.json(`${decision} --seen ${seen} --run-id once`, 0);
    expect(first.status).toBe('done');
    expect(await world.json(`${decision} --seen ${seen} --run-id once`, 0)).toMatchObject({
      status: 'done',
      message: first.message,
    });
  });

  it('is not there where nobody asked for it: without, a decision and its result are as ever', async () => {
    const world = makeWorld({ config: STAGED, landed: { 'topics_2025-06.csv': 'topic\na\nb\n' } });
    await world.json('run --period 2025-06', 0);
    const done = await world.json(`go-live --dataset topics ${WHO}`, 0);
    expect(done).not.toHaveProperty('details');
    const kept = await world.query('SELECT answer FROM meta.answer_log');
    expect(kept.filter(({ answer }) => String(answer).includes('seen'))).toEqual([]);
  });
});
