import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import { rehearseTransaction, transactionUnlessDry } from '../../src/warehouse/rehearse-transaction.ts';
import type { Session, Warehouse } from '../../src/warehouse/warehouse.ts';
import { ENGINES, type OpenedWarehouse } from './empty-warehouses.ts';

describe.each(ENGINES)('a warehouse on %s', (name, engine) => {
  let root: string;
  let opened: OpenedWarehouse;
  let warehouse: Warehouse;

  const run = (text: string) => warehouse.transaction((session) => session.execute(raw(text)));
  const numbers = () =>
    warehouse.read(async (session) =>
      (await session.query<{ n: number }>(raw('SELECT n FROM stage.t ORDER BY n'))).map((row) => row.n),
    );
  const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'tidemark-warehouse-'));
    opened = await engine.open(root, { lockTimeoutMs: 1500 });
    warehouse = opened.warehouse;
    await run('CREATE SCHEMA stage');
    await run('CREATE SCHEMA meta');
    await run('CREATE TABLE meta.lock (name VARCHAR PRIMARY KEY, taken BIGINT NOT NULL DEFAULT 0)');
    await run('CREATE TABLE stage.t (n INTEGER)');
  });
  afterAll(async () => {
    await opened.release();
    rmSync(root, { recursive: true, force: true });
  });

  it('keeps nothing of a rehearsed transaction, answers what it came to, and lets its errors pass', async () => {
    const add = (session: Session) => session.execute(raw('INSERT INTO stage.t VALUES (77), (78)'));
    const before = await numbers();
    expect(await rehearseTransaction(warehouse, add)).toBe(2);
    expect(await transactionUnlessDry({ warehouse, dryRun: true }, add)).toBe(2);
    expect(await numbers()).toEqual(before);
    const failing = rehearseTransaction(warehouse, (session) =>
      session.execute(raw('INSERT INTO stage.none VALUES (1)')),
    );
    expect(await thrown(failing)).toMatchObject({ code: 'statement-failed' });
    expect(await transactionUnlessDry({ warehouse, dryRun: false }, add)).toBe(2);
    expect(await numbers()).toEqual([...before, 77, 78]);
    await run('DELETE FROM stage.t WHERE n IN (77, 78)');
  });

  it('gives back every kind of value as the contract says, the same on both engines', async () => {
    const row = await warehouse.read((session) =>
      session.query(
        sql`SELECT CAST(${'9007199254740993'} AS BIGINT) AS wide, CAST(7 AS BIGINT) AS small, ${5} AS bound, ${1.5} AS half,
          CAST(${'-12.50'} AS DECIMAL(12,2)) AS money, CAST(${'2025-06-01'} AS DATE) AS day,
          CAST(${'2025-06-01 10:11:12.120'} AS TIMESTAMP) AS moment, CAST(${'10:11:12'} AS TIME) AS clock,
          CAST(${'2025-06-01 10:11:12+02'} AS TIMESTAMP WITH TIME ZONE) AS zoned, ${true} AS yes,
          CAST(${'{"b": [1, "x y"], "a": null}'} AS JSON) AS json, CAST(NULL AS VARCHAR) AS nothing, ${''} AS empty,
          CAST(${'2025'} AS SMALLINT) AS year, (SELECT sum(v) FROM (VALUES (1), (2)) AS s (v)) AS total,
          CAST(${'a\\b'} AS VARCHAR) AS "it's"`,
      ),
    );
    expect(row).toEqual([
      {
        ...{ wide: 9007199254740993n, small: 7, bound: 5, half: 1.5, money: '-12.50', day: '2025-06-01' },
        ...{ moment: '2025-06-01T10:11:12.12', clock: '10:11:12', zoned: '2025-06-01T08:11:12Z', yes: true },
        ...{
          json: '{"b":[1,"x y"],"a":null}',
          nothing: null,
          empty: '',
          year: 2025,
          total: 3,
          "it's": 'a\\b',
        },
      },
    ]);
  });

  it('keeps a column called __proto__', async () => {
    const [row] = await warehouse.read((session) => session.query<object>(sql`SELECT ${1} AS "__proto__"`));
    expect(Object.entries(row as object)).toEqual([['__proto__', 1]]);
  });

  it('commits what a transaction did, and nothing of one that throws', async () => {
    await run('DELETE FROM stage.t');
    await run('INSERT INTO stage.t VALUES (1)');
    const error = await thrown(
      warehouse.transaction(async (session) => {
        await session.execute(raw('INSERT INTO stage.t VALUES (2)'));
        throw new Error('of the caller');
      }),
    );
    expect(error?.message).toBe('of the caller');
    expect(await numbers()).toEqual([1]);
  });

  it('does not commit after a failed statement, even one that the caller swallowed', async () => {
    await run('DELETE FROM stage.t');
    const error = await thrown(
      warehouse.transaction(async (session) => {
        await session.execute(raw('INSERT INTO stage.t VALUES (3)'));
        await session.query(raw('SELECT nonsense')).catch(() => {});
      }),
    );
    expect(error?.code).toBe('statement-failed');
    expect(await numbers()).toEqual([]);
  });

  it('lets no statement run after the end of its transaction', async () => {
    await run('DELETE FROM stage.t');
    let late: Session | null = null;
    await thrown(
      warehouse.transaction(async (session) => {
        late = session;
        void session.execute(raw('INSERT INTO stage.t VALUES (4)')).catch(() => {});
        throw new Error('too early');
      }),
    );
    await expect(
      (late as unknown as Session).execute(raw('INSERT INTO stage.t VALUES (5)')),
    ).rejects.toThrow();
    expect(await numbers()).toEqual([]);
  });

  it('refuses writes where only looking was announced', async () => {
    await run('DELETE FROM stage.t');
    await thrown(warehouse.read((session) => session.execute(raw('INSERT INTO stage.t VALUES (6)'))));
    expect(await numbers()).toEqual([]);
  });

  it('reads one snapshot, whatever others commit meanwhile', async () => {
    await run('DELETE FROM stage.t');
    const counts = await warehouse.read(async (session) => {
      const count = async () => (await session.query(raw('SELECT n FROM stage.t'))).length;
      const before = await count();
      await run('INSERT INTO stage.t VALUES (7)');
      return [before, await count()];
    });
    expect(counts).toEqual([0, 0]);
    expect(await numbers()).toEqual([7]);
  });

  it('lets two callers with the same lock work one after the other, each on what the other left', async () => {
    await run('DELETE FROM stage.t');
    const next = () =>
      warehouse.transaction(async (session) => {
        await session.lock(['counter', 'another']);
        const [row] = await session.query<{ n: number }>(raw('SELECT count(*) AS n FROM stage.t'));
        await new Promise((resolve) => setTimeout(resolve, 30));
        await session.execute(sql`INSERT INTO stage.t VALUES (${row?.n ?? 0})`);
      });
    await Promise.all([next(), next(), next()]);
    expect(await numbers()).toEqual([0, 1, 2]);
  });

  it('gives a lock that comes after a look a snapshot of its own', async () => {
    await run('DELETE FROM stage.t');
    const next = () =>
      warehouse.transaction(async (session) => {
        await session.query(raw('SELECT count(*) FROM stage.t'));
        await session.lock(['late']);
        const [row] = await session.query<{ n: number }>(raw('SELECT count(*) AS n FROM stage.t'));
        await session.execute(sql`INSERT INTO stage.t VALUES (${row?.n ?? 0})`);
      });
    await Promise.all([next(), next()]);
    expect(await numbers()).toEqual([0, 1]);
  });

  it('waits for a lock as long as it may, then says that it is busy', async () => {
    let release = () => {};
    let taken = () => {};
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const holder = warehouse.transaction(async (session) => {
      await session.lock(['busy']);
      taken();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await isTaken;
    const error = await thrown(warehouse.transaction((session) => session.lock(['busy'])));
    release();
    await holder;
    expect([error?.code, error?.exitCode]).toEqual(['lock-busy', 5]);
    await warehouse.transaction((session) => session.lock(['busy']));
  });

  it('never shows values of the data in an error', async () => {
    const error = await thrown(
      warehouse.transaction((session) =>
        session.execute(sql`INSERT INTO stage.t SELECT CAST(${'Jane Doe'} AS INTEGER)`),
      ),
    );
    expect(error?.code).toBe('statement-failed');
    expect(`${error?.message}${error?.cause}`).not.toContain('Jane');
  });

  it('stops a long statement when it is told to, and rolls back', async () => {
    await run('DELETE FROM stage.t');
    const stop = new AbortController();
    const stopped = openWarehouse(opened.url, {
      ...{ projectRoot: root, lockTimeoutMs: 1000, environment: {}, signal: stop.signal },
    });
    const began = Date.now();
    setTimeout(() => stop.abort(new Error('told to stop')), 300);
    const error = await thrown(
      stopped.transaction(async (session) => {
        await session.execute(raw('INSERT INTO stage.t VALUES (8)'));
        await session.query(
          raw(
            'SELECT count(*) FROM generate_series(1, 300000) AS a (x), generate_series(1, 300000) AS b (y)',
          ),
        );
      }),
    );
    await stopped.close();
    expect(error?.message).toBe('told to stop');
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await numbers()).toEqual([]);
  });

  it('says what columns a table has, in words that both engines share', async () => {
    const { jsonType, doubleType } = warehouse.capabilities;
    await run(`CREATE TABLE stage.typed (a BIGINT NOT NULL, b ${doubleType}, c DECIMAL(12,2), d VARCHAR, e DATE,
      f TIMESTAMP, g TIME, h BOOLEAN, i SMALLINT, j ${jsonType}, k INTEGER)`);
    const columns = await warehouse.read((session) => session.columns({ schema: 'stage', name: 'typed' }));
    expect(columns?.map((column) => column.type).join(' ')).toBe(
      'BIGINT DOUBLE DECIMAL(12,2) VARCHAR DATE TIMESTAMP TIME BOOLEAN SMALLINT JSON INTEGER',
    );
    expect(columns?.map((column) => column.nullable)).toEqual([false, ...Array(10).fill(true)]);
    expect(await warehouse.read((session) => session.columns({ schema: 'stage', name: 'none' }))).toBeNull();
  });

  it('is shown without user and password', () => {
    expect(warehouse.displayName).not.toMatch(/tidemark_admin|wiring/);
    expect(warehouse.displayName).toMatch(name === 'DuckDB' ? /^duckdb:data\// : /^postgres:\/\/127/);
  });
});

