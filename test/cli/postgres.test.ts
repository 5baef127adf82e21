import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { citizens, MART, register, THREE } from './registers.ts';
import { emptyDatabase, filesIn, listing, makeWorld } from './world.ts';

const june = { 'citizens_2025-06.csv': THREE };
const STEPS = ['ingest', 'validate', 'load-stage', 'transform', 'publish'];

/** None where no server could be started, which the setup has said. */
const servers = [inject('postgresUrl')].filter((url) => url !== null);

/** A port on which nobody listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

describe('a database that cannot be used', () => {
  it('and does not answer is for later; its password is never told', async () => {
    const url = `postgres://someone:s3cr3t-pa55@127.0.0.1:${await closedPort()}/x`;
    const world = makeWorld({ ...register(june), noWarehouse: true });
    for (const args of [
      ['ingest', '--period', '2025-06', '--verbose'],
      ['status'],
      ['migrate'],
      ['run', '--period', '2025-06', '--dry-run'],
    ]) {
      const { code, json, stdout, stderr } = await world.run([
        ...args,
        '--json',
        '--lock-timeout',
        '1',
        '--database-url',
        url,
      ]);
      expect(code, stderr).toBe(5);
      expect(json).toMatchObject({ status: 'retry', hint: expect.stringMatching(/again/) });
      expect(json.message).toMatch(/127\.0\.0\.1/);
      expect(stdout + stderr).not.toContain('s3cr3t-pa55');
    }
    const others = filesIn(world.root, 'data').filter((path) => !/^data\/(landed|runs)\//.test(path));
    expect(others).toEqual([]);
    for (const path of filesIn(world.root, 'data/runs')) expect(path).not.toContain('s3cr3t');
  });

  it('for it is the address of no warehouse, is never repeated either', async () => {
    const world = makeWorld(register(june));
    const { code, stdout, stderr } = await world.run([
      'status',
      '--database-url',
      'postgers://me:s3cr3t-pa55@db/x',
      '--json',
      '--verbose',
    ]);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('s3cr3t-pa55');
  });
});

describe.each(servers)('on PostgreSQL', () => {
  it('a wrong password is refused and never told', async () => {
    const url = String(await emptyDatabase()).replace('wiring-only', 's3cr3t-pa55');
    const world = makeWorld(register(june, { databaseUrl: url }));
    const { code, json, stdout, stderr } = await world.run('ingest --period 2025-06 --json --verbose');
    expect([code, json.status]).toEqual([2, 'usage']);
    expect(stdout + stderr).not.toContain('s3cr3t-pa55');
    expect(stdout + stderr).not.toContain('postgres://');
  });

  it('a database without migrations is left alone until somebody migrates it', async () => {
    const url = String(await emptyDatabase());
    const world = makeWorld(register(june, { databaseUrl: url }));
    for (const command of [...STEPS, 'run']) {
      const { hint } = await world.json(`${command} --period 2025-06`, 2);
      expect(hint).toMatch(/tidemark migrate/);
    }
    await world.json('run --period 2025-06 --dry-run', 2);
    expect((await world.run('migrate --dry-run')).stdout).toMatch(/CREATE SCHEMA/i);
    const schemas =
      "SELECT nspname FROM pg_namespace WHERE nspname IN ('meta', 'stage', 'core', 'mart', 'history')";
    expect(await world.query(schemas)).toEqual([]);
    expect(filesIn(world.root, 'data').filter((path) => /^data\/(stage|reports)/.test(path))).toEqual([]);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'done' });
    expect(await world.query(schemas)).toHaveLength(5);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'done' });
  });

  it('takes a month through every step, once, and dry runs change nothing', async () => {
    const url = String(await emptyDatabase());
    const world = makeWorld(register(june, { databaseUrl: url, files: { 'models/mart/incomes.sql': MART } }));
    await world.json('migrate', 0);
    const counts: Record<string, object> = {
      validate: { accepted: 3 },
      'load-stage': { inserted: 3 },
      transform: { added: 3 },
      publish: { inserted: 1 },
    };
    const logs = async () =>
      Promise.all(
        ['ingestion_log', 'validation_log', 'load_log', 'promotion_log', 'publish_log', 'run_log'].map(
          (log) => world.query(`SELECT * FROM meta.${log}`),
        ),
      );
    for (const step of STEPS) {
      const before = [listing(world.root), await logs()];
      expect((await world.json(`${step} --period 2025-06 --dry-run`, 0)).rows, step).toMatchObject(
        counts[step] ?? {},
      );
      expect([listing(world.root), await logs()], step).toEqual(before);
      expect(await world.json(`${step} --period 2025-06`, 0), step).toMatchObject({
        status: 'done',
        rows: counts[step] ?? {},
      });
    }
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
    expect(
      await world.query('SELECT citizen_id, full_name, income, _data_period FROM core.citizens ORDER BY 1'),
    ).toEqual([
      { citizen_id: '1', full_name: 'Ada Lovelace', income: '10.00', _data_period: '2025-06' },
      { citizen_id: '2', full_name: 'Bea Byron', income: null, _data_period: '2025-06' },
      { citizen_id: '3', full_name: 'Cy Clark', income: '0.00', _data_period: '2025-06' },
    ]);
    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada Lovelace', 11]));
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT people, income FROM mart.incomes')).toEqual([
      { people: '3', income: '11.00' },
    ]);
    expect(await world.json('load-stage --period 2025-06 --dataset citizens --file-id 1', 0)).toMatchObject({
      rows: { deleted: 1, inserted: 3 },
    });
    expect((await world.json('status --period 2025-06', 0)).details.board).toMatchObject([
      { dataset: 'citizens', state: 'to promote' },
    ]);
    expect((await world.json('history --dataset citizens', 0)).details.events.length).toBeGreaterThan(6);
    await world.json('export mart.incomes --format csv --file out.csv', 0);
    expect(filesIn(world.root, 'data')).not.toContain('data/warehouse.duckdb');
  });

  it('waits for a lock that another holds, then says to come again', async () => {
    const url = String(await emptyDatabase());
    const world = makeWorld(register(june, { databaseUrl: url }));
    await world.json('migrate', 0);
    await world.json('run --period 2025-06 --through validate', 0);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('LOCK TABLE stage.citizens IN ACCESS EXCLUSIVE MODE');
      const busy = await world.json('load-stage --period 2025-06 --dataset citizens --lock-timeout 1', 5);
      expect(busy).toMatchObject({ status: 'retry', hint: expect.stringMatching(/again|--lock-timeout/) });
      await other.query('ROLLBACK');
    } finally {
      await other.end();
    }
    expect(await world.json('load-stage --period 2025-06 --dataset citizens', 0)).toMatchObject({
      rows: { inserted: 3 },
    });
  });
});

describe('the embedded warehouse', () => {
  it('is waited for while another process holds it, then the caller is told to come again', async () => {
    const world = makeWorld(register(june));
    await world.json('ingest --period 2025-06', 0);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const { spawn } = await import('node:child_process');
    const hold = `import { DuckDBInstance } from '@duckdb/node-api';
      await DuckDBInstance.create(process.argv[1]); console.log('held'); setTimeout(() => {}, 60000);`;
    const holder = spawn(
      process.execPath,
      ['--input-type=module', '-e', hold, join(world.root, 'data/warehouse.duckdb')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      await expect(DuckDBInstance.create(join(world.root, 'data/warehouse.duckdb'))).rejects.toThrow(/lock/i);
      const busy = await world.json('validate --period 2025-06 --lock-timeout 0.5', 5);
      expect(busy).toMatchObject({ status: 'retry', hint: expect.stringMatching(/again|--lock-timeout/) });
      const waiting = world.json('validate --period 2025-06 --lock-timeout 30', 0);
      setTimeout(() => holder.kill(), 500);
      expect(await waiting).toMatchObject({ status: 'done' });
    } finally {
      holder.kill();
    }
  });
});
