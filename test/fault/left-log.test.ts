import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayAttached } from '../../src/warehouse/duckdb/replay.ts';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';

const CONFIG = {
  version: 1,
  datasets: {
    s: {
      source: { filename: 's_{period}.csv' },
      schema: { fields: [{ name: 'id' }, { name: 'amount', type: 'integer' }], primaryKey: ['id'] },
    },
  },
};

/** Runs statements on a DuckDB file in a process that is killed before it can close the file. */
function killedAfter(path: string, statements: readonly string[]): void {
  const program = `
    const { DuckDBInstance } = require(${JSON.stringify(createRequire(import.meta.url).resolve('@duckdb/node-api'))});
    (async () => {
      const connection = await (await DuckDBInstance.create(${JSON.stringify(path)})).connect();
      for (const statement of ${JSON.stringify(statements)}) await connection.run(statement);
      process.kill(process.pid, 'SIGKILL');
    })();`;
  expect(spawnSync(process.execPath, ['-e', program]).signal).toBe('SIGKILL');
  expect(existsSync(`${path}.wal`)).toBe(true);
}

async function rowsOf(path: string, table: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(`SELECT id FROM ${table} ORDER BY id`)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows.flat();
}

describe('the log that a killed process left beside the warehouse file', () => {
  let pipeline: Pipeline;
  let file: string;
  beforeEach(async () => {
    pipeline = makePipeline({ config: CONFIG, landed: { 's_2025-05.csv': 'id,amount\na,5\nb,7\n' } });
    file = join(pipeline.root, 'data/warehouse.duckdb');
    expect((await pipeline.run('run --period 2025-05')).code).toBe(0);
    // The file is let go a moment after the command.
    await pipeline.run('status');
    await new Promise((done) => setTimeout(done, 100));
  });
  afterEach(() => pipeline.remove());

  const insert = (id: string) => `INSERT INTO core.s (id, _data_period) VALUES ('${id}', '2025-06')`;

  function damage(at: (bytes: number) => number): void {
    const log = readFileSync(`${file}.wal`);
    const place = at(log.length);
    log[place] = (log[place] as number) ^ 0xff;
    writeFileSync(`${file}.wal`, log);
  }

  it('is put into the file beside another database, and kept as a copy', async () => {
    killedAfter(file, [insert('x'), insert('y')]);
    const before = readFileSync(`${file}.wal`);
    expect(await replayAttached(file)).toBe(`${file}.wal.kept-1`);
    expect(readFileSync(`${file}.wal.kept-1`)).toEqual(before);
    expect(existsSync(`${file}.wal`)).toBe(false);
    expect(await rowsOf(file, 'core.s')).toEqual(['a', 'b', 'x', 'y']);
  });

  it('stops every command where it is damaged, with what to do, and doctor replays all up to the damage', async () => {
    killedAfter(file, [insert('x'), insert('y'), insert('z')]);
    damage((bytes) => bytes - 5);
    const damaged = readFileSync(`${file}.wal`);
    for (const command of ['status', 'run --period 2025-05', 'doctor']) {
      const told = await pipeline.run(command);
      expect(told.code, command).toBe(1);
      expect(told.stdout + told.stderr, command).toContain('tidemark doctor --repair');
      expect(readFileSync(`${file}.wal`)).toEqual(damaged);
    }
    const repaired = await pipeline.run('doctor --repair');
    expect([repaired.code, repaired.stdout]).toEqual([0, expect.stringContaining('replayed up to its byte')]);
    expect(readFileSync(`${file}.wal.kept-1`)).toEqual(damaged);
    expect(await rowsOf(file, 'core.s')).toEqual(['a', 'b', 'x', 'y']);
    expect((await pipeline.run('status')).code).toBe(0);
  });

  it('leaves the file as of its last checkpoint where nothing of it can be read', async () => {
    killedAfter(file, [insert('x')]);
    damage(() => 60);
    const repaired = await pipeline.run('doctor --repair');
    expect(repaired.code, repaired.stdout + repaired.stderr).toBe(0);
    expect(await rowsOf(file, 'core.s')).toEqual(['a', 'b']);
    expect(existsSync(`${file}.wal.kept-1`)).toBe(true);
    expect((await pipeline.run('run --period 2025-05')).code).toBe(0);
  });
});

describe('a change of the schema', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tidemark-log-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is in the file when migrate has ended it, not in the log', async () => {
    const { openWarehouse } = await import('../../src/warehouse/open-warehouse.ts');
    const { raw } = await import('../../src/sql/sql.ts');
    const warehouse = openWarehouse('duckdb:w.duckdb', {
      projectRoot: root,
      lockTimeoutMs: 5_000,
      environment: {},
    });
    await warehouse.alter(true, async ({ session }) => {
      await session.execute(raw('CREATE TABLE t (id VARCHAR)'));
    });
    // The file is still open here: what is in it now is what a kill would leave.
    const log = join(root, 'w.duckdb.wal');
    expect(existsSync(log) ? readFileSync(log).length : 0).toBe(0);
    await warehouse.close();
  });

  it('that the log could not give back is refused before it is made', async () => {
    const pipeline = makePipeline({
      config: CONFIG,
      files: {
        'migrations/1_since.js':
          "export const up = (knex) => knex.raw('ALTER TABLE core.s ADD COLUMN since TIMESTAMP DEFAULT now()');",
        'migrations/0_table.js': "export const up = (knex) => knex.raw('CREATE TABLE core.s (id VARCHAR)');",
      },
    });
    const told = await pipeline.run('migrate --json');
    expect(told.code).toBe(2);
    expect(told.json.message).toContain('gives a column the default now()');
    pipeline.remove();
  });
});
