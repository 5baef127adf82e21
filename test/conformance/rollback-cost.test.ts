import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { promotionById } from '../../src/ledger/promotion-records.ts';
import { rollBack } from '../../src/promotion/rollback/roll-back.ts';
import { markRecords } from '../../src/records/taken-back.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const plain = dataset([field('id', { type: 'integer' }), field('value')], { name: 'people' });
const people: Dataset = {
  ...plain,
  core: { ...plain.core, table: 'people', key: ['id'], strategy: 'upsert' },
};

interface Scans {
  readonly schema: string;
  readonly rows: number;
  readonly scans: number;
}
const SCANS =
  raw(`SELECT schemaname AS schema, seq_scan AS scans, seq_tup_read AS "rows" FROM pg_stat_xact_user_tables
  WHERE relname = 'people' AND schemaname IN ('core', 'history') ORDER BY 1`);

/** The server that counts what a transaction reads; the other engine reads columns, not rows. */
describe.each(ENGINES.filter(([name]) => name === 'PostgreSQL'))(
  'the cost of a rollback on %s',
  (_name, engine) => {
    let world: World;
    beforeAll(async () => {
      await engine.start();
      world = await World.open(engine, [people]);
    }, 120_000);
    afterAll(async () => {
      await world.close();
      await engine.stop();
    }, 60_000);

    it('follows what the promotion changed: neither core nor the journal is read from end to end', async () => {
      await world.warehouse.transaction(async (session) => {
        await session.execute(
          raw(`INSERT INTO core.people (id, value, _data_period, _created_by, _updated_by)
          SELECT i, 'old', '2025-01', 0, 0 FROM generate_series(1, 50000) AS i`),
        );
        await session.execute(
          raw(`INSERT INTO history.people (_promotion_id, _operation, _key, _before)
          SELECT 0, 'modified', '["' || i || '"]', '{}' FROM generate_series(1, 50000) AS i`),
        );
        await session.execute(raw('ANALYZE core.people'));
        await session.execute(raw('ANALYZE history.people'));
      });
      await world.load(
        'people',
        '2025-02',
        [1, 2, 60_000].map((id) => ({ id, value: 'new' })),
      );
      await world.transform('2025-02', ['people']);
      const [row] = await world.rows(sql`SELECT max(promotion_id) AS id FROM meta.promotion_log`);
      const scanned = await world.warehouse.transaction(async (session) => {
        const record = await promotionById(session, Number(row?.id));
        if (record === null) throw new Error('there is no promotion');
        // What the connection did before may still be counted in.
        const before = await session.query<Scans>(SCANS);
        const env = { cascade: false, dryRun: false, reason: 'why', by: 'Vera' };
        await rollBack(
          session,
          {
            project: world.project,
            datasets: world.datasets,
            runId: 'test',
            clock: () => new Date(),
            markRecords,
            ...env,
          },
          record,
        );
        const after = await session.query<Scans>(SCANS);
        return after.map(({ schema, rows, scans }) => {
          const earlier = before.find((each) => each.schema === schema);
          return { schema, rows: rows - (earlier?.rows ?? 0), scans: scans - (earlier?.scans ?? 0) };
        });
      });
      expect(scanned).toEqual([
        { schema: 'core', rows: 0, scans: 0 },
        { schema: 'history', rows: 0, scans: 0 },
      ]);
      expect(await world.rows(sql`SELECT count(*) AS n FROM core.people WHERE value = 'old'`)).toEqual([
        { n: 50_000 },
      ]);
    });
  },
);
