import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { posting, UPDATING_POSTINGS } from './four-tables.ts';
import { RecordsWorld } from './records-world.ts';
import { errorOf } from './world/error-of.ts';

/** Rules that a person gave core.postings, each with what of a record breaks it. */
const RULES = {
  check: [`ADD CONSTRAINT cheap CHECK (pay < 100)`, { pay: 100 }, "the constraint 'cheap'"],
  'not null': ['ALTER COLUMN pay SET NOT NULL', { pay: null }, 'pay must have a value there'],
  'foreign key': [
    'ADD CONSTRAINT towns FOREIGN KEY (location) REFERENCES stage.towns',
    { places: [{ 'city name': 'Atlantis' }] },
    "the constraint 'towns'",
  ],
  'deferred foreign key': [
    'ADD CONSTRAINT towns FOREIGN KEY (location) REFERENCES stage.towns DEFERRABLE INITIALLY DEFERRED',
    { places: [{ 'city name': 'Atlantis' }] },
    "the constraint 'towns'",
  ],
} as const;

describe.each(ENGINES.filter(([name]) => name === 'PostgreSQL'))(
  'rules of the database itself, on %s',
  (_, engine) => {
    let world: RecordsWorld;
    beforeAll(async () => {
      await engine.start();
      world = await RecordsWorld.open(engine, UPDATING_POSTINGS);
      await world.execute('CREATE TABLE stage.towns (name varchar PRIMARY KEY)');
      await world.execute("INSERT INTO stage.towns VALUES ('unknown'), ('Bern')");
    });
    beforeEach(async () => {
      await world.execute(
        'ALTER TABLE core.postings DROP CONSTRAINT IF EXISTS cheap, DROP CONSTRAINT IF EXISTS towns, DROP CONSTRAINT IF EXISTS titles',
      );
      await world.execute('ALTER TABLE core.postings ALTER COLUMN pay DROP NOT NULL');
      await world.reset();
    });
    afterAll(async () => {
      await world.close();
      await engine.stop();
    });

    const good = (id: string, more: object = {}) => posting(id, `Title ${id}`, { pay: 1, ...more });
    const many = (count: number) => Array.from({ length: count }, (_, i) => good(`g${i}`));
    const rule = (text: string) => world.execute(`ALTER TABLE core.postings ${text}`);
    const place = (...records: readonly object[]) => world.insert('postings', 'r', ...records);

    it.each(Object.entries(RULES))(
      'of the kind %s fail a record by name, and the others are promoted',
      async (_kind, [text, breaks, name]) => {
        await rule(text);
        const records = many(30);
        records.splice(7, 0, good('bad1', breaks));
        records.splice(22, 0, good('bad2', breaks));
        await place(...records);
        const { result, told } = await world.promote('postings');
        expect(result.records).toEqual({ promoted: 30, duplicate: 0, failed: 2, waiting: 0 });
        const failed = told.filter(({ outcome }) => outcome === 'failed');
        expect(failed.map(({ reasons }) => reasons)).toEqual(
          Array(2).fill([`The database refuses the row: it breaks ${name}.`]),
        );
        expect((await world.marks('postings'))[7]).toMatchObject({
          ...{ mark: 'failed', attempt: 1, errors: ['1:null:refused-by-database'] },
        });
        expect(await world.core('postings')).toHaveLength(30);
      },
    );

    it('that two records break together fail the later one', async () => {
      await rule('ADD CONSTRAINT titles UNIQUE (job_title)');
      await place(posting('a', 'Same'), posting('b', 'Other'), posting('c', 'Same'));
      expect(await world.counts('postings')).toEqual({ promoted: 2, duplicate: 0, failed: 1, waiting: 0 });
      expect(await world.words('postings')).toEqual(['promoted', 'promoted', 'failed']);
    });

    it('fail one record of a key, and those that do not build on it are promoted', async () => {
      await rule(RULES.check[0]);
      await place(good('a'), good('a', { pay: 500 }), { job_id: 'a', description: 'later' });
      expect(await world.counts('postings')).toEqual({ promoted: 2, duplicate: 0, failed: 1, waiting: 0 });
      expect(await world.words('postings')).toEqual(['promoted', 'failed', 'promoted']);
      expect(await world.core('postings', 'pay', 'description')).toEqual([
        { pay: '1.00', description: 'later' },
      ]);
    });

    it('count for the share of a run that may fail', async () => {
      world.rules(
        UPDATING_POSTINGS.replace('unknown: ignore}}', 'unknown: ignore}}\n    accept: {max_rejected: 1}'),
      );
      await rule(RULES.check[0]);
      await place(good('a', { pay: 500 }), good('b', { pay: 600 }), good('c'));
      expect(await world.counts('postings')).toEqual({ promoted: 0, duplicate: 0, failed: 2, waiting: 1 });
      world.rules(UPDATING_POSTINGS);
    });

    it('that more than twenty records break stop the promotion, and nothing is changed', async () => {
      await rule(RULES.check[0]);
      await place(...many(40), ...Array.from({ length: 21 }, (_, i) => good(`b${i}`, { pay: 500 })));
      const error = await errorOf(world.promote('postings'));
      expect([error.code, error.exitCode]).toEqual(['statement-failed', 1]);
      expect(error.message).toContain('more than 20 records');
      expect(new Set(await world.words('postings'))).toEqual(new Set(['waits']));
      expect(await world.core('postings')).toEqual([]);
      await rule('DROP CONSTRAINT cheap');
      expect(await world.counts('postings')).toMatchObject({ promoted: 61 });
    });

    it('fail a record that changes a row, and leave the row as it was', async () => {
      await place(good('a'));
      await world.counts('postings');
      await rule(RULES.check[0]);
      await place(good('a', { pay: 900 }), good('b'));
      expect(await world.counts('postings')).toEqual({ promoted: 1, duplicate: 0, failed: 1, waiting: 0 });
      expect(await world.core('postings', 'external_job_id', 'pay')).toEqual([
        { external_job_id: 'a', pay: '1.00' },
        { external_job_id: 'b', pay: '1.00' },
      ]);
    });
  },
);
