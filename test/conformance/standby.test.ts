import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { raw } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { type Server, startPostgres } from '../fixtures/postgres/server.ts';

const primary = inject('postgresUrl');
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);
const open = (address: string) =>
  openWarehouse(address, { projectRoot: '/', lockTimeoutMs: 5000, environment: {} });
const isStandby = async (warehouse: Warehouse) => {
  try {
    const query = raw('SELECT pg_is_in_recovery() AS standby');
    return (await warehouse.read((session) => session.query<{ standby: boolean }>(query)))[0]?.standby;
  } finally {
    await warehouse.close();
  }
};
const writes = (warehouse: Warehouse) =>
  warehouse
    .transaction((session) => session.execute(raw('CREATE TABLE written (n INTEGER); DROP TABLE written')))
    .finally(() => warehouse.close());

describe.runIf(primary !== null)('a standby', () => {
  let standby: Server;
  beforeAll(async () => {
    standby = await startPostgres({ standby: true });
  }, 120_000);
  afterAll(() => standby.stop());

  const hostOf = (url: string | null) => new URL(url ?? 'postgres://none').host;
  const both = (search = '') =>
    `postgres://tidemark_admin:wiring-only@${hostOf(standby.url)},${hostOf(primary)}/postgres${search}`;

  it('is read, and for a write it is 5 that says why', async () => {
    expect(await isStandby(open(`${standby.url}/postgres`))).toBe(true);
    const error = await thrown(writes(open(`${standby.url}/postgres`)));
    expect([error?.code, error?.exitCode]).toEqual(['database-read-only', 5]);
    expect(error?.message).toMatch(/takes no writes now: it is a standby/);
    const locked = await thrown(
      open(`${standby.url}/postgres`).transaction((session) => session.lock(['x'])),
    );
    expect(locked?.code).toBe('database-read-only');
    const altered = await thrown(open(`${standby.url}/postgres`).alter(true, async () => 1));
    expect(altered?.code).toBe('database-read-only');
  });

  it.each([
    ['', true],
    ['?target_session_attrs=any', true],
    ['?target_session_attrs=read-write', false],
    ['?target_session_attrs=primary', false],
    ['?target_session_attrs=read-only', true],
    ['?target_session_attrs=standby', true],
    ['?target_session_attrs=prefer-standby', true],
  ])('beside its primary, the address with "%s" leads to the standby: %s', async (search, expected) => {
    expect(await isStandby(open(both(search)))).toBe(expected);
  });

  it('alone is 5 where the address asks for a server that takes writes, and the primary is better than none', async () => {
    const error = await thrown(isStandby(open(`${standby.url}/postgres?target_session_attrs=read-write`)));
    expect([error?.code, error?.exitCode]).toEqual(['database-unreachable', 5]);
    expect(error?.message).toMatch(/takes writes, which target_session_attrs=read-write asks for/);
    expect(await isStandby(open(`${primary}/postgres?target_session_attrs=prefer-standby`))).toBe(false);
  });
});

describe.runIf(primary !== null)('several hosts', () => {
  it('are tried one after the other', async () => {
    const address = `postgres://tidemark_admin:wiring-only@127.0.0.1:1,${new URL(primary ?? '').host}/postgres`;
    expect(await isStandby(open(address))).toBe(false);
  });
});

describe.runIf(primary !== null)('a database that is set to read-only', () => {
  it('is 5 that says so, and is written again when that is over', async () => {
    const admin = new pg.Client({ connectionString: `${primary}/postgres` });
    await admin.connect();
    try {
      await admin.query('CREATE DATABASE read_only_for_now TEMPLATE template0');
      await admin.query('ALTER DATABASE read_only_for_now SET default_transaction_read_only = on');
      const address = `${primary}/read_only_for_now`;
      const error = await thrown(writes(open(address)));
      expect([error?.code, error?.exitCode]).toEqual(['database-read-only', 5]);
      expect(error?.message).toMatch(/it is set to read-only/);
      await admin.query('ALTER DATABASE read_only_for_now RESET default_transaction_read_only');
      await writes(open(address));
    } finally {
      await admin.end();
    }
  });
});
