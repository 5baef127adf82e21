import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RecordsWorld, recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const postings = (onDuplicate: 'skip' | 'update') => `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: website, value: example_bank, type: string}
        - {name: job, path: "$.job_id", type: string, constraints: {required: true}}
        - {name: pay, type: number, precision: 12, scale: 2}
        - {name: title, path: "$.job.title", type: string, constraints: {maxLength: 20}}
      primaryKey: [website, job, pay]
    core: {key: [website, job, pay], strategy: upsert, identity: posting_id, on_duplicate: ${onDuplicate}}
  skills:
    period: none
    source: {records: {}}
    schema:
      fields: [{name: posting_id, type: integer}, {name: skill}]
      primaryKey: [posting_id, skill]
      foreignKeys: [{fields: posting_id, reference: {dataset: postings, fields: posting_id}}]
`;
const job = (id: string, title = 'Clerk', pay = 1.5) => ({ job_id: id, pay, job: { title } });
const place = (id: string, n: number, pay = '1.50') =>
  `to {"website":"example_bank","job":"${id}","pay":"${pay}","posting_id":${n}}`;
const WHY = ['--reason', 'wrong source', '--by', 'Vera', '--yes'];

const rollback = (world: RecordsWorld, promotion: number, ...more: readonly string[]) =>
  world.json(['rollback', '--promotion', String(promotion), ...WHY, ...more], 0);
const core = async (world: RecordsWorld) =>
  (await world.query('SELECT * FROM core.postings ORDER BY job')).map((row) => JSON.stringify(row));
const titles = async (world: RecordsWorld) =>
  (await world.query('SELECT job, title FROM core.postings ORDER BY job')).map(
    ({ job, title }) => `${job} ${title}`,
  );

