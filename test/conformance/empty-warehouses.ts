import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { type Server, startPostgres } from '../fixtures/postgres/server.ts';

export interface OpenedWarehouse {
  readonly warehouse: Warehouse;
  release(): Promise<void>;
}

/** One kind of real database; `open` gives an empty one. */
export interface Engine {
  start(): Promise<void>;
  open(projectRoot: string): Promise<OpenedWarehouse>;
  stop(): Promise<void>;
}

function opened(url: string, projectRoot: string): OpenedWarehouse {
  const warehouse = openWarehouse(url, { projectRoot, lockTimeoutMs: 20_000, environment: {} });
  return { warehouse, release: () => warehouse.close() };
}

const duckdb: Engine = {
  start: async () => {},
  open: async (projectRoot) => opened('duckdb:data/warehouse.duckdb', projectRoot),
  stop: async () => {},
};

function postgres(): Engine {
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

export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ['DuckDB', duckdb],
  ['PostgreSQL', postgres()],
];
