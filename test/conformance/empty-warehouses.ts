import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse, WarehouseOptions } from '../../src/warehouse/warehouse.ts';

export interface OpenedWarehouse {
  readonly warehouse: Warehouse;
  /** The address, to open it a second time or to hand it to a process. */
  readonly url: string;
  release(): Promise<void>;
}

/** One kind of real database; `open` gives an empty one. */
export interface Engine {
  start(): Promise<void>;
  open(projectRoot: string, options?: Partial<WarehouseOptions>): Promise<OpenedWarehouse>;
  stop(): Promise<void>;
}

function opened(url: string, projectRoot: string, options: Partial<WarehouseOptions> = {}): OpenedWarehouse {
  const warehouse = openWarehouse(url, { lockTimeoutMs: 20_000, environment: {}, ...options, projectRoot });
  return { warehouse, url, release: () => warehouse.close() };
}

const duckdb: Engine = {
  start: async () => {},
  open: async (projectRoot, options) => opened('duckdb:data/warehouse.duckdb', projectRoot, options),
  stop: async () => {},
};

function postgres(server: string): Engine {
  return {
    start: async () => {},
    async open(projectRoot, options) {
      const name = `t${randomBytes(6).toString('hex')}`;
      const admin = new pg.Client({ connectionString: `${server}/postgres` });
      await admin.connect();
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      await admin.end();
      return opened(`${server}/${name}`, projectRoot, options);
    },
    stop: async () => {},
  };
}

const server = inject('postgresUrl');

/** Both engines; DuckDB alone where no PostgreSQL could be started, which the setup has said. */
export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ['DuckDB', duckdb],
  ...(server === null ? [] : ([['PostgreSQL', postgres(server)]] as const)),
];
