import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOMENTS, ROWS } from '../entries.ts';
import { FAULT_ENGINES } from '../fault-engines.ts';
import { recordsOf, type StagedRecords, stagedRecords, submitOf, whole } from '../staged-records.ts';

const RECORDS = Math.round(ROWS / 5);
/** The program begins to read and to store after this part of a call. */
const BEGINS = 0.2;

describe.each(FAULT_ENGINES)('records submit killed on %s', (name, engine) => {
  let world: StagedRecords;
  beforeAll(async () => {
    world = await stagedRecords(engine);
  }, 300_000);
  afterAll(() => world.remove());

  it(`stored all records of the call or none at each of ${MOMENTS} random moments, and the same call again stores them once`, async () => {
    const expected = [whole('b000', RECORDS)];
    const started = performance.now();
    await world.submit('b000', RECORDS);
    let wholeMs = performance.now() - started;
    const ends = { none: 0, all: 0, unkilled: 0 };
    for (let moment = 0; moment < MOMENTS; moment++) {
      const batch = `b${String(moment + 1).padStart(3, '0')}`;
      const afterMs = (BEGINS + ((moment + Math.random()) / MOMENTS) * (1.05 - BEGINS)) * wholeMs;
      const running = world.pipeline.start(submitOf(batch), recordsOf(batch, RECORDS));
      await wait(afterMs);
      running.process.kill('SIGKILL');
      const { signal, json } = await running.answer;

      const held = await world.held();
      const done = held.length > expected.length;
      expect(held, `killed after ${afterMs} ms`).toEqual([
        ...expected,
        ...(done ? [whole(batch, RECORDS)] : []),
      ]);
      if (json?.exit_code === 0) expect(done, 'what was answered is stored').toBe(true);
      ends[signal === null ? 'unkilled' : done ? 'all' : 'none']++;

      const again = performance.now();
      await world.submit(batch, RECORDS);
      if (!done) wholeMs = performance.now() - again;
      expected.push(whole(batch, RECORDS));
      expect(await world.held()).toEqual(expected);
    }
    process.stdout.write(
      `${name}: ${RECORDS} records in ${Math.round(wholeMs)} ms; after kill: ${JSON.stringify(ends)}\n`,
    );
    expect(ends.none).toBeGreaterThan(0);
  }, 1_800_000);

  it('left no number twice, and the numbers of each call follow each other', async () => {
    const [found] = await world.database.query(
      world.pipeline.root,
      `SELECT count(*) AS records, count(DISTINCT staging_id) AS numbers,
         (SELECT sum(last_staging_id - first_staging_id + 1) FROM meta.record_batch) AS claimed
       FROM stage.postings_records`,
    );
    const total = RECORDS * (MOMENTS + 1);
    expect(Object.values(found ?? {}).map(Number)).toEqual([total, total, total]);
  });
});
