import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trialCount } from '../fixtures/trials.ts';
import { ENGINES } from './empty-warehouses.ts';
import { posting, UPDATING_POSTINGS } from './four-tables.ts';
import { insertRecords, RecordsWorld } from './records-world.ts';

const CLIENTS = 8;
/** How often each client hands records over. */
const TIMES = trialCount(6);

describe.each(ENGINES.filter(([name]) => name === 'PostgreSQL'))(
  'two promoters and eight scripts at once, on %s',
  (_, engine) => {
    let world: RecordsWorld;
    beforeAll(async () => {
      await engine.start();
      world = await RecordsWorld.open(engine, UPDATING_POSTINGS);
    });
    afterAll(async () => {
      await world.close();
      await engine.stop();
    });

    it.each(['skip', 'update'])(
      'with %s: every record ends promoted, duplicate or failed exactly once',
      async (mode) => {
        if (mode === 'skip') world.rules(UPDATING_POSTINGS.replace(', on_duplicate: update}', '}'));
        else world.rules(UPDATING_POSTINGS);
        await world.reset();
        let working = CLIENTS;
        const script = async (client: number): Promise<number[]> => {
          const warehouse = world.openAgain();
          const ids: number[] = [];
          for (let time = 0; time < TIMES; time++) {
            const records = Array.from({ length: 5 }, (_, i) =>
              // Keys that all clients share, keys of each, and records without a title.
              i === 4
                ? { job_id: `bad-${client}-${time}` }
                : posting(i < 2 ? `k${(time + i) % 7}` : `${client}-${time}-${i}`, `T${time}`, {
                    pay: client,
                  }),
            );
            ids.push(
              ...(await warehouse.transaction(async (session) => {
                const made = await insertRecords(
                  session,
                  world.dataset('postings'),
                  `run-${client}`,
                  records,
                );
                // Others take later numbers, and are promoted, before this is committed.
                await new Promise((done) => setTimeout(done, (client * 7 + time * 3) % 20));
                return made;
              })),
            );
          }
          await warehouse.close();
          working--;
          return ids;
        };
        const promoter = async () => {
          const warehouse = world.openAgain();
          const sums = { promoted: 0, duplicate: 0, failed: 0 };
          for (let last = false; ; ) {
            const { result } = await world.promote('postings', { most: 50 }, { warehouse });
            for (const outcome of ['promoted', 'duplicate', 'failed'] as const)
              sums[outcome] += result.records?.[outcome] ?? 0;
            if (last) break;
            last = working === 0;
          }
          await warehouse.close();
          return sums;
        };
        const [one, two, ...handed] = await Promise.all([
          promoter(),
          promoter(),
          ...Array.from({ length: CLIENTS }, (_, client) => script(client)),
        ]);
        const marks = await world.marks('postings');
        expect(marks.map(({ id }) => id)).toEqual(handed.flat().sort((a, b) => a - b));
        const of = (mark: string) => marks.filter((each) => each.mark === mark).length;
        expect(of('promoted') + of('duplicate') + of('failed')).toBe(CLIENTS * TIMES * 5);
        expect(of('failed')).toBe(CLIENTS * TIMES);
        expect(marks.every(({ attempt }) => attempt === 1)).toBe(true);
        expect({ promoted: of('promoted'), duplicate: of('duplicate'), failed: of('failed') }).toEqual({
          promoted: one.promoted + two.promoted,
          duplicate: one.duplicate + two.duplicate,
          failed: one.failed + two.failed,
        });
        const rows = await world.core(
          'postings',
          'external_job_id',
          '_created_by_staging_id',
          '_updated_by_staging_id',
        );
        expect(rows).toHaveLength(CLIENTS * TIMES * 2 + Math.min(7, TIMES + 1));
        const promoted = new Set(marks.filter(({ mark }) => mark === 'promoted').map(({ id }) => id));
        expect(rows.every((row) => promoted.has(Number(row._updated_by_staging_id)))).toBe(true);
        if (mode === 'skip') expect(promoted.size).toBe(rows.length);
      },
      600_000,
    );
  },
);