describe('the embedded warehouse', () => {
  it('is not made by looking', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tidemark-warehouse-'));
    const warehouse = openWarehouse('duckdb:data/w.duckdb', { projectRoot: root, lockTimeoutMs: 100 });
    expect(await warehouse.read((session) => session.query(raw('SELECT 1 AS one')))).toEqual([{ one: 1 }]);
    expect(existsSync(join(root, 'data'))).toBe(false);
    rmSync(root, { recursive: true });
  });
});

describe('an embedded warehouse that another process has open', () => {
  let root: string;
  let holder: ChildProcess;

  /** A process that opens the file, says so, and lets go when it is told to. */
  async function hold(path: string): Promise<void> {
    const script = `const { DuckDBInstance } = require('@duckdb/node-api');
      DuckDBInstance.create(process.argv[1]).then((instance) => {
        console.log('held');
        process.stdin.once('data', () => { instance.closeSync(); process.exit(0); });
      });`;
    holder = spawn(process.execPath, ['-e', script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
  }

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'tidemark-held-'));
    await hold(join(root, 'w.duckdb'));
  });
  afterAll(() => {
    holder.kill();
    rmSync(root, { recursive: true });
  });

  it('is busy as long as that lasts, and free at once afterwards', async () => {
    const open = (lockTimeoutMs: number) =>
      openWarehouse('duckdb:w.duckdb', { projectRoot: root, lockTimeoutMs });
    const look = (warehouse: Warehouse) => warehouse.read((session) => session.query(raw('SELECT 1 AS one')));
    const error = (await look(open(300)).catch((caught) => caught)) as TidemarkError;
    expect([error.code, error.exitCode]).toEqual(['lock-busy', 5]);
    expect(error.message).toContain(`process ${holder.pid}`);
    const waiting = look(open(20_000));
    holder.stdin?.write('go\n');
    expect(await waiting).toEqual([{ one: 1 }]);
  });
});

describe('an address', () => {
  it.each([
    ['mysql://u:secret@h/x', 'usage'],
    ['nonsense', 'usage'],
    ['postgres://u:secret@127.0.0.1:1/x', 'database-unreachable'],
    ['postgres://u:secret@no-such-host.invalid/x', 'database-unreachable'],
    ['postgres://u:secret@h/x?sslmode=sometimes', 'usage'],
    ['postgres://u:secret@h/x?nonsense=1', 'usage'],
  ])('%s ends in %s and shows no password', async (url, code) => {
    const options = { projectRoot: '/', lockTimeoutMs: 100, environment: {} };
    const open = async () => openWarehouse(url, options).read(async () => 1);
    const error = (await open().catch((caught) => caught)) as TidemarkError;
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.hint} ${error.stack} ${error.cause}`).not.toContain('secret');
  });
});
