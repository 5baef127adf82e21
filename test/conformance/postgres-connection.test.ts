import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Session, Warehouse } from '../../src/warehouse/warehouse.ts';
import { writeParquet } from '../fixtures/parquet.ts';
import { type Server, startPostgres, TLS_CERTIFICATE } from '../fixtures/postgres/server.ts';

const url = inject('postgresUrl');
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);
const open = (address: string, environment: Record<string, string> = {}) =>
  openWarehouse(address, { projectRoot: '/', lockTimeoutMs: 5000, environment });
const one = (warehouse: Warehouse) => warehouse.read((session) => session.query(raw('SELECT 1 AS one')));

describe.runIf(url !== null)('a PostgreSQL that goes away', () => {
  const address = new URL(`${url ?? 'postgres://none'}/postgres`);
  let root: string;
  let parquet: string;
  let admin: pg.Client;
  let warehouse: Warehouse;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'tidemark-pg-faults-'));
    parquet = join(root, 'rows.parquet');
    await writeParquet(parquet, `SELECT range AS n, repeat('x', 100) AS t FROM range(2000000)`);
    admin = new pg.Client({ connectionString: address.href });
    await admin.connect();
    await admin.query('DROP SCHEMA IF EXISTS stage CASCADE; CREATE SCHEMA stage');
    await admin.query(
      'CREATE TABLE stage.faults (n BIGINT, t VARCHAR); INSERT INTO stage.faults VALUES (-1, NULL)',
    );
    warehouse = open(address.href);
  });
  afterAll(async () => {
    await warehouse.close();
    await admin.end();
    rmSync(root, { recursive: true, force: true });
  });

  const append = (at: Warehouse, before: (session: Session) => Promise<void> = async () => {}) =>
    at.transaction(async (session) => {
      await before(session);
      await session.execute(raw('DELETE FROM stage.faults'));
      return session.appendParquet({ schema: 'stage', name: 'faults' }, parquet, [
        { name: 'n', from: 'parquet' },
        { name: 't', from: 'parquet' },
      ]);
    });
  const asItWas = async () =>
    expect((await admin.query('SELECT count(*)::int AS c, min(n)::int AS n FROM stage.faults')).rows).toEqual(
      [{ c: 1, n: -1 }],
    );
  const pidOf = async (session: Session) =>
    (await session.query<{ pid: number }>(raw('SELECT pg_backend_pid() AS pid')))[0]?.pid;
  /** Waits until the backend is in its COPY, then does something to it. */
  const inMidCopy = async (pid: number | undefined, act: string) => {
    for (let i = 0; i < 500; i++) {
      const { rowCount } = await admin.query(
        `SELECT 1 FROM pg_stat_progress_copy WHERE pid = $1 AND bytes_processed > 1000000`,
        [pid],
      );
      if (rowCount) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return (await admin.query(`SELECT ${act}($1) AS done`, [pid])).rows[0].done;
  };

  it.each([
    ['pg_terminate_backend', 'database-unreachable', 5],
    ['pg_cancel_backend', 'statement-failed', 1],
  ])('%s in mid-COPY leaves the table as it was', async (act, code, exit) => {
    let acted: Promise<boolean> | null = null;
    const error = await thrown(
      append(warehouse, async (session) => {
        acted = inMidCopy(await pidOf(session), act);
      }),
    );
    expect(await acted).toBe(true);
    expect([error?.code, error?.exitCode]).toEqual([code, exit]);
    await asItWas();
    expect(await one(warehouse)).toEqual([{ one: 1 }]);
  });

  it('a connection cut in mid-COPY is an answer at once, and leaves the table as it was', async () => {
    const sockets: Socket[] = [];
    let bytes = 0;
    const proxy: NetServer = createServer((client) => {
      const server = connect(Number(address.port), address.hostname);
      sockets.push(client, server);
      client.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > 20_000_000) for (const socket of sockets) socket.destroy();
      });
      client.pipe(server).pipe(client);
      for (const socket of [client, server]) socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = new URL(address);
    through.port = String((proxy.address() as { port: number }).port);
    const cut = open(through.href);
    const error = await thrown(append(cut));
    expect([error?.code, error?.exitCode]).toEqual(['database-unreachable', 5]);
    await cut.close();
    proxy.close();
    await asItWas();
  });

  it('an idle connection that dies does not end the process, and is replaced', async () => {
    const [row] = await warehouse.read((session) =>
      session.query<{ pid: number }>(raw('SELECT pg_backend_pid() AS pid')),
    );
    await admin.query('SELECT pg_terminate_backend($1)', [row?.pid]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await one(warehouse)).toEqual([{ one: 1 }]);
  });

  it('a serialization failure is run again', async () => {
    await admin.query('DROP TABLE IF EXISTS stage.counter; CREATE TABLE stage.counter (n INTEGER)');
    await admin.query('INSERT INTO stage.counter VALUES (0)');
    let runs = 0;
    const add = () =>
      warehouse.transaction(async (session) => {
        const [row] = await session.query<{ n: number }>(raw('SELECT n FROM stage.counter'));
        runs++;
        // All have read before the first writes, however slow the machine is.
        while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 5));
        await session.execute(sql`UPDATE stage.counter SET n = ${(row?.n ?? 0) + 1}`);
      });
    await Promise.all([add(), add(), add()]);
    expect((await admin.query('SELECT n FROM stage.counter')).rows).toEqual([{ n: 3 }]);
    expect(runs).toBeGreaterThan(3);
  });

  it('two hundred failed loads leave no connection and no lock behind', async () => {
    const failing = open(address.href);
    for (let i = 0; i < 200; i++) {
      await thrown(
        failing.transaction(async (session) => {
          await session.lock([`leak-${i}`]);
          await session.execute(raw('SELECT nonsense'));
        }),
      );
    }
    const own = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';
    const count = async (query: string) => (await admin.query(query)).rows[0].n;
    expect(
      await count(`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND ${own}`),
    ).toBe(0);
    await failing.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(
      await count(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()`,
      ),
    ).toBe(0);
  });

  it('waits for several locks together as long as for one', async () => {
    const patient = openWarehouse(address.href, { projectRoot: '/', lockTimeoutMs: 1000, environment: {} });
    let letGoOfOne = () => {};
    let letGoOfTwo = () => {};
    const holds = (name: string, until: Promise<void>, taken: () => void) =>
      warehouse.transaction(async (session) => {
        await session.lock([name]);
        taken();
        await until;
      });
    const one = new Promise<void>((resolve) => {
      letGoOfOne = resolve;
    });
    const two = new Promise<void>((resolve) => {
      letGoOfTwo = resolve;
    });
    let holders: Promise<void>[] = [];
    await new Promise<void>((bothTaken) => {
      let taken = 0;
      const count = () => {
        if (++taken === 2) bothTaken();
      };
      holders = [holds('several-1', one, count), holds('several-2', two, count)];
    });
    const began = Date.now();
    setTimeout(letGoOfOne, 700);
    const error = await thrown(patient.transaction((session) => session.lock(['several-1', 'several-2'])));
    expect(error?.code).toBe('lock-busy');
    expect(Date.now() - began).toBeLessThan(1600);
    letGoOfTwo();
    await Promise.all(holders);
    await patient.transaction((session) => session.lock(['several-1', 'several-2']));
    await patient.close();
  });

  it('is reached by the PG* variables alone', async () => {
    const environment = {
      ...{ PGHOST: address.hostname, PGPORT: address.port, PGUSER: address.username },
      ...{ PGPASSWORD: address.password, PGDATABASE: 'postgres', PGAPPNAME: 'by variables' },
    };
    const byVariables = open('postgres://', environment);
    expect(
      await byVariables.read((session) =>
        session.query(raw(`SELECT current_setting('application_name') AS name`)),
      ),
    ).toEqual([{ name: 'by variables' }]);
    await byVariables.close();
  });

  it.each([
    ['a wrong password', { password: 'wrong-secret' }, 'database-refused'],
    ['no such database', { pathname: '/nowhere' }, 'database-refused'],
    ['TLS that it does not have', { search: '?sslmode=require' }, 'database-refused'],
  ])('%s is %s', async (_, change, code) => {
    const error = await thrown(one(open(Object.assign(new URL(address), change).href)));
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint}`).not.toMatch(/wrong-secret|wiring-only/);
  });
});

