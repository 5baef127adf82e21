import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { type BreakableLine, breakableLine } from '../fixtures/postgres/breakable-line.ts';
import { POOLS, startPooler } from '../fixtures/postgres/pooler.ts';

const server = inject('postgresUrl');
// Its own: other tests count the locks of theirs.
const address = `${server}/dead_lines`;
const QUICK = '?keepalives_idle=1&keepalives_interval=1&keepalives_count=2';
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);

describe.runIf(server !== null)('a line to PostgreSQL that goes dead without a word', () => {
  let admin: pg.Client;
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: `${server}/postgres` });
    await admin.connect();
    await admin.query('CREATE DATABASE dead_lines TEMPLATE template0');
  });
  afterAll(() => admin.end());

  async function opened(
    search = QUICK,
    lockTimeoutMs = 5000,
    at = address,
  ): Promise<{ line: BreakableLine; warehouse: Warehouse }> {
    const line = await breakableLine(at);
    const warehouse = openWarehouse(line.url + search, { projectRoot: '/', lockTimeoutMs, environment: {} });
    onTestFinished(async () => {
      await warehouse.close();
      await line.close();
    });
    return { line, warehouse };
  }
  const sleep = (warehouse: Warehouse, seconds: number, marker = 'x') =>
    warehouse.transaction(async (session) => {
      await session.lock([`dead ${marker}`]);
      await session.query(raw(`SELECT pg_sleep(${seconds}) /* dead ${marker} */`));
    });
  const sleeps = async (marker: string) =>
    (
      await admin.query(
        `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%dead ${marker}%' AND pid <> pg_backend_pid()
          AND state LIKE '%transaction'`,
      )
    ).rowCount ?? 0;
  const runs = async (marker: string) =>
    ((
      await admin.query(
        `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%dead ${marker}%' AND pid <> pg_backend_pid()
          AND state = 'active'`,
      )
    ).rowCount ?? 0) > 0;

  it('is no reason to cut a statement that the server works at for long', async () => {
    const { warehouse } = await opened();
    await sleep(warehouse, 7);
  });

  it('is found out after the server has answered, and the server drops the transaction', async () => {
    const { line, warehouse } = await opened();
    const work = thrown(sleep(warehouse, 3, 'answered'));
    await expect.poll(() => runs('answered')).toBe(true);
    line.freeze('get through');
    const error = await work;
    expect([error?.code, error?.exitCode]).toEqual(['database-unreachable', 5]);
    expect(error?.message).toMatch(/the connection is dead/);
    await expect.poll(() => sleeps('answered'), { timeout: 5000 }).toBe(0);
  });

  it('is found out where nobody can be asked', async () => {
    const { line, warehouse } = await opened();
    const work = thrown(sleep(warehouse, 20, 'unasked'));
    await expect.poll(() => runs('unasked')).toBe(true);
    line.freeze('are silent');
    const began = Date.now();
    const error = await work;
    expect(error?.code).toBe('database-unreachable');
    expect(error?.message).toMatch(/nothing was heard of it for \d s/);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('prolongs no wait for a lock', async () => {
    const { line, warehouse } = await opened('', 1000);
    const { warehouse: holder } = await opened();
    const holding = sleep(holder, 5, 'held');
    await expect.poll(() => runs('held')).toBe(true);
    const waiting = thrown(warehouse.transaction((session) => session.lock(['dead held'])));
    await new Promise((resolve) => setTimeout(resolve, 300));
    line.freeze('are silent');
    const began = Date.now();
    expect((await waiting)?.exitCode).toBe(5);
    expect(Date.now() - began).toBeLessThan(9000);
    await holding;
  });

  it('does not hold up the end of a call', async () => {
    const { line, warehouse } = await opened();
    await sleep(warehouse, 0);
    line.freeze('are silent');
    const began = Date.now();
    await warehouse.close();
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it.runIf(POOLS)('is found out behind a pooler too', async () => {
    const pooler = await startPooler(server as string, 'transaction', { default_pool_size: 3 });
    try {
      const { line, warehouse } = await opened(QUICK, 5000, pooler.through(address));
      const work = thrown(sleep(warehouse, 3, 'pooled'));
      await expect.poll(() => runs('pooled')).toBe(true);
      line.freeze('get through');
      expect((await work)?.code).toBe('database-unreachable');
      await expect.poll(() => sleeps('pooled'), { timeout: 5000 }).toBe(0);
    } finally {
      await pooler.stop();
    }
  });

  it('is noticed by the server as well, which is told how in every transaction', async () => {
    const search = '?keepalives_idle=31&keepalives_interval=7&keepalives_count=4&tcp_user_timeout=62000';
    const { warehouse } = await opened(search);
    const names = [
      'tcp_keepalives_idle',
      'tcp_keepalives_interval',
      'tcp_keepalives_count',
      'tcp_user_timeout',
    ];
    const look = raw(
      `SELECT ${names.map((name) => `current_setting('${name}')`).join(` || ' ' || `)} AS told`,
    );
    const told = [{ told: '31 7 4 62000' }];
    expect(await warehouse.transaction((session) => session.query(look))).toEqual(told);
    expect(await warehouse.read((session) => session.query(look))).toEqual(told);
  });
});
