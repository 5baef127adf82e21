import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import type { Input } from '../fixtures/pipelines/in-process.ts';
import {
  type Answer,
  makePipeline,
  type Pipeline,
  type PipelineFiles,
} from '../fixtures/pipelines/make-pipeline.ts';
import { giveWarehouse } from './migrated-warehouse.ts';

export type Row = Record<string, unknown>;

/** A pipeline in one test, and a door to what its warehouse holds. */
export interface World extends Pipeline {
  /** Rows with every value as text or null, so that both engines give the same. */
  query(statement: string): Promise<Row[]>;
  /** The same of several statements, by one connection. */
  queries(statements: readonly string[]): Promise<Row[][]>;
  /** Runs a command and holds its exit code and its result line against each other; answers the line. */
  json(args: readonly string[] | string, code: number, input?: Input): Promise<Answer['json']>;
}

export interface WorldFiles extends PipelineFiles {
  /** The first command finds no warehouse; otherwise it finds an embedded one with nothing in it but migrations. */
  readonly noWarehouse?: boolean;
}

export function makeWorld(files: WorldFiles): World {
  const pipeline = makePipeline(files);
  onTestFinished(() => pipeline.remove());
  const { databaseUrl } = files;
  let begun = files.noWarehouse === true || databaseUrl !== undefined;
  const run = async (args: readonly string[] | string, input?: Input): Promise<Answer> => {
    if (!begun) await giveWarehouse(pipeline.root);
    begun = true;
    return pipeline.run(args, input);
  };
  const queries = (statements: readonly string[]) =>
    databaseUrl === undefined
      ? queryDuckDb(join(pipeline.root, 'data/warehouse.duckdb'), statements)
      : queryPostgres(databaseUrl, statements);
  const query = async (statement: string) => (await queries([statement]))[0] ?? [];
  return {
    ...pipeline,
    run,
    query,
    queries,
    async json(args, code, input) {
      const words = typeof args === 'string' ? args.split(' ') : args;
      const answer = await run([...words, '--json'], input);
      const told = `${words.join(' ')}\n${answer.stdout}${answer.stderr}`;
      expect(answer.json, told).not.toBeNull();
      expect(answer.code, told).toBe(code);
      expect(answer.json.exit_code, told).toBe(code);
      return answer.json;
    },
  };
}

/** The engines of this run: DuckDB alone where no PostgreSQL could be started, which the setup has said. */
export const ENGINES = ['DuckDB', ...(inject('postgresUrl') === null ? [] : ['PostgreSQL'])];

/** A world on one of the engines, in a database of its own, migrated. */
export async function migratedWorld(engine: string, files: WorldFiles): Promise<World> {
  const databaseUrl = engine === 'DuckDB' ? null : await emptyDatabase();
  const world = makeWorld({ ...files, ...(databaseUrl === null ? {} : { databaseUrl }) });
  await world.json('migrate', 0);
  return world;
}

/**
 * Worlds on the embedded warehouse as `lead` leaves one: it is led there once a file, and every further call gets a copy of
 * its folder, to the last file time. For tests that begin in the same place, each in a world of its own.
 */
export function copiesOf(files: WorldFiles, lead: (world: World) => Promise<unknown>): () => Promise<World> {
  let original: Promise<string> | undefined;
  afterAll(async () => {
    if (original !== undefined) rmSync(await original, { recursive: true, force: true });
  });
  const leadOnce = async () => {
    const world = makeWorld(files);
    await lead(world);
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-kept-'));
    copyTree(world.root, folder);
    return folder;
  };
  return async () => {
    original ??= leadOnce();
    const folder = await original;
    const world = makeWorld(files);
    copyTree(folder, world.root);
    return world;
  };
}

/** With rights and times, which a delivery is known again by; of times, Node would copy the milliseconds alone. */
function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to]);
}

async function queryDuckDb(path: string, statements: readonly string[]): Promise<Row[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', threads: '1' });
  try {
    const connection = await instance.connect();
    try {
      const all: Row[][] = [];
      for (const statement of statements)
        all.push((await connection.runAndReadAll(statement)).getRowObjects().map(asText));
      return all;
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function queryPostgres(url: string, statements: readonly string[]): Promise<Row[][]> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (text: string) => text } as never,
  });
  await client.connect();
  try {
    const all: Row[][] = [];
    for (const statement of statements) all.push((await client.query(statement)).rows.map(asText));
    return all;
  } finally {
    await client.end();
  }
}

function asText(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null
        ? null
        : value === 't' || value === true
          ? 'true'
          : value === 'f' || value === false
            ? 'false'
            : String(value),
    ]),
  );
}

/** An empty database on the server of the run; null where none can be started (never in CI). */
export async function emptyDatabase(): Promise<string | null> {
  const server = inject('postgresUrl');
  if (server === null) return null;
  const name = `cli_${randomBytes(6).toString('hex')}`;
  await queryPostgres(`${server}/postgres`, [`CREATE DATABASE ${name}`]);
  return `${server}/${name}`;
}

/** Every file and folder below a path, with a hash of its bytes, its rights and its time: equal listings are equal trees. */
export function listing(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = relative(root, path);
      const { mode, mtimeMs } = lstatSync(path);
      if (entry.isDirectory()) {
        found[`${name}/`] = mode.toString(8);
        walk(path);
      } else if (entry.isSymbolicLink()) found[name] = `→ ${readlinkSync(path)}`;
      else
        found[name] =
          `${createHash('sha256').update(readFileSync(path)).digest('hex')} ${mode.toString(8)} ${mtimeMs}`;
    }
  };
  walk(root);
  return found;
}

/** The files a project holds below a folder, as paths relative to the project. */
export function filesIn(root: string, folder: string): string[] {
  return Object.keys(listing(root)).filter((name) => name.startsWith(`${folder}/`) && !name.endsWith('/'));
}
