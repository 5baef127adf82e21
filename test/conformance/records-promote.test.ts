import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { FOUR_TABLES, posting } from './four-tables.ts';
import { RecordsWorld } from './records-world.ts';

describe.each(ENGINES)('records promote, where rows that are there stay as they are, on %s', (_, engine) => {
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

  it('makes a row of each record, by its paths, constants and defaults, and says which record made it', async () => {
    const [first, second] = await world.insert(
      'postings',
      'run-1',
      posting('a', 'Clerk', { places: [{ 'city name': 'Bern' }], pay: 10.5, description: 'x' }),
      posting('b', 'Cook', { pay: null, places: [] }),
    );
    expect(await world.counts('postings')).toEqual({ promoted: 2, duplicate: 0, failed: 0, waiting: 0 });
    const rows = await world.core('postings');
    expect(rows).toMatchObject([
      { source_website: 'example_bank', external_job_id: 'a', location: 'Bern', pay: '10.50' },
      { source_website: 'example_bank', external_job_id: 'b', location: 'unknown', pay: null },
    ]);
    expect(rows).toMatchObject([
      { _created_by_staging_id: first, _updated_by_staging_id: first, description: 'x', job_title: 'Clerk' },
      { _created_by_staging_id: second, _updated_by_staging_id: second, description: null },
    ]);
    const marks = await world.marks('postings');
    expect(marks.map(({ place }) => place)).toEqual(
      rows.map(({ source_website, external_job_id, posting_id }) => ({
        ...{ source_website, external_job_id, posting_id },
      })),
    );
  });

  it('keeps numbers as text fields get them, with their digits as written', async () => {
    await world.insert('postings', 'r', '{"job_id": 1.10, "job": {"title": 12345678901234567890}}');
    await world.counts('postings');
    expect(await world.core('postings', 'external_job_id', 'job_title')).toEqual([
      { external_job_id: '1.10', job_title: '12345678901234567890' },
    ]);
  });

  it('links records of a key to the row of the one with the lowest number, in a batch and across runs', async () => {
    await world.insert('postings', 'run-1', posting('a', 'One'), posting('a', 'Two'), posting('b', 'Bee'));
    await world.insert('postings', 'run-2', posting('a', 'Three'));
    expect(await world.counts('postings')).toEqual({ promoted: 2, duplicate: 2, failed: 0, waiting: 0 });
    await world.insert('postings', 'run-3', posting('a', 'Four'), posting('b', 'Bee'));
    expect(await world.counts('postings')).toEqual({ promoted: 0, duplicate: 2, failed: 0, waiting: 0 });
    expect(await world.core('postings', 'external_job_id', 'job_title')).toEqual([
      { external_job_id: 'a', job_title: 'One' },
      { external_job_id: 'b', job_title: 'Bee' },
    ]);
    const marks = await world.marks('postings');
    expect(marks.map(({ mark }) => mark)).toEqual([
      ...['promoted', 'duplicate', 'promoted', 'duplicate', 'duplicate', 'duplicate'],
    ]);
    const places = marks.map(({ place }) => place?.posting_id);
    expect(places[1]).toBe(places[0]);
    expect(places[4]).toBe(places[0]);
    expect(places[5]).toBe(places[2]);
  });

  it('keeps a bad record with its errors, and never holds up the others', async () => {
    await world.insert(
      'postings',
      'r',
      posting('a', ''),
      posting('b', 'x'.repeat(21)),
      posting('c', 'Good'),
      posting(null, 'No key', { pay: 'much' }),
      posting('d', true),
      posting(['e'], 'List'),
      { job: 'no object', job_id: 'f' },
    );
    expect(await world.counts('postings')).toEqual({ promoted: 1, duplicate: 0, failed: 6, waiting: 0 });
    expect((await world.marks('postings')).map(({ errors }) => errors)).toEqual([
      ['1:job_title:constraint-error'],
      ['1:job_title:constraint-error'],
      [],
      expect.arrayContaining(['1:external_job_id:constraint-error', '1:pay:type-error']),
      ['1:job_title:type-error'],
      ['1:external_job_id:type-error'],
      ['1:job_title:constraint-error'],
    ]);
    expect(await world.core('postings', 'external_job_id')).toEqual([{ external_job_id: 'c' }]);
  });

  it('gives the key of a bad record to a good one after it', async () => {
    await world.insert('postings', 'r', posting('a', ''), posting('a', 'Good'), posting('a', 'Later'));
    await world.counts('postings');
    expect(await world.words('postings')).toEqual(['failed', 'promoted', 'duplicate']);
    expect(await world.core('postings', 'job_title')).toEqual([{ job_title: 'Good' }]);
  });

  it('comes to the same core and marks in transactions of a few records as in one', async () => {
    const records = Array.from({ length: 20 }, (_, i) => posting(`k${i % 6}`, i % 5 === 1 ? '' : `T${i}`));
    const outcome = async (most: number) => {
      await world.reset();
      const [first = 0] = await world.insert('postings', 'r', ...records);
      const counts = await world.counts('postings', { most });
      const rows = await world.core('postings', 'external_job_id', 'job_title', '_created_by_staging_id');
      return {
        counts,
        words: await world.words('postings'),
        core: rows.map((row) => ({
          ...row,
          _created_by_staging_id: Number(row._created_by_staging_id) - first,
        })),
      };
    };
    const whole = await outcome(100);
    expect(whole.counts).toEqual({ promoted: 6, duplicate: 10, failed: 4, waiting: 0 });
    for (const most of [1, 3, 7]) expect(await outcome(most)).toEqual(whole);
  });

  it('takes the records of one run, or those of some numbers, and leaves the others', async () => {
    await world.insert('postings', 'run-1', posting('a', 'A'));
    const ids = await world.insert('postings', 'run-2', posting('b', 'B'), posting('c', 'C'));
    await world.counts('postings', { run: 'run-1' });
    expect(await world.words('postings')).toEqual(['promoted', 'waits', 'waits']);
    await world.counts('postings', { stagingIds: [ids[1] as number] });
    expect(await world.words('postings')).toEqual(['promoted', 'waits', 'promoted']);
    // A number of another run is not one of this run.
    expect(await world.counts('postings', { run: 'run-1', stagingIds: [ids[0] as number] })).toEqual({
      ...{ promoted: 0, duplicate: 0, failed: 0, waiting: 0 },
    });
    expect(await world.words('postings')).toEqual(['promoted', 'waits', 'promoted']);
  });

  it('ends with 5 for a run that nothing was submitted for, with 0 where no record waits', async () => {
    await world.insert('postings', 'run-1', posting('a', 'A'));
    expect((await world.promote('postings', { run: 'run-9' })).result.exitCode).toBe(5);
    expect((await world.promote('postings', { run: 'run-1' })).result.exitCode).toBe(0);
    const again = await world.promote('postings', { run: 'run-1' });
    expect([again.result.status, again.result.exitCode]).toEqual(['skipped', 0]);
  });

  it('promotes the good ones and ends with 3 where a failed record shall fail the call', async () => {
    await world.insert('postings', 'r', posting('a', 'A'), posting('b', ''));
    const { result } = await world.promote('postings', { failOnFailed: true });
    expect([result.status, result.exitCode]).toEqual(['refused', 3]);
    expect(await world.words('postings')).toEqual(['promoted', 'failed']);
  });

  it('tells each record with its outcome, key and reasons, as many as are asked for', async () => {
    const ids = await world.insert(
      'postings',
      'r',
      posting('a', 'A'),
      posting('a', 'B'),
      posting('b', ''),
      posting('c', 'C'),
    );
    const { told } = await world.promote('postings', { told: 3 });
    expect(told.map(({ staging_id, outcome }) => [staging_id, outcome])).toEqual([
      [ids[0], 'promoted'],
      [ids[1], 'duplicate'],
      [ids[2], 'failed'],
    ]);
    expect(told[1]?.key).toEqual(told[0]?.key);
    expect(told[2]?.key).toEqual({ source_website: 'example_bank', external_job_id: 'b' });
    expect(told[2]?.reasons).toHaveLength(1);
  });
});
