import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { FOUR_TABLES, posting } from './four-tables.ts';
import { RecordsWorld } from './records-world.ts';

describe.each(ENGINES)('records promote, where records refer to rows, on %s', (_, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, FOUR_TABLES);
  });
  beforeEach(() => world.reset());
  afterAll(async () => {
    await world.close();
    await engine.stop();
  });

  /** The surrogate key of a posting that is promoted here. */
  async function promoted(id: string): Promise<number> {
    await world.insert('postings', 'r', posting(id, 'Title'));
    await world.counts('postings');
    const rows = await world.core('postings', 'external_job_id', 'posting_id');
    return Number(rows.find((row) => row.external_job_id === id)?.posting_id);
  }

  it('takes a reference to the surrogate key of a posting', async () => {
    const id = await promoted('a');
    await world.insert('profile_skills', 'r', { posting_id: id, skill: 'SQL', level: 3 });
    expect(await world.counts('profile_skills')).toEqual({
      promoted: 1,
      duplicate: 0,
      failed: 0,
      waiting: 0,
    });
    expect(await world.core('profile_skills')).toMatchObject([{ posting_id: id, skill: 'SQL', level: 3 }]);
  });

  it('judges a record whose posting is not there again with each promote, and tells its error once', async () => {
    const before = await promoted('a');
    await world.insert('profile_skills', 'r', { posting_id: before + 1, skill: 'SQL', level: 3 });
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await world.counts('profile_skills')).toEqual({
        promoted: 0,
        duplicate: 0,
        failed: 1,
        waiting: 0,
      });
      expect(await world.marks('profile_skills')).toMatchObject([
        { mark: 'failed waits', errors: ['1:posting_id:foreign-key'] },
      ]);
    }
    expect(await promoted('b')).toBe(before + 1);
    expect(await world.counts('profile_skills')).toEqual({
      promoted: 1,
      duplicate: 0,
      failed: 0,
      waiting: 0,
    });
    expect(await world.marks('profile_skills')).toMatchObject([
      { mark: 'promoted', errors: ['1:posting_id:foreign-key'] },
    ]);
  });

  it('does not wait for the posting of a record that has another fault too', async () => {
    await world.insert('profile_skills', 'r', { posting_id: 99_999, skill: 'SQL', level: 9 });
    await world.counts('profile_skills');
    expect(await world.words('profile_skills')).toEqual(['failed']);
    expect(await world.counts('profile_skills')).toEqual({
      promoted: 0,
      duplicate: 0,
      failed: 0,
      waiting: 0,
    });
  });

  it('resolves the natural key of a posting, and waits for one that is not there', async () => {
    const id = await promoted('a');
    await world.insert('job_skills', 'r', { job_id: 'a', skill: 'SQL' }, { job_id: 'late', skill: 'SQL' });
    expect(await world.counts('job_skills')).toEqual({ promoted: 1, duplicate: 0, failed: 1, waiting: 0 });
    expect(await world.words('job_skills')).toEqual(['promoted', 'failed waits']);
    const late = await promoted('late');
    expect(await world.counts('job_skills')).toEqual({ promoted: 1, duplicate: 0, failed: 0, waiting: 0 });
    expect(await world.core('job_skills', 'job_id', 'posting_id')).toEqual([
      { job_id: 'a', posting_id: id },
      { job_id: 'late', posting_id: late },
    ]);
  });

  it('finds the broader alias in the batch, in any order, and in core', async () => {
    const alias = (name: string, broader: string | null, code: string) => ({ alias: name, broader, code });
    await world.insert('skill_aliases', 'r', alias('sql', 'data', '1'), alias('data', null, '2'));
    expect(await world.counts('skill_aliases')).toEqual({ promoted: 2, duplicate: 0, failed: 0, waiting: 0 });
    await world.insert('skill_aliases', 'r', alias('psql', 'sql', '3'), alias('odd', 'nowhere', '4'));
    expect(await world.counts('skill_aliases')).toMatchObject({ promoted: 1, failed: 1 });
    expect((await world.marks('skill_aliases')).at(-1)?.errors).toEqual(['1:broader:hierarchy-parent']);
  });

  it('refuses aliases that are above each other in a circle', async () => {
    await world.insert(
      'skill_aliases',
      'r',
      { alias: 'a', broader: 'b', code: '1' },
      { alias: 'b', broader: 'a', code: '2' },
      { alias: 'c', broader: null, code: '3' },
    );
    expect(await world.counts('skill_aliases')).toMatchObject({ promoted: 1, failed: 2 });
  });

  it('refuses a value that occurs twice in the batch or stands in core under another key', async () => {
    const alias = (name: string, code: string | null) => ({ alias: name, broader: null, code });
    await world.insert(
      'skill_aliases',
      'r',
      alias('a', '1'),
      alias('b', '2'),
      alias('c', '2'),
      alias('d', null),
    );
    expect(await world.counts('skill_aliases')).toMatchObject({ promoted: 2, failed: 2 });
    await world.insert('skill_aliases', 'r', alias('e', '1'), alias('f', '3'), alias('g', null));
    expect(await world.counts('skill_aliases')).toMatchObject({ promoted: 2, failed: 1 });
    expect(await world.core('skill_aliases', 'alias')).toEqual(
      ['a', 'd', 'f', 'g'].map((name) => ({ alias: name })),
    );
  });

  it('takes a record with the unique value of its own row: that is the row, not another one', async () => {
    const record = { alias: 'a', broader: null, code: '1' };
    await world.insert('skill_aliases', 'r', record, record);
    await world.counts('skill_aliases');
    await world.insert('skill_aliases', 'r', record);
    await world.counts('skill_aliases');
    expect(await world.words('skill_aliases')).toEqual(['promoted', 'duplicate', 'duplicate']);
  });

  it('refuses members that no field reads where the dataset says so, and names them', async () => {
    const record = { alias: 'a', broader: null, code: '1' };
    await world.insert('skill_aliases', 'r', { ...record, alias: 'b', code: '2', 'odd one': 1 }, record);
    const { told } = await world.promote('skill_aliases');
    expect(await world.words('skill_aliases')).toEqual(['failed', 'promoted']);
    expect(told[0]?.reasons.join()).toContain('odd one');
  });

  it('warns of members that no field reads where the dataset says so, and ignores them elsewhere', async () => {
    await promoted('a');
    await world.insert(
      'job_skills',
      'r',
      { job_id: 'a', skill: 'x', odd: 1 },
      { job_id: 'a', skill: 'y', odd: 2 },
    );
    const warned: string[] = [];
    const log = { ...world.context().log, warn: (text: string) => void warned.push(text) };
    await world.promote('job_skills', {}, { log });
    expect(warned).toEqual(['job_skills: no field reads odd (2 records).']);
    await world.insert('postings', 'r', posting('b', 'B', { odd: 1 }));
    await world.promote('postings', {}, { log });
    expect(warned).toHaveLength(1);
    expect(await world.words('postings')).toEqual(['promoted', 'promoted']);
  });
});
