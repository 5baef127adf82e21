import { describe, expect, it } from 'vitest';
import { type RecordsWorld, recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const CONFIG = `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: job, path: "$.job_id", type: string, constraints: {required: true, maxLength: 3}}
        - {name: title, type: string}
      primaryKey: job
    core: {key: job, strategy: upsert, identity: posting_id, on_duplicate: skip, rollout: staged}
`;
const WHY = ['--reason', 'wrong', '--by', 'Vera'];
const live = async (world: RecordsWorld) =>
  (await world.query('SELECT job FROM core.postings_live ORDER BY job')).map(({ job }) => job);

describe.each(ENGINES)('a dataset of records on %s', (engine) => {
  it('is a line of status, with what is to be done', async () => {
    const world = await recordsWorld(engine, CONFIG);
    const line = async () => {
      const { stdout } = await world.run('status');
      return stdout
        .split('\n')
        .filter((each) => each.startsWith('postings'))
        .map((each) => each.replaceAll(/ +/g, ' ').trim());
    };
    expect(await line()).toEqual(['postings none waiting nothing promoted yet']);
    await world.handOver('postings', [
      { job_id: 'a' },
      { job_id: 'a' },
      { job_id: 'too long' },
      { job_id: 'b' },
    ]);
    expect(await line()).toEqual(['postings none waiting 4 waiting, nothing promoted yet']);
    await world.promote('postings');
    await world.handOver('postings', [{ job_id: 'c' }, { job_id: 'd' }]);
    expect(await line()).toEqual([
      expect.stringMatching(/^postings none waiting 2 waiting, 1 failed, promotion 1 of 20\d\d-\d\d-\d\d$/),
    ]);
    const told = await world.json('status --dataset postings --period 2025-06', 0);
    expect(told.details.board).toEqual([]);
    expect(told.details.records).toMatchObject([
      { dataset: 'postings', state: 'waiting', waiting: 2, failed: 1, held: 0, promotionId: 1 },
    ]);
    expect(told.details.next).toEqual([
      'tidemark records promote --dataset postings --all',
      '1 record of postings failed: tidemark records export --dataset postings --failed --format xlsx --output postings_failed.xlsx says why.',
    ]);
    await world.json(
      'records export --dataset postings --failed --format xlsx --output postings_failed.xlsx',
      0,
    );
    await world.promote('postings');
    await world.json(['rollback', '--promotion', '2', ...WHY, '--yes'], 0);
    expect((await world.json('status', 0)).details.next).toContain(
      '2 records of postings are held, because the promotion was rolled back: tidemark records retry --dataset postings --all lets them wait again.',
    );
    await world.json('records retry --dataset postings --all', 0);
    expect((await world.json('status', 0)).details.records).toMatchObject([
      { held: 0, failed: 0, waiting: 3 },
    ]);
    await world.promote('postings');
    await world.write('DELETE FROM stage.postings_records WHERE failed OR held_by IS NOT NULL');
    expect((await world.json('status', 0)).details.records).toMatchObject([
      { state: 'promoted', promotionId: 4 },
    ]);
  });

  it('has its promotions and rollbacks in history, of every period', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [{ job_id: 'a' }, { job_id: 'b' }]);
    await world.promote('postings');
    await world.json(['rollback', '--promotion', '1', ...WHY, '--yes'], 0);
    for (const period of [[], ['--period', '2025-06']]) {
      const told = await world.json(['history', '--dataset', 'postings', ...period], 0);
      expect(told.details.events).toMatchObject([
        { event: 'promotion of records', id: 1, what: expect.stringMatching(/2 added.*; rolled back by 2$/) },
        {
          event: 'rollback',
          id: 2,
          what: expect.stringMatching(/^rolls back 1, /),
          by: 'Vera',
          why: 'wrong',
        },
      ]);
    }
  });

  it('stays out of sight where its rollout is staged, until go-live, which a rollback takes back alone', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [{ job_id: 'a' }, { job_id: 'b' }]);
    await world.promote('postings');
    expect(await live(world)).toEqual([]);
    const trial = await world.json(['go-live', '--dataset', 'postings', ...WHY, '--dry-run'], 0);
    expect(trial.message).toBe('Would make 2 rows of core.postings live.');
    await world.json(['go-live', '--dataset', 'postings', ...WHY, '--where', "job = 'a'"], 0);
    expect(await live(world)).toEqual(['a']);
    await world.json(['go-live', '--dataset', 'postings', ...WHY, '--period', '2025-06'], 0);
    expect(await live(world)).toEqual(['a', 'b']);
    await world.handOver('postings', [{ job_id: 'a', title: 'again' }, { job_id: 'c' }]);
    await world.promote('postings');
    expect(await live(world)).toEqual(['a', 'b']);
    const marks = await world.marks('postings');
    const back = await world.json(['rollback', '--promotion', '3', ...WHY, '--yes'], 0);
    expect(back.message).toBe(
      'Promotion 5 rolled promotion 3 (postings, go-live) back: 1 row set back (0 cells).',
    );
    expect(await live(world)).toEqual(['a']);
    expect(await world.marks('postings')).toEqual(marks);
    const all = await world.json(['rollback', '--promotion', '1', ...WHY, '--cascade', '--yes'], 0);
    expect(all.records).toMatchObject({ held: 2, waiting: 1 });
    expect(await world.query('SELECT job FROM core.postings')).toEqual([{ job: 'c' }]);
  });

  it('is refused by commands for files, with what to do instead', async () => {
    const world = await recordsWorld(engine, CONFIG);
    const refused = async (args: string) => {
      const { message, hint } = await world.json(args.split(' '), 2);
      expect(message, args).toBe("Dataset 'postings' takes records from scripts, and has no files.");
      return hint;
    };
    const of = '--dataset postings --period 2025-06';
    const who = '--reason x --by Vera';
    expect(await refused(`report ${of}`)).toContain('tidemark records export --dataset postings --failed');
    expect(await refused(`unload ${of} ${who}`)).toContain('tidemark rollback --dataset postings');
    const better = 'tidemark records submit --dataset postings';
    expect(await refused(`correct ${of} --key job=a --set title=x --expect null ${who}`)).toContain(better);
    expect(await refused('correct --list --dataset postings')).toContain('tidemark records retry');
    expect(await refused('ingest --dataset postings')).toContain(better);
    expect(await refused(`validate ${of}`)).toContain(better);
    expect(await refused(`load-stage ${of}`)).toContain(better);
    expect(await refused(`transform ${of}`)).toContain(better);
    const closing = await world.json(`period close ${of} ${who}`.split(' '), 2);
    expect(closing.message).toContain('it cannot be closed');
  });

  it('does not stop commands that look at everything, and is promoted whatever period is closed', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [{ job_id: 'a' }]);
    await world.promote('postings');
    for (const args of ['doctor', 'correct --list', 'config check', 'validate --period 2025-06'])
      expect((await world.run(args)).code, args).toBe(0);
    await world.json(['period', 'close', '--period', '2025-06', ...WHY], 0);
    await world.json(['withdraw', '--file-id', '1', ...WHY], 2);
    await world.json('report --file-id 1', 2);
    await world.json('export core.postings --format csv --file core.csv', 0);
    await world.json('export stage.postings_records --format csv --file records.csv', 0);
    await world.handOver('postings', [{ job_id: 'b' }]);
    expect(await world.promote('postings')).toBe(2);
  });
});
