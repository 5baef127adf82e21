import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { raw } from '../../src/sql/sql.ts';
import { RuleBroken } from '../../src/warehouse/rule-broken.ts';
import type { Session } from '../../src/warehouse/warehouse.ts';
import { ENGINES, type OpenedWarehouse } from './empty-warehouses.ts';

describe.each(ENGINES.filter(([name]) => name === 'PostgreSQL'))(
  'a part of a transaction on %s',
  (_, engine) => {
    let opened: OpenedWarehouse;
    beforeAll(async () => {
      await engine.start();
      const root = mkdtempSync(join(tmpdir(), 'tidemark-attempt-'));
      mkdirSync(join(root, 'data'));
      opened = await engine.open(root);
      await write((session) =>
        run(
          session,
          'CREATE TABLE t (n int CHECK (n < 10), m int REFERENCES t (k) DEFERRABLE INITIALLY DEFERRED, k int UNIQUE)',
        ),
      );
    });
    beforeEach(() => write((session) => run(session, 'DELETE FROM t')));
    afterAll(async () => {
      await opened.release();
      await engine.stop();
    });

    const write = <T>(work: (session: Session) => Promise<T>) => opened.warehouse.transaction(work);
    const run = (session: Session, text: string) => session.execute(raw(text));
    const rows = async () =>
      (
        await opened.warehouse.read((session) =>
          session.query<{ n: number }>(raw('SELECT n FROM t ORDER BY n')),
        )
      ).map(({ n }) => n);

    it('is rolled back alone where a rule refuses its rows, and the rest is committed', async () => {
      await write(async (session) => {
        await run(session, 'INSERT INTO t (n) VALUES (1)');
        const attempt = session.attempt(async () => {
          await run(session, 'INSERT INTO t (n) VALUES (2)');
          await run(session, 'INSERT INTO t (n) VALUES (11)');
        });
        await expect(attempt).rejects.toThrow(RuleBroken);
        await expect(attempt).rejects.toThrow("the constraint 't_n_check'");
        await run(session, 'INSERT INTO t (n) VALUES (3)');
      });
      expect(await rows()).toEqual([1, 3]);
    });

    it('hears of a deferred rule at its end', async () => {
      await write(async (session) => {
        await expect(
          session.attempt(() => run(session, 'INSERT INTO t (n, m) VALUES (1, 5)')),
        ).rejects.toThrow(RuleBroken);
        await session.attempt(() => run(session, 'INSERT INTO t (n) VALUES (2)'));
      });
      expect(await rows()).toEqual([2]);
    });

    it('is rolled back with what its work throws, inner ones with it', async () => {
      await write(async (session) => {
        const attempt = session.attempt(async () => {
          await session.attempt(() => run(session, 'INSERT INTO t (n) VALUES (1)'));
          await expect(session.attempt(() => run(session, 'INSERT INTO t (n) VALUES (12)'))).rejects.toThrow(
            RuleBroken,
          );
          throw new Error('enough');
        });
        await expect(attempt).rejects.toThrow('enough');
        await run(session, 'INSERT INTO t (n) VALUES (4)');
      });
      expect(await rows()).toEqual([4]);
    });

    it('ends the transaction where a statement fails for another reason', async () => {
      const all = write(async (session) => {
        await run(session, 'INSERT INTO t (n) VALUES (1)');
        await session.attempt(() => run(session, 'INSERT INTO nowhere VALUES (1)')).catch(() => {});
      });
      await expect(all).rejects.toMatchObject({ code: 'statement-failed' });
      expect(await rows()).toEqual([]);
    });
  },
);

it.each(ENGINES)('%s says whether a part of a transaction can be rolled back alone', async (name, engine) => {
  await engine.start();
  const root = mkdtempSync(join(tmpdir(), 'tidemark-attempt-'));
  mkdirSync(join(root, 'data'));
  const { warehouse, release } = await engine.open(root);
  expect(warehouse.capabilities.savepoints).toBe(name === 'PostgreSQL');
  await release();
  await engine.stop();
});
