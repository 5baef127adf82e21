import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** Brings an empty warehouse of a project in that folder to where tests begin. */
export type Prepare = (warehouse: Warehouse, projectRoot: string) => Promise<unknown>;

/** One kind of real database; `open` gives an empty one. */
export interface Engine {
  start(): Promise<void>;
  open(projectRoot: string, options?: Partial<WarehouseOptions>): Promise<OpenedWarehouse>;
  /**
   * A warehouse as `prepare` leaves an empty one: it runs once for each `like`, and what it left is copied. For tests
   * that each begin with the same tables in a warehouse of their own.
   */
  openPrepared(projectRoot: string, like: object | string, prepare: Prepare): Promise<OpenedWarehouse>;
  stop(): Promise<void>;
}

function opened(url: string, projectRoot: string, options: Partial<WarehouseOptions> = {}): OpenedWarehouse {
  const warehouse = openWarehouse(url, { lockTimeoutMs: 20_000, environment: {}, ...options, projectRoot });
  return { warehouse, url, release: () => warehouse.close() };
}

function duckdb(): Engine {
  const prepared = new Map<object | string, Promise<string>>();
  const open: Engine['open'] = async (projectRoot, options) =>
    opened('duckdb:data/warehouse.duckdb', projectRoot, options);
  const prepareOnce = async (projectRoot: string, prepare: Prepare) => {
    const { warehouse, release } = await open(projectRoot);
    await prepare(warehouse, projectRoot);
    await release();
    const copy = join(mkdtempSync(join(tmpdir(), 'tidemark-prepared-')), 'warehouse.duckdb');
    copyFileSync(join(projectRoot, 'data/warehouse.duckdb'), copy);
    return copy;
  };
  return {
    start: async () => {},
    open,
    async openPrepared(projectRoot, like, prepare) {
      const made = prepared.get(like) ?? prepareOnce(projectRoot, prepare);
      prepared.set(like, made);
      const file = join(projectRoot, 'data/warehouse.duckdb');
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(await made, file);
      return open(projectRoot);
    },
    async stop() {
      for (const made of prepared.values()) rmSync(dirname(await made), { recursive: true, force: true });
      prepared.clear();
    },
  };
}

function postgres(server: string): Engine {
  const prepared = new Map<object | string, Promise<string>>();
  const create = async (template: string) => {
    const name = `t${randomBytes(6).toString('hex')}`;
    const admin = new pg.Client({ connectionString: `${server}/postgres` });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    await admin.end();
    return name;
  };
  const prepareOnce = async (projectRoot: string, prepare: Prepare) => {
    const name = await create('template0');
    const { warehouse, release } = opened(`${server}/${name}`, projectRoot);
    await prepare(warehouse, projectRoot);
    // Nobody may be in a database that is copied.
    await release();
    return name;
  };
  return {
    start: async () => {},
    open: async (projectRoot, options) =>
      opened(`${server}/${await create('template0')}`, projectRoot, options),
    async openPrepared(projectRoot, like, prepare) {
      const made = prepared.get(like) ?? prepareOnce(projectRoot, prepare);
      prepared.set(like, made);
      return opened(`${server}/${await create(await made)}`, projectRoot);
    },
    // Files share this module: what one prepared is not for the next.
    async stop() {
      prepared.clear();
    },
  };
}

const server = inject('postgresUrl');

/** Both engines; DuckDB alone where no PostgreSQL could be started, which the setup has said. */
export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ['DuckDB', duckdb()],
  ...(server === null ? [] : ([['PostgreSQL', postgres(server)]] as const)),
];
