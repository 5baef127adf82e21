import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { DUPLICATE, FAILED, giveRecords, HELD, LACKS_PARENT, PROMOTED } from './given-records.ts';
import { POSTINGS } from './postings.ts';
import { ENGINES, emptyDatabase, makeWorld, migratedWorld, type World } from './world.ts';

const data = (id: string, title = 'Clerk') => ({ job: { id, title } });
const marks = (world: World) =>
  world.query(
    'SELECT staging_id AS id, waits, failed, held_by AS held, promoted, duplicate, attempt FROM stage.postings_records ORDER BY staging_id',
  );
const states = async (world: World) =>
  (await marks(world)).map(({ waits, failed, held }) => `${waits} ${failed} ${held}`);

describe.each(ENGINES)('records retry on %s', (engine) => {
  const given = async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [
      { data: data('1'), marks: FAILED },
      { data: data('2'), marks: HELD },
      { data: data('3'), marks: PROMOTED },
      { data: data('4'), marks: DUPLICATE },
      { data: data('5'), marks: LACKS_PARENT },
      { data: data('6') },
      {
        run: 'r2',
        data: data('7'),
        marks: { ...FAILED, attempt: '3', validation_errors: `'[{"attempt": 3}]'` },
      },
    ]);
    return world;
  };
  const DONE = 'false false null';
  const WAITS = 'true false null';

  it('lets the failed and held ones of a run wait again, and leaves all others as they are', async () => {
    const world = await given();
    const told = await world.json('records retry --dataset postings --run r1', 0);
    expect(told).toMatchObject({ status: 'done', dataset: 'postings', records: { waiting: 2 } });
    expect(told.message).toBe(
      '2 records wait again. 1 failed record waits already, for the row referred to. To judge them: tidemark records promote --dataset postings --all',
    );
    expect(await states(world)).toEqual([
      ...[WAITS, WAITS, DONE, DONE, 'true true null', WAITS],
      'false true null',
    ]);
  });

  it('takes single records by their numbers, and keeps their errors and attempts', async () => {
    const world = await given();
    const told = await world.json('records retry --dataset postings --staging-id 7 --staging-id 3', 0);
    expect(told.records).toEqual({ waiting: 1 });
    expect(await states(world)).toEqual([
      ...['false true null', 'false false 9', DONE, DONE, 'true true null', WAITS],
      WAITS,
    ]);
    const [seventh] = await world.query(
      'SELECT attempt, validation_errors AS errors FROM stage.postings_records WHERE staging_id = 7',
    );
    expect(seventh).toEqual({ attempt: '3', errors: '[{"attempt": 3}]' });
  });

  it('takes of the numbers those of the run, where both are named', async () => {
    const world = await given();
    const told = await world.json(
      'records retry --dataset postings --run r2 --staging-id 1 --staging-id 7',
      0,
    );
    expect(told.records).toEqual({ waiting: 1 });
    expect((await states(world))[0]).toBe('false true null');
  });

  it.each(['--run r9', '--staging-id 3 --staging-id 4 --staging-id 6', '--staging-id 99'])(
    'says that there is nothing to retry: %s',
    async (which) => {
      const world = await given();
      const before = await marks(world);
      const told = await world.json(`records retry --dataset postings ${which}`, 0);
      expect([told.status, told.message]).toEqual([
        'skipped',
        'No record is failed or held, so there is nothing to retry.',
      ]);
      expect(await marks(world)).toEqual(before);
    },
  );

  it('changes nothing in a dry run, and says what it would do', async () => {
    const world = await given();
    const before = await marks(world);
    const told = await world.json('records retry --dataset postings --run r2 --dry-run', 0);
    expect(told.message).toBe('1 record would wait again.');
    expect(await marks(world)).toEqual(before);
  });

  it('takes those of all runs, as messages propose it', async () => {
    const world = await given();
    expect((await world.json('records retry --dataset postings --all', 0)).records).toEqual({ waiting: 3 });
    expect((await states(world)).at(-1)).toBe(WAITS);
  });

  it('lets what a rollback holds be promoted again', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [{ data: data('1') }, { data: data('1') }]);
    const show = async (id: number) =>
      (await world.json(`records show ${id} --dataset postings`, 0)).message.replace(/.*: /, '');
    const counts = async () => (await world.json('records status', 0)).details.runs[0];
    await world.json('records promote --dataset postings --all', 0);
    const why = ['--reason', 'wrong source', '--by', 'Vera', '--yes'];
    await world.json(['rollback', '--promotion', '1', ...why], 0);
    expect(await counts()).toMatchObject({ submitted: 2, promoted: 0, duplicate: 0, waiting: 1, held: 1 });
    expect([await show(1), await show(2)]).toEqual([
      'held since promotion 2 rolled its promotion back.',
      'waits again, because its row of core was rolled back.',
    ]);
    expect((await world.json('records retry --dataset postings --all', 0)).records).toEqual({ waiting: 1 });
    expect(await show(1)).toBe('waits again, because its row of core was rolled back.');
    await world.json('records promote --dataset postings --all', 0);
    expect(await counts()).toMatchObject({ promoted: 1, duplicate: 1, waiting: 0, held: 0 });
    expect(await world.query('SELECT job_id, _created_by_staging_id AS by FROM core.postings')).toEqual([
      { job_id: '1', by: '1' },
    ]);
  });

  it('done twice, does nothing the second time', async () => {
    const world = await given();
    await world.json('records retry --dataset postings --run r2', 0);
    expect((await world.json('records retry --dataset postings --run r2', 0)).status).toBe('skipped');
  });

  it('and a corrected rule: what failed before is promoted', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [{ data: data('1', 'x'.repeat(41)) }]);
    await world.json('records promote --dataset postings --all', 0);
    await world.json('records retry --dataset postings --run r1', 0);
    expect((await world.json('records promote --dataset postings --all', 0)).records).toMatchObject({
      failed: 1,
    });
    writeFileSync(
      join(world.root, 'datasets_config.yml'),
      POSTINGS.replace('maxLength: 40', 'maxLength: 50'),
    );
    await world.json('records promote --dataset postings --all', 0);
    expect((await states(world))[0]).toBe('false true null');
    await world.json('records retry --dataset postings --run r1', 0);
    expect((await world.json('records promote --dataset postings --all', 0)).records).toMatchObject({
      promoted: 1,
    });
    const [record] = await marks(world);
    expect(record).toMatchObject({ promoted: 'true', failed: 'false', attempt: '3' });
  });
});