describe.each(ENGINES)('a rollback of records on %s', (engine) => {
  it('holds what the promotion promoted, and lets wait what was only linked to rows that it takes away', async () => {
    const world = await recordsWorld(engine, postings('skip'));
    await world.handOver('postings', [job('a')]);
    expect(await world.promote('postings')).toBe(1);
    await world.handOver('postings', [
      job('b', 'Cook'),
      job('b', 'Chef'),
      job('a', 'Boss'),
      { job_id: null },
    ]);
    expect(await world.promote('postings')).toBe(2);
    await world.handOver('postings', [job('b', 'Baker')], 'r2');
    expect(await world.promote('postings')).toBeNull();
    const before = await core(world);
    const marked = await world.marks('postings');
    expect(marked).toEqual([
      `1 promoted by 1 ${place('a', 1)}`,
      `2 promoted by 2 ${place('b', 2)}`,
      `3 duplicate ${place('b', 2)}`,
      `4 duplicate ${place('a', 1)}`,
      '5 failed',
      `6 duplicate ${place('b', 2)}`,
    ]);

    const trial = await rollback(world, 2, '--dry-run');
    expect(trial.message).toBe(
      'Would roll promotion 2 (postings, records) back: 1 row deleted. 1 record would be held until tidemark records retry --dataset postings --all; 2 records would wait again, because the rows to which they were linked change.',
    );
    expect(trial.records).toEqual({ held: 1, waiting: 2, promoted: 0, duplicate: 0 });
    expect(await world.marks('postings')).toEqual(marked);

    const done = await rollback(world, 2);
    expect(done.message).toBe(
      'Promotion 3 rolled promotion 2 (postings, records) back: 1 row deleted. 1 record is held until tidemark records retry --dataset postings --all; 2 records wait again, because the rows to which they were linked change.',
    );
    expect(done.details.taken_back[0].records).toEqual({
      ...{ held: 1, pruned: 0, waiting: 2, promoted: 0, duplicate: 0 },
    });
    expect(await world.marks('postings')).toEqual([
      `1 promoted by 1 ${place('a', 1)}`,
      '2 held by 3',
      '3 waits',
      `4 duplicate ${place('a', 1)}`,
      '5 failed',
      '6 waits',
    ]);
    expect(await core(world)).toEqual(before.slice(0, 1));

    const again = await rollback(world, 3);
    expect(again.message).toBe(
      'Promotion 4 rolled promotion 3 (postings, rollback) back: 1 row brought back. 1 record is promoted again; 2 records are linked again.',
    );
    expect(await world.marks('postings')).toEqual(marked);
    expect(await core(world)).toEqual(before);
    await rollback(world, 4);
    expect(await world.marks('postings')).toContain('2 held by 5');
    expect(await core(world)).toEqual(before.slice(0, 1));
  });

  it('leaves a held record alone until it is retried, and the next promotion takes the ones that wait', async () => {
    const world = await recordsWorld(engine, postings('skip'));
    await world.handOver('postings', [job('a', 'Cook'), job('a', 'Chef')]);
    await world.promote('postings');
    await rollback(world, 1);
    expect(await world.promote('postings')).toBe(3);
    expect(await world.marks('postings')).toEqual(['1 held by 2', `2 promoted by 3 ${place('a', 1)}`]);
    expect(await titles(world)).toEqual(['a Chef']);
    const blocked = await world.json(['rollback', '--promotion', '2', ...WHY], 4);
    expect(blocked.message).toMatch(/promotion 3 \(postings, records\) touched 1 of its rows/);
    await rollback(world, 3);
    expect(await world.marks('postings')).toEqual(['1 held by 2', expect.stringMatching(/^2 held by/)]);
    await rollback(world, 2);
    expect(await world.marks('postings')).toEqual([
      `1 promoted by 1 ${place('a', 1)}`,
      expect.stringMatching(/^2 held by/),
    ]);
    expect(await titles(world)).toEqual(['a Cook']);
  });

  it('brings a row back that a later promotion in the way has under the same key', async () => {
    const world = await recordsWorld(engine, postings('skip'));
    await world.handOver('postings', [job('a', 'Cook'), job('a', 'Chef')]);
    await world.promote('postings');
    await rollback(world, 1);
    await world.promote('postings');
    expect(await titles(world)).toEqual(['a Chef']);
    const told = await rollback(world, 2, '--cascade');
    expect(told.records).toMatchObject({ held: 1, promoted: 1 });
    expect(await titles(world)).toEqual(['a Cook']);
    expect(await world.marks('postings')).toEqual([
      `1 promoted by 1 ${place('a', 1)}`,
      expect.stringMatching(/^2 held by/),
    ]);
  });

  it('gives the marks of a record back that was retried and failed since', async () => {
    const world = await recordsWorld(engine, postings('skip'));
    await world.handOver('postings', [job('a', 'A title of 19 signs')]);
    await world.promote('postings');
    await rollback(world, 1);
    await world.json('records retry --dataset postings --all', 0);
    writeFileSync(
      join(world.root, 'datasets_config.yml'),
      postings('skip').replace('maxLength: 20', 'maxLength: 5'),
    );
    await world.promote('postings');
    expect(await world.marks('postings')).toEqual(['1 failed']);
    await rollback(world, 2);
    expect(await world.marks('postings')).toEqual([`1 promoted by 1 ${place('a', 1)}`]);
  });

  it('lets a later record decide a row again whose change is taken back', async () => {
    const world = await recordsWorld(engine, postings('update'));
    await world.handOver('postings', [job('a', 'One'), job('a', 'Two')]);
    await world.promote('postings');
    await world.handOver('postings', [job('a', 'Three')]);
    expect(await world.promote('postings')).toBe(2);
    await world.handOver('postings', [job('a', 'Three')]);
    await world.promote('postings');
    const marked = await world.marks('postings');
    const done = await rollback(world, 2);
    expect(done.records).toEqual({ held: 1, waiting: expect.any(Number), promoted: 0, duplicate: 0 });
    expect(await titles(world)).toEqual(['a Two']);
    expect((await world.marks('postings')).slice(2)).toEqual(['3 held by 3', '4 waits']);
    await rollback(world, 3);
    expect(await titles(world)).toEqual(['a Three']);
    expect(await world.marks('postings')).toEqual(marked);
    await rollback(world, 4);
    expect(await world.promote('postings')).toBe(6);
    expect(await titles(world)).toEqual(['a Three']);
  });

  it('takes later promotions back with --cascade, and stops before rows that others refer to', async () => {
    const world = await recordsWorld(engine, postings('update'));
    await world.handOver('postings', [job('a', 'One')]);
    await world.promote('postings');
    await world.handOver('postings', [job('a', 'Two')]);
    await world.promote('postings');
    await world.handOver('skills', [{ posting_id: 1, skill: 'reading' }]);
    expect(await world.promote('skills')).toBe(3);
    const refused = await world.json(['rollback', '--promotion', '1', '--cascade', ...WHY], 4);
    expect(refused.message).toMatch(/1 row of core.skills would refer to rows/);
    await rollback(world, 3);
    const alone = await world.json(['rollback', '--promotion', '1', ...WHY], 4);
    expect(alone.message).toMatch(/promotion 2 \(postings, records\) touched 1 of its rows/);
    const told = await rollback(world, 1, '--cascade');
    expect(told.records).toMatchObject({ held: 2 });
    expect(told.message).toMatch(/rolled promotion 2 .*\n.*rolled promotion 1 /);
    expect(await world.marks('postings')).toEqual([
      expect.stringMatching(/^1 held by/),
      expect.stringMatching(/^2 held by/),
    ]);
    expect(await core(world)).toEqual([]);
  });

  it('takes the newest promotion of a dataset without a period', async () => {
    const world = await recordsWorld(engine, postings('skip'));
    await world.handOver('postings', [job('a')]);
    await world.promote('postings');
    await world.handOver('postings', [job('b')]);
    await world.promote('postings');
    const preview = await world.json(
      ['rollback', '--dataset', 'postings', '--dry-run', '--reason', 'x', '--by', 'Vera'],
      0,
    );
    expect(preview.message).toMatch(/^Would roll promotion 2 /);
    const seen = ['--seen', preview.details.seen];
    await world.handOver('postings', [job('b', 'Other')]);
    await world.promote('postings');
    // A record that is linked since would wait, too: that is more than was seen.
    const other = await world.json(['rollback', '--dataset', 'postings', ...WHY.slice(0, 4), ...seen], 4);
    expect(other.message).toMatch(/1 record would wait again/);
    expect(other.hint).toMatch(/^Look again: tidemark rollback --dataset postings --dry-run\. /);
    expect((await world.marks('postings'))[1]).toMatch(/^2 promoted/);
  });

  it('finds the links of rows that got surrogate keys since', async () => {
    const config = postings('skip');
    const world = await recordsWorld(engine, config);
    await world.handOver('postings', [job('a', 'One', 12.5), job('a', 'Two', 12.5)]);
    await world.promote('postings');
    await world.write(
      `UPDATE stage.postings_records SET promoted_to =
         CAST(regexp_replace(CAST(promoted_to AS VARCHAR), ',"posting_id":1', '') AS JSON)`,
    );
    await rollback(world, 1);
    expect(await world.marks('postings')).toEqual(['1 held by 2', '2 waits']);
  });
});
