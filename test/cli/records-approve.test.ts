import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES } from './world.ts';

const REVIEWED = postingsConfig(', review: required');
const WHO = '--by Vera --reason checked --yes';
const all = 'records promote --dataset postings --all';

describe.each(ENGINES)('approval of records on %s', (engine) => {
  const world = async (config = REVIEWED) => {
    const made = await recordsPipeline(engine, config);
    await made.insert('postings', 'a', posting('1', 'Clerk'), posting('2', null));
    return made;
  };

  it('is needed, and the refusal leads to it', async () => {
    const made = await world();
    const stopped = await made.json(all, 4);
    expect([stopped.message, stopped.hint]).toEqual([
      '2 records wait for an approval. Nothing was promoted.',
      'Look: tidemark diff --dataset postings. If it is right: tidemark approve --dataset postings --all --by NAME --reason "…", and run again',
    ]);
    expect((await made.json('records promote --dataset postings --run a', 4)).hint).toContain(
      'tidemark approve --dataset postings --run a --by NAME',
    );
    const run = await made.json('run --period 2025-06', 4);
    expect(run.message).toBe('2 records wait for an approval. Nothing was promoted.');
    expect(await made.marks('postings')).toEqual(['waits', 'waits']);
  });

  it('takes exactly the records that were looked at; later ones wait for their own', async () => {
    const made = await world();
    const approved = await made.json(`approve --dataset postings --all ${WHO}`, 0);
    expect(approved.message).toBe(
      'Approved by Vera: 1 added; 0 unchanged. The records would be: 1 promoted, 1 failed.',
    );
    await made.insert('postings', 'a', posting('3', 'Guard'));
    const told = await made.json(all, 4);
    expect(told.message).toBe(
      'Promotion 1: 1 promoted, 1 failed. 1 record waits for an approval. Nothing was promoted.',
    );
    expect(told.records).toEqual({ promoted: 1, duplicate: 0, failed: 1, waiting: 0 });
    expect(await made.marks('postings')).toEqual(['promoted', 'failed', 'waits']);
    const [row] = await made.query('SELECT spent_by, note, decided_by, record_run FROM meta.approval_log');
    expect(row).toEqual({ spent_by: '1', note: 'checked', decided_by: 'Vera', record_run: null });
    expect(await made.query('SELECT staging_id FROM meta.approved_record ORDER BY 1')).toEqual([
      { staging_id: '1' },
      { staging_id: '2' },
    ]);
    await made.json(`approve --dataset postings --run a ${WHO}`, 0);
    expect((await made.json('run --period 2025-06', 0)).records).toMatchObject({ promoted: 1 });
    expect((await made.json(all, 0)).status).toBe('skipped');
    const history = await made.run('history --dataset postings');
    expect(history.stdout).toContain('used by promotion');
  });

  it('is void where a rule has changed since, and stays void', async () => {
    const made = await world();
    await made.json(`approve --dataset postings --all ${WHO}`, 0);
    made.configure(REVIEWED.replace('maxLength: 20', 'maxLength: 21'));
    const stopped = await made.json(all, 4);
    expect(stopped.message).toMatch(
      /^The approval by Vera of \d{4}-\d\d-\d\d is void: the rules of the dataset have changed since\. Nothing was promoted\.$/,
    );
    made.configure(REVIEWED);
    expect((await made.json(all, 4)).message).toContain('the rules of the dataset have changed since');
    expect(await made.marks('postings')).toEqual(['waits', 'waits']);
  });

  it('is void where core rows that it changes were touched since, and not where others were', async () => {
    const made = await world();
    await made.insert('postings', 'b', posting('1', 'Teller'));
    await made.insert('postings', 'c', posting('9', 'Cook'));
    for (const run of ['a', 'b', 'c']) await made.json(`approve --dataset postings --run ${run} ${WHO}`, 0);
    await made.json('records promote --dataset postings --run b', 0);
    const stopped = await made.json('records promote --dataset postings --run a', 4);
    expect(stopped.message).toContain('is void: core has changed since');
    await made.json('records promote --dataset postings --run c', 0);
    expect(await made.marks('postings')).toEqual(['waits', 'waits', 'promoted', 'promoted']);
  });

  it('is bound to the fingerprint that diff printed', async () => {
    const made = await world();
    const { fingerprint } = (await made.json('diff --dataset postings', 0)).details;
    await made.insert('postings', 'a', posting('3', 'Guard'));
    const refused = await made.json(`approve --dataset postings --all --diff ${fingerprint} ${WHO}`, 4);
    expect(refused.message).toBe(
      'What would be promoted is not what has that fingerprint. Now: 2 added; 0 unchanged. Nothing was approved.',
    );
    const now = (await made.json('diff --dataset postings', 0)).details.fingerprint;
    await made.json(`approve --dataset postings --all --diff ${now} ${WHO}`, 0);
    expect((await made.json(`approve --dataset postings --all --diff ${now} ${WHO}`, 0)).message).toBe(
      'Approved already, and unchanged since: 2 added; 0 unchanged.',
    );
    await made.json(all, 0);
  });

  it('for all runs is used as a whole, and a later one takes the place of one for a part', async () => {
    const made = await world();
    await made.insert('postings', 'b', posting('3', 'Guard'));
    await made.json(`approve --dataset postings --run a ${WHO}`, 0);
    await made.json(`approve --dataset postings --all ${WHO}`, 0);
    const stopped = await made.json('records promote --dataset postings --run a', 4);
    expect([stopped.message, stopped.hint]).toEqual([
      "Records of run 'a' are approved together with those of other runs (by Vera). Nothing was promoted.",
      `Promote all of them: tidemark ${all}`,
    ]);
    expect((await made.json(all, 0)).records).toEqual({ promoted: 2, duplicate: 0, failed: 1, waiting: 0 });
  });

  it('is used by a promotion that is bound to its preview', async () => {
    const made = await world();
    await made.json(`approve --dataset postings --run a ${WHO}`, 0);
    const { seen } = (await made.json(`${all} --dry-run`, 0)).details;
    expect(await made.query('SELECT spent_by FROM meta.approval_log')).toEqual([{ spent_by: null }]);
    await made.insert('postings', 'b', posting('3', 'Guard'));
    expect((await made.json(`${all} --seen ${seen}`, 4)).message).toContain('What would be done is not what');
    const only = 'records promote --dataset postings --run a';
    const own = (await made.json(`${only} --dry-run`, 0)).details.seen;
    await made.json(`${only} --seen ${own}`, 0);
    expect(await made.marks('postings')).toEqual(['promoted', 'failed', 'waits']);
  });

  it('is not needed where core would not change', async () => {
    const made = await world();
    await made.json(`approve --dataset postings --all ${WHO}`, 0);
    await made.json(all, 0);
    await made.insert('postings', 'b', posting('1', 'Clerk'), posting('7', null));
    const nothing = await made.json(`approve --dataset postings --all ${WHO}`, 0);
    expect(nothing.message).toBe('No difference; there is nothing to approve.');
    expect((await made.json(all, 0)).records).toEqual({ promoted: 0, duplicate: 1, failed: 1, waiting: 0 });
  });
});