describe.runIf(url !== null)('a PostgreSQL with TLS', () => {
  let server: Server;
  let at: (host: string, parameters: string) => string;

  beforeAll(async () => {
    server = await startPostgres({ tls: true, settings: { fsync: 'on', max_wal_size: '3GB' } });
    at = (host, parameters) => `${server.url.replace('127.0.0.1', host)}/postgres?${parameters}`;
  });
  afterAll(() => server.stop());

  const encrypted = async (address: string) => {
    const warehouse = open(address);
    try {
      const query = raw('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return (await warehouse.read((session) => session.query<{ ssl: boolean }>(query)))[0]?.ssl;
    } finally {
      await warehouse.close();
    }
  };

  it.each([
    ['', true],
    ['sslmode=disable', false],
    ['sslmode=allow', false],
    ['sslmode=require', true],
    [`sslmode=verify-ca&sslrootcert=${TLS_CERTIFICATE}`, true],
  ])('with "%s" the line is encrypted: %s', async (parameters, expected) => {
    expect(await encrypted(at('127.0.0.1', parameters))).toBe(expected);
  });

  it('proves that it ends the line where the address asks for channel binding', async () => {
    expect(await encrypted(at('127.0.0.1', 'sslmode=require&channel_binding=require'))).toBe(true);
    const error = await thrown(encrypted(at('127.0.0.1', 'sslmode=disable&channel_binding=require')));
    expect(error?.code).toBe('database-refused');
    expect(error?.message).toMatch(/channel_binding=require/);
  });

  it('has the settings that it was started with', async () => {
    const warehouse = open(at('127.0.0.1', ''));
    try {
      const query = raw(
        `SELECT current_setting('fsync') AS fsync, current_setting('max_wal_size') AS max_wal_size`,
      );
      expect(await warehouse.read((session) => session.query(query))).toEqual([
        { fsync: 'on', max_wal_size: '3GB' },
      ]);
    } finally {
      await warehouse.close();
    }
  });

  it('takes no option that it does not know, so that none is ignored', async () => {
    await expect(startPostgres(['-c', 'fsync=on'] as never)).rejects.toThrow('startPostgres has no option');
  });

  it('is believed under verify-full only by its own name and certificate', async () => {
    const own = `sslmode=verify-full&sslrootcert=${TLS_CERTIFICATE}`;
    expect(await encrypted(at('localhost', own))).toBe(true);
    expect((await thrown(encrypted(at('127.0.0.1', own))))?.code).toBe('database-refused');
    const systems = 'sslmode=verify-full&sslrootcert=system';
    expect((await thrown(encrypted(at('localhost', systems))))?.code).toBe('database-refused');
  });
});
