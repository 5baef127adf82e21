import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import { raw } from '../../src/warehouse/sql.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { type Server, startPostgres } from '../fixtures/postgres/server.ts';

export interface OpenedWarehouse {
  readonly warehouse: Warehouse;
  release(): Promise<void>;
}

/** One kind of real database; `open` gives an empty one with the schemas and log tables alone. */
export interface MetaEngine {
  start(): Promise<void>;
  open(projectRoot: string): Promise<OpenedWarehouse>;
  stop(): Promise<void>;
}

async function makeTables(warehouse: Warehouse): Promise<void> {
  const migration: string = '../../migrations/20260101000000_meta.js';
  const { up } = (await import(migration)) as {
    up(knex: { raw(text: string): Promise<unknown> }): Promise<void>;
  };
  await warehouse.transaction(async (tx) => {
    await up({ raw: (text) => tx.execute(raw(text)) });
  });
}

async function opened(url: string, projectRoot: string): Promise<OpenedWarehouse> {
  const warehouse = openWarehouse(url, { projectRoot, lockTimeoutMs: 20_000, environment: {} });
  await makeTables(warehouse);
  return { warehouse, release: () => warehouse.close() };
}

const duckdb: MetaEngine = {
  start: async () => {},
  open: (projectRoot) => opened('duckdb:data/warehouse.duckdb', projectRoot),
  stop: async () => {},
};

function postgres(): MetaEngine {
  let server: Server;
  return {
    start: async () => {
      server = await startPostgres();
    },
    async open(projectRoot) {
      const name = `t${randomBytes(6).toString('hex')}`;
      const admin = new pg.Client({ connectionString: `${server.url}/postgres` });
      await admin.connect();
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.end();
      return opened(`${server.url}/${name}`, projectRoot);
    },
    stop: () => server.stop(),
  };
}

export const META_ENGINES: readonly (readonly [name: string, engine: MetaEngine])[] = [
  ['DuckDB', duckdb],
  ['PostgreSQL', postgres()],
];
