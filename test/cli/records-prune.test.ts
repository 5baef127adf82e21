import { describe, expect, it } from 'vitest';
import { recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const CONFIG = `version: 1
retention: {records: 6m}
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: job, path: "$.job_id", type: string, constraints: {required: true, maxLength: 3}}
        - {name: title, type: string}
      primaryKey: job
    core: {key: job, strategy: upsert, on_duplicate: skip}
`;
const WHY = ['--reason', 'wrong', '--by', 'Vera', '--yes'];

describe.each(ENGINES)('prune of records on %s', (engine) => {
  it('removes texts and errors of records promoted before the age, and never a row', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [
      ...[{ job_id: 'a', title: 'Clerk' }, { job_id: 'a' }, { job_id: 'too long' }, { job_id: 'b' }],
    ]);
    await world.promote('postings');
    await world.handOver('postings', [{ job_id: 'c' }]);
    await world.write(
      `UPDATE stage.postings_records SET promoted_at = CAST('2020-01-01' AS TIMESTAMP),
         validation_errors = '[{"attempt":1}]' WHERE staging_id < 3`,
    );
    const marks = await world.marks('postings');
    const before = await world.query('SELECT * FROM meta.record_batch');
    const left = async () =>
      (
        await world.query(
          `SELECT staging_id AS id, raw_data, validation_errors AS errors, pruned_at IS NOT NULL AS pruned
           FROM stage.postings_records ORDER BY staging_id`,
        )
      ).map((row) => `${row.id} ${row.raw_data} ${row.errors} ${row.pruned}`);
    const all = await left();

    const told = await world.json('prune', 0);
    expect(told.message).toMatch(/^Would remove the text and errors of 1 promoted record: /);
    expect(told.details.records).toEqual([{ dataset: 'postings', records: 1 }]);
    expect(await left()).toEqual(all);

    const done = await world.json('prune --apply', 0);
    expect(done.message).toMatch(/^Removed the text and errors of 1 promoted record: /);
    expect(await left()).toEqual(['1 null null true', ...all.slice(1)]);
    expect(await world.marks('postings')).toEqual(marks);
    expect(await world.query('SELECT * FROM meta.record_batch')).toEqual(before);
    expect(await world.json('prune --apply', 0)).toMatchObject({ status: 'skipped' });

    const shown = await world.json('records show 1 --dataset postings', 0);
    expect(shown.details).toMatchObject({ raw_data: null, fields: [], core: { key: { job: 'a' } } });
    expect(shown.details.unreadable).toMatch(/^its text was pruned on \d{4}-/);
    expect((await world.run('records show 1 --dataset postings --show-pii')).stdout).toMatch(
      /It cannot be read: its text was pruned on [-\d]{10}\.\n/,
    );
    const { records, notes, cells } = (await world.json('trace core.postings a', 0)).details.rows[0];
    expect(records).toMatchObject([{ staging_id: 1, values: null }]);
    expect(notes).toEqual([expect.stringMatching(/^Record 1 was pruned on \d{4}-\d\d-\d\d\.$/)]);
    expect(cells).toMatchObject([{ column: 'job', raw: null, core: 'a' }, { column: 'title' }]);
    expect((await world.run('trace core.postings a')).stdout).toMatch(/record 1 .*, pruned\n/);
  });

  it('keeps what was only linked, which a rollback lets decide, and fails a pruned record that is retried', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [
      { job_id: 'a', title: 'Clerk' },
      { job_id: 'a', title: 'Cook' },
    ]);
    await world.promote('postings');
    await world.write(`UPDATE stage.postings_records SET promoted_at = CAST('2020-01-01' AS TIMESTAMP)`);
    await world.json('prune --records-older-than 1y --apply', 0);
    const back = await world.json(['rollback', '--promotion', '1', ...WHY], 0);
    expect(back.message).toContain(
      '1 record is held until tidemark records retry --dataset postings --all; the text of each is pruned, so hand it over again; 1 record waits again',
    );
    await world.json('records retry --dataset postings --all', 0);
    const told = await world.json('records promote --dataset postings --all', 0);
    expect(told.records).toMatchObject({ promoted: 1, failed: 1 });
    expect(told.details.failed).toMatchObject([
      {
        staging_id: 1,
        reasons: ['Its text was removed after it had been promoted; hand the record over again.'],
      },
    ]);
    expect(await world.query('SELECT title FROM core.postings')).toEqual([{ title: 'Cook' }]);
  });

  it('is asked for by an age', async () => {
    const world = await recordsWorld(engine, CONFIG);
    expect((await world.json('prune --records-older-than soon', 2)).message).toContain('30d, 8w, 12m or 2y');
  });
});
