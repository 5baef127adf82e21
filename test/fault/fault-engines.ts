import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { inject } from 'vitest';

export type Rows = readonly Record<string, unknown>[];

/** The database behind one pipeline, looked at from outside of Tidemark. */
export interface Database {
  /** DATABASE_URL for the pipeline; undefined: the embedded one in its folder. */
  readonly url: string | undefined;
  /** Runs one statement in the pipeline at `root`; every value comes back as text, a number or null. */
  query(root: string, statement: string): Promise<Rows>;
  drop(): Promise<void>;
}

export interface FaultEngine {
  readonly name: 'DuckDB' | 'PostgreSQL';
  make(): Promise<Database>;
}

/** Opened for reading alone unless it has to write: what a kill left, its WAL too, is looked at as it lies there. */
async function queryDuckdb(root: string, statement: string): Promise<Rows> {
  const file = join(root, 'data', 'warehouse.duckdb');
  if (!existsSync(file)) throw new Error('there is no warehouse yet');
  const reads = /^\s*(SELECT|WITH)\b/i.test(statement);
  const instance = await DuckDBInstance.create(file, reads ? { access_mode: 'READ_ONLY' } : {});
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(statement);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export async function queryPostgres(url: string, statement: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const duckdb: FaultEngine = {
  name: 'DuckDB',
  make: async () => ({ url: undefined, query: queryDuckdb, drop: async () => {} }),
};

const postgres = (server: string): FaultEngine => ({
  name: 'PostgreSQL',
  async make() {
    const name = `fault_${randomBytes(6).toString('hex')}`;
    const admin = `${server}/postgres`;
    await queryPostgres(admin, `CREATE DATABASE ${name} TEMPLATE template0`);
    const url = `${server}/${name}`;
    return {
      url,
      query: (_root, statement) => queryPostgres(url, statement),
      drop: async () => void (await queryPostgres(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
    };
  },
});

const server = inject('postgresUrl');

/** Both engines; DuckDB alone where no PostgreSQL could be started, which the setup has said. */
export const FAULT_ENGINES: readonly (readonly [name: string, engine: FaultEngine])[] = [
  ['DuckDB', duckdb],
  ...(server === null ? [] : ([['PostgreSQL', postgres(server)]] as const)),
];

/** PostgreSQL alone, for what only a server can do. */
export const SERVER_ENGINES = FAULT_ENGINES.filter(([name]) => name === 'PostgreSQL');
