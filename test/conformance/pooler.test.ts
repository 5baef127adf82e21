import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { POOLS, type Pooler, type PoolMode, startPooler } from '../fixtures/postgres/pooler.ts';

const server = inject('postgresUrl') ?? 'postgres://none';
const RUNS = POOLS && inject('postgresUrl') !== null;
const MODES: readonly (readonly [PoolMode])[] = [['session'], ['transaction']];
const OPTIONS = { projectRoot: '/', lockTimeoutMs: 5000, environment: {} };
const one = (warehouse: Warehouse) => warehouse.read((session) => session.query(raw('SELECT 1 AS one')));
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);

describe.runIf(RUNS).each(MODES)('a warehouse behind a pooler in %s mode', (mode) => {
  const direct = `${server}/pooled_${mode}`;
  let admin: pg.Client;
  let pooler: Pooler;
  const opened: Warehouse[] = [];

  const open = (search = '', lockTimeoutMs = 20_000, signal?: AbortSignal) => {
    const options = { projectRoot: '/', lockTimeoutMs, environment: {}, ...(signal ? { signal } : {}) };
    const warehouse = openWarehouse(`${pooler.through(direct)}${search}`, options);
    opened.push(warehouse);
    return warehouse;
  };
  const advisoryLocks = async () =>
    (
      await admin.query(
        `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
    ).rows[0].n;

  beforeAll(async () => {
    const first = new pg.Client({ connectionString: `${server}/postgres` });
    await first.connect();
    await first.query(`CREATE DATABASE pooled_${mode} TEMPLATE template0`);
    await first.end();
    admin = new pg.Client({ connectionString: direct });
    await admin.connect();
    await admin.query('CREATE SCHEMA stage; CREATE TABLE stage.t (n INTEGER)');
    // Two connections for all callers: each of them gets one that another has used.
    pooler = await startPooler(server, mode, { default_pool_size: mode === 'session' ? 20 : 2 });
  });
  afterAll(async () => {
    await Promise.all(opened.map((warehouse) => warehouse.close()));
    await pooler.stop();
    await admin.end();
  });

  it('lets callers with the same lock work one after the other, each on what the others left', async () => {
    await admin.query('DELETE FROM stage.t');
    const callers = [open(), open(), open()];
    const next = (warehouse: Warehouse) =>
      warehouse.transaction(async (session) => {
        await session.lock(['counter', 'another']);
        const [row] = await session.query<{ n: number }>(raw('SELECT count(*) AS n FROM stage.t'));
        await new Promise((resolve) => setTimeout(resolve, 10));
        await session.execute(sql`INSERT INTO stage.t VALUES (${row?.n ?? 0})`);
      });
    await Promise.all([...callers, ...callers, ...callers].map(next));
    const { rows } = await admin.query('SELECT n FROM stage.t ORDER BY n');
    expect(rows.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await advisoryLocks()).toBe(0);
  });

  it('keeps locks that came late, and none after a failure', async () => {
    const warehouse = open();
    await warehouse.transaction(async (session) => {
      await session.query(raw('SELECT count(*) FROM stage.t'));
      await session.lock(['late']);
      await session.query(raw('SELECT 1'));
      expect(await advisoryLocks()).toBe(1);
    });
    for (let i = 0; i < 20; i++) {
      await thrown(
        warehouse.transaction(async (session) => {
          await session.lock([`leak-${i}`], i % 2 ? 'shared' : 'exclusive');
          await session.execute(raw(i % 3 ? 'SELECT nonsense' : 'SELECT 1'));
          throw new Error('of the caller');
        }),
      );
    }
    expect(await advisoryLocks()).toBe(0);
  });

  it('waits for a lock as long as it may, and leaves nothing with the connections', async () => {
    let release = () => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    let taken = () => {};
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const holder = open().transaction(async (session) => {
      await session.lock(['busy']);
      taken();
      await isReleased;
    });
    await isTaken;
    const error = await thrown(open('', 300).transaction((session) => session.lock(['a', 'busy', 'z'])));
    expect([error?.code, error?.exitCode]).toEqual(['lock-busy', 5]);
    release();
    await holder;
    expect(await advisoryLocks()).toBe(0);
    await open('', 300).transaction((session) => session.lock(['a', 'busy', 'z']));
  });

  it('leaves no setting with the connections', async () => {
    const settings = `SELECT name, setting FROM pg_settings WHERE name IN ('TimeZone', 'DateStyle', 'lock_timeout',
      'statement_timeout', 'idle_in_transaction_session_timeout', 'extra_float_digits', 'tcp_user_timeout',
      'client_min_messages', 'client_connection_check_interval') ORDER BY name`;
    await admin.query(`ALTER DATABASE pooled_${mode} SET TimeZone = 'Asia/Kolkata'`);
    const look = async () => {
      const client = new pg.Client({ connectionString: pooler.through(direct) });
      await client.connect();
      try {
        return (await client.query(settings)).rows;
      } finally {
        await client.end();
      }
    };
    const before = await look();
    const warehouse = open();
    const zone = raw(`SELECT current_setting('TimeZone') AS zone`);
    expect(await warehouse.transaction((session) => session.query(zone))).toEqual([{ zone: 'UTC' }]);
    expect(await warehouse.read((session) => session.query(zone))).toEqual([{ zone: 'UTC' }]);
    await warehouse.close();
    expect(await look()).toEqual(before);
  });

  it('stops a long statement when it is told to, and nobody else’s', async () => {
    const stop = new AbortController();
    const stopped = open('', 1000, stop.signal);
    const slow = (seconds: number) => (at: Warehouse) =>
      at.transaction((session) => session.query(raw(`SELECT pg_sleep(${seconds})`)));
    const other = slow(1)(open());
    const began = Date.now();
    setTimeout(() => stop.abort(new Error('told to stop')), 300);
    const error = await thrown(slow(60)(stopped));
    expect(error?.message).toBe('told to stop');
    expect(Date.now() - began).toBeLessThan(10_000);
    await other;
    await expect
      .poll(
        async () =>
          (
            await admin.query(`SELECT 1 FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE '%pg_sleep(60)%'
          AND pid <> pg_backend_pid()`)
          ).rowCount,
      )
      .toBe(0);
  });

  it('refuses a migration that leaves something with its session, and takes one that does not', async () => {
    const migration = (text: string) =>
      open().alter(true, async ({ knex }) => {
        await knex.raw(text);
      });
    for (const [text, left] of [
      ['SET search_path = stage', 'setting'],
      ["SELECT set_config('search_path', 'stage', false)", 'setting'],
      ['SELECT pg_advisory_lock(1)', 'lock'],
      ['CREATE TEMP TABLE x (n INTEGER)', 'temporary table'],
    ] as const) {
      const error = await thrown(migration(text));
      expect([error?.code, error?.exitCode], text).toEqual(['database-refused', 2]);
      expect(error?.message).toContain(left);
      expect(writeWords(error?.hint ?? '')).toMatch(/--database-url/);
    }
    await migration(`SET LOCAL search_path = stage; CREATE TABLE migrated_${mode} (n INTEGER)`);
    expect((await admin.query(`SELECT to_regclass('stage.migrated_${mode}') AS made`)).rows[0].made).toBe(
      `stage.migrated_${mode}`,
    );
    expect(await advisoryLocks()).toBe(0);
  });

  it('that takes no parameter options refuses for good, and says which parameter', async () => {
    const error = await thrown(one(open('?options=-c%20work_mem%3D64MB')));
    expect([error?.code, error?.exitCode]).toEqual(['database-refused', 2]);
    expect(`${error?.message} ${error?.hint}`).toMatch(/pooler .* refuses the parameter options.*ALTER ROLE/);
  });

  it('refuses a database and a password that it does not know', async () => {
    const wrong = new URL(pooler.through(direct));
    wrong.password = 'wrong-secret';
    const error = await thrown(one(openWarehouse(wrong.href, OPTIONS)));
    expect([error?.code, error?.exitCode]).toEqual(['database-refused', 2]);
    expect(`${error?.message} ${error?.hint}`).not.toMatch(/wrong-secret|wiring-only/);
  });
});

describe.runIf(RUNS)('a pooler', () => {
  it('in statement mode is refused, because it takes no transactions', async () => {
    const pooler = await startPooler(server, 'statement');
    try {
      const error = await thrown(one(openWarehouse(pooler.through(`${server}/postgres`), OPTIONS)));
      expect([error?.code, error?.exitCode]).toEqual(['database-refused', 2]);
      expect(error?.message).toMatch(/pool_mode is statement/);
    } finally {
      await pooler.stop();
    }
  });

  it('with no connection left is waited for as long as for a lock', async () => {
    const pooler = await startPooler(server, 'transaction', { default_pool_size: 1 });
    const address = pooler.through(`${server}/postgres`);
    const holder = new pg.Client({ connectionString: address });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      const began = Date.now();
      const error = await thrown(one(openWarehouse(address, { ...OPTIONS, lockTimeoutMs: 500 })));
      expect([error?.code, error?.exitCode]).toEqual(['database-unreachable', 5]);
      expect(Date.now() - began).toBeLessThan(15_000);
    } finally {
      await holder.end();
      await pooler.stop();
    }
  });
});