const servers = [inject('postgresUrl')].filter((url) => url !== null);

describe.each(servers)('records retry beside a promotion', () => {
  /** The lock of promotions, as another process holds it. */
  const CORE = createHash('sha256').update('tidemark:core:postings').digest().readBigInt64BE(0);

  it('waits for its lock, then leaves what was promoted meanwhile as it is', async () => {
    const databaseUrl = String(await emptyDatabase());
    const world = makeWorld({ config: POSTINGS, databaseUrl });
    await world.json('migrate', 0);
    await giveRecords(world, 'PostgreSQL', [
      { data: data('1'), marks: FAILED },
      { data: data('2'), marks: FAILED },
    ]);
    const promotion = new pg.Client({ connectionString: databaseUrl });
    await promotion.connect();
    onTestFinished(() => promotion.end());
    await promotion.query('SELECT pg_advisory_lock($1)', [CORE]);
    const busy = await world.json('records retry --dataset postings --run r1 --lock-timeout 0.3', 5);
    expect(busy.status).toBe('retry');
    const retry = world.json('records retry --dataset postings --run r1', 0);
    await promotion.query(
      'UPDATE stage.postings_records SET promoted = true, failed = false WHERE staging_id = 1',
    );
    await promotion.query('SELECT pg_advisory_unlock($1)', [CORE]);
    expect((await retry).records).toEqual({ waiting: 1 });
    expect(await marks(world)).toMatchObject([
      { promoted: 'true', waits: 'false' },
      { promoted: 'false', waits: 'true' },
    ]);
  });
});

it.each([
  ['records retry --run r1', 'records retry needs --dataset.'],
  ['records retry --dataset postings', 'records retry needs --run, --staging-id or --all.'],
  ['records retry --dataset postings --run r1 --all', 'records retry takes either --run or --all.'],
])('%s is refused with what is missing', async (command, said) => {
  expect((await makeWorld({ config: POSTINGS }).json(command, 2)).message).toBe(said);
});
