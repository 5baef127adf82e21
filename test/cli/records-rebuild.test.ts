import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES } from './world.ts';

const WHO = '--by Vera --reason rules';
const all = 'records promote --dataset postings --all';
const rebuild = `records rebuild --dataset postings ${WHO}`;
const CORE =
  'SELECT id, title, posting_id, _created_by_staging_id AS made, _updated_by_staging_id AS by FROM core.postings ORDER BY id';
/** Titles in capitals, and no longer than six characters. */
const STRICTER = postingsConfig().replace(
  'type: string, constraints: {required: true, maxLength: 20}}',
  'type: string, clean: [upper], constraints: {required: true, maxLength: 6}}',
);

describe.each(ENGINES)('records rebuild on %s', (engine) => {
  /** Records 1, 4 and 5 made rows, 2 failed, 3 was linked, 6 waits. */
  const world = async () => {
    const made = await recordsPipeline(engine, postingsConfig());
    await made.insert('postings', 'a', posting('1', 'Clerk'), posting('2', null), posting('1', 'Clerk'));
    await made.json(all, 0);
    await made.insert('postings', 'b', posting('2', 'CHEF'), posting('3', 'Accountant'));
    await made.json(all, 0);
    await made.insert('postings', 'c', posting('4', 'Guard'));
    return made;
  };

  it('makes core again by the rules of today, as one promotion with who and why', async () => {
    const made = await world();
    const before = await made.query(CORE);
    made.configure(STRICTER);
    const told = await made.json(rebuild, 0);
    expect(told.message).toBe(
      'Promotion 3: 1 modified, 1 removed, 1 unchanged. The records are: 2 promoted, 1 duplicate, 1 failed.',
    );
    expect(told.hint).toBe('To roll it back: tidemark rollback --promotion 3 --by NAME --reason "…"');
    expect(told.rows).toMatchObject({ added: 0, modified: 1, removed: 1, unchanged: 1, cells: 1 });
    expect(await made.query(CORE)).toEqual([{ ...before[0], title: 'CLERK', by: '3' }, { ...before[1] }]);
    expect(await made.marks('postings')).toEqual([
      ...['duplicate', 'failed', 'promoted', 'promoted', 'failed', 'waits'],
    ]);
    const [log] = await made.query(
      'SELECT kind, rows_removed, decided_by, reason FROM meta.promotion_log WHERE promotion_id = 3',
    );
    expect(log).toEqual({ kind: 'records', rows_removed: '1', decided_by: 'Vera', reason: 'rules' });
    const [unchanged] = await made.query(
      'SELECT promotion_id, attempt FROM stage.postings_records WHERE staging_id = 4',
    );
    expect(unchanged).toEqual({ promotion_id: '2', attempt: '2' });
  });

  it('is rolled back with the marks of its records, and the rollback too', async () => {
    const made = await world();
    const state = async () => [
      await made.query(CORE),
      await made.marks('postings'),
      await made.query(
        'SELECT promotion_id, promoted_to, promoted_at FROM stage.postings_records ORDER BY staging_id',
      ),
    ];
    const before = await state();
    made.configure(STRICTER);
    await made.json(rebuild, 0);
    const after = await state();
    const told = await made.json('rollback --promotion 3 --by Vera --reason wrong --yes', 0);
    expect(told.records).toMatchObject({ promoted: 2, duplicate: 1, held: 0 });
    expect(await state()).toEqual(before);
    await made.json('rollback --promotion 4 --by Vera --reason right --yes', 0);
    expect(await state()).toEqual(after);
    expect((await made.json(rebuild, 0)).message).toContain('Core does not change');
  });

  it('changes nothing of core where the rules make it as it is', async () => {
    const made = await world();
    const before = await made.query(CORE);
    const marks = await made.marks('postings');
    const told = await made.json(rebuild, 0);
    expect(told.message).toContain('Core does not change: 3 unchanged.');
    expect(await made.query(CORE)).toEqual(before);
    expect(await made.marks('postings')).toEqual(marks);
    expect(await made.query('SELECT max(promotion_id) AS n FROM meta.promotion_log')).toEqual([{ n: '2' }]);
  });

  it('gives rows another key where the rules do, and links the others to them', async () => {
    const made = await world();
    made.configure(postingsConfig().replace('{name: id, path: "$.job_id"', '{name: id, value: "one"'));
    await made.json(rebuild, 0);
    expect(await made.query('SELECT id, title FROM core.postings')).toEqual([
      { id: 'one', title: 'Accountant' },
    ]);
    expect(await made.marks('postings')).toEqual([
      ...['duplicate', 'failed', 'duplicate', 'duplicate', 'promoted', 'waits'],
    ]);
  });

  it('is shown first, and does then exactly that', async () => {
    const made = await world();
    const marks = await made.marks('postings');
    made.configure(STRICTER);
    const shown = await made.json('records rebuild --dataset postings --dry-run', 0);
    expect(shown.message).toContain('Core would change: 1 modified, 1 removed, 1 unchanged.');
    expect(await made.marks('postings')).toEqual(marks);
    made.configure(STRICTER.replace('maxLength: 6', 'maxLength: 60'));
    expect((await made.json(`${rebuild} --seen ${shown.details.seen}`, 4)).message).toContain(
      'Now: Core would change: 2 modified, 1 unchanged.',
    );
    made.configure(STRICTER);
    await made.json(`${rebuild} --seen ${shown.details.seen}`, 0);
  });

  it('is refused where texts are pruned, and needs who and why', async () => {
    const made = await world();
    expect((await made.json('records rebuild --dataset postings', 2)).message).toBe(
      'records rebuild needs --by and --reason.',
    );
    await made.execute([
      "UPDATE stage.postings_records SET raw_data = 'null', pruned_at = created_at WHERE staging_id = 1",
    ]);
    const refused = await made.json(rebuild, 2);
    expect(refused.message).toBe('The text of 1 record of postings is pruned. Core was not made again.');
    expect(await made.query('SELECT count(*) AS n FROM core.postings')).toEqual([{ n: '3' }]);
  });
});
