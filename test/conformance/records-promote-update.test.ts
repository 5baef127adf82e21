import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { posting, UPDATING_POSTINGS } from './four-tables.ts';
import { insertRecords, RecordsWorld } from './records-world.ts';

describe.each(ENGINES)('records promote, where later records change rows, on %s', (_, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, UPDATING_POSTINGS);
  });
  beforeEach(() => world.reset());
  afterAll(async () => {
    await world.close();
    await engine.stop();
  });

  const COLUMNS = ['external_job_id', 'job_title', 'location', 'pay', 'description'];

  it('leaves the cell of an absent member, empties that of a null, and judges the row as it will stand', async () => {
    const [made] = await world.insert(
      'postings',
      'fetch',
      posting('a', 'Clerk', { pay: 10, description: 'x' }),
    );
    await world.counts('postings');
    // Key and description alone: the required title is in core.
    const [parsed] = await world.insert('postings', 'parse', {
      job_id: 'a',
      pay: null,
      description: 'parsed',
    });
    expect(await world.counts('postings')).toEqual({ promoted: 1, duplicate: 0, failed: 0, waiting: 0 });
    expect(await world.core('postings')).toMatchObject([
      {
        ...{ job_title: 'Clerk', location: 'unknown', pay: null, description: 'parsed' },
        ...{ _created_by_staging_id: made, _updated_by_staging_id: parsed },
      },
    ]);
  });

  it('does not give an absent member its default where the row is there', async () => {
    await world.insert('postings', 'r', posting('a', 'A', { places: [{ 'city name': 'Bern' }] }));
    await world.counts('postings');
    await world.insert('postings', 'r', { job_id: 'a', description: 'new' });
    await world.counts('postings');
    expect(await world.core('postings', ...COLUMNS)).toMatchObject([
      { location: 'Bern', description: 'new' },
    ]);
  });

  it('gives null the default', async () => {
    await world.insert('postings', 'r', posting('a', 'A', { places: [{ 'city name': 'Bern' }] }));
    await world.counts('postings');
    await world.insert('postings', 'r', { job_id: 'a', places: [{ 'city name': null }] });
    await world.counts('postings');
    expect(await world.core('postings', 'location')).toEqual([{ location: 'unknown' }]);
  });

  it('fails a record that empties a required cell, and one that lacks it while there is no row', async () => {
    await world.insert('postings', 'r', posting('a', 'A'));
    await world.counts('postings');
    await world.insert(
      'postings',
      'r',
      { job_id: 'a', job: { title: null } },
      { job_id: 'b', description: 'x' },
    );
    expect(await world.counts('postings')).toEqual({ promoted: 0, duplicate: 0, failed: 2, waiting: 0 });
    expect((await world.marks('postings')).map(({ errors }) => errors)).toEqual([
      [],
      ['1:job_title:constraint-error'],
      ['1:job_title:constraint-error'],
    ]);
  });

  it('folds the records of a key in their order; a bad one leaves nothing behind', async () => {
    await world.insert(
      'postings',
      'r',
      posting('a', 'First', { pay: 1 }),
      { job_id: 'a', description: 'second' },
      { job_id: 'a', pay: 'bad', description: 'third' },
      { job_id: 'a', job: { title: 'Fourth' } },
    );
    await world.counts('postings');
    expect(await world.core('postings', ...COLUMNS)).toMatchObject([
      { job_title: 'Fourth', pay: '1.00', description: 'second' },
    ]);
    expect(await world.words('postings')).toEqual(['promoted', 'promoted', 'failed', 'promoted']);
  });

  it('takes the last of whole records, and links those before it', async () => {
    const full = (title: string) =>
      posting('a', title, { places: [{ 'city name': 'Bern' }], pay: 1, description: 'x' });
    await world.insert('postings', 'r', full('One'), full('Two'), full('Three'));
    await world.counts('postings');
    expect(await world.words('postings')).toEqual(['duplicate', 'duplicate', 'promoted']);
    expect(await world.core('postings', 'job_title')).toEqual([{ job_title: 'Three' }]);
  });

  it('links a record that is equal to the row, and leaves the row as it is', async () => {
    const [made] = await world.insert('postings', 'r', posting('a', 'A', { pay: '1.50' }));
    await world.counts('postings');
    await world.insert('postings', 'r', posting('a', 'A', { pay: 1.5 }), { job_id: 'a' });
    expect(await world.counts('postings')).toEqual({ promoted: 0, duplicate: 2, failed: 0, waiting: 0 });
    expect(await world.core('postings')).toMatchObject([{ _updated_by_staging_id: made }]);
  });

  it('links a record that is older than the one that changed the row last', async () => {
    const [old, fresh] = await world.insert(
      'postings',
      'r',
      posting('a', 'Old', { pay: 1 }),
      posting('a', 'New'),
    );
    await world.counts('postings', { stagingIds: [fresh as number] });
    expect(await world.counts('postings')).toEqual({ promoted: 0, duplicate: 1, failed: 0, waiting: 0 });
    expect(await world.words('postings')).toEqual(['duplicate', 'promoted']);
    expect(await world.core('postings')).toMatchObject([
      { job_title: 'New', pay: null, _updated_by_staging_id: fresh },
    ]);
    expect(old).toBeLessThan(fresh as number);
  });
});

describe.each(ENGINES.filter(([name]) => name === 'PostgreSQL'))(
  'records that are committed in another order than they are numbered, on %s',
  (_, engine) => {
    it.each([
      ['skip', UPDATING_POSTINGS.replace(', on_duplicate: update}', '}'), 'Later'],
      ['update', UPDATING_POSTINGS, 'Later'],
    ])(
      'with %s: the earlier one is a duplicate of the row that the later one made',
      async (_name, config, title) => {
        await engine.start();
        const world = await RecordsWorld.open(engine, config);
        try {
          const other = world.openAgain();
          let later = 0;
          const early = await other.transaction(async (session) => {
            const [id] = await insertRecords(session, world.dataset('postings'), 'slow', [
              posting('a', 'Early'),
            ]);
            [later] = (await world.insert('postings', 'fast', posting('a', 'Later'))) as [number];
            await world.counts('postings');
            expect(await world.words('postings')).toEqual(['promoted']);
            return id;
          });
          expect(early).toBeLessThan(later);
          expect(await world.counts('postings')).toEqual({
            promoted: 0,
            duplicate: 1,
            failed: 0,
            waiting: 0,
          });
          expect(await world.core('postings')).toMatchObject([
            { job_title: title, _updated_by_staging_id: later },
          ]);
          await other.close();
        } finally {
          await world.close();
          await engine.stop();
        }
      },
    );
  },
);
