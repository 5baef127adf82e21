import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../../src/cli/write-words.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { stepResult } from '../../../src/domain/result.ts';
import { TidemarkError } from '../../../src/errors/tidemark-error.ts';
import { openProject } from '../../../src/lake/project.ts';
import { call, readUnlogged } from '../../../src/pipeline/call.ts';
import { type Caller, warehouseAddress } from '../../../src/pipeline/caller.ts';
import { newRunId } from '../../../src/pipeline/run-id.ts';
import { sql } from '../../../src/sql/sql.ts';
import { makePipeline, type Pipeline } from '../../fixtures/pipelines/make-pipeline.ts';

const CONFIG = `
version: 1
datasets:
  cases:
    source: { filename: 'cases_{period}.csv' }
    schema:
      fields: [{ name: case_id, type: integer }]
      primaryKey: [case_id]
`;
const ABOUT = { step: 'look', dataset: null, period: null };
const SILENT = { info() {}, warn() {}, detail() {}, progress() {} };

const pipelines: Pipeline[] = [];
afterEach(() => {
  for (const pipeline of pipelines.splice(0)) pipeline.remove();
});

function callerOf(over: Partial<Caller> = {}): Caller {
  const pipeline = makePipeline({ config: CONFIG });
  pipelines.push(pipeline);
  const project = openProject('.', undefined, pipeline.root);
  const config = loadConfig(project.configPath, {}, 'datasets_config.yml');
  return {
    ...{ project, config, warehouse: warehouseAddress(undefined, {}, config), environment: {} },
    ...{ lockTimeoutMs: 1000, dryRun: false, runId: 'r-1', clock: () => new Date(), log: SILENT },
    write: writeWords,
    ...{ signal: new AbortController().signal, betweenLooksMs: 0, version: '0.0.0', onError() {} },
    ...over,
  };
}

const logged = (caller: Caller) =>
  readUnlogged(caller, (ctx) =>
    ctx.warehouse.read((session) =>
      session.query(
        sql`SELECT run_id, step, exit_code AS code, message FROM meta.run_log ORDER BY started_at`,
      ),
    ),
  );
const records = ({ project }: Caller) => {
  const folder = join(project.root, 'data', 'runs');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
};

describe('a call', () => {
  it('prepares a new warehouse, answers the result, and leaves a record and a row of the log', async () => {
    const caller = callerOf();
    const result = await call(caller, ABOUT, async ({ ctx }) => {
      const [found] = await ctx.warehouse.read((session) =>
        session.query(sql`SELECT count(*) AS n FROM stage.cases`),
      );
      return stepResult({ ...ABOUT, status: 'done', message: `${found?.n} rows, run ${ctx.runId}.` });
    });
    expect(result).toMatchObject({ status: 'done', message: '0 rows, run r-1.' });
    expect(await logged(caller)).toEqual([
      { run_id: 'r-1', step: 'look', code: 0, message: '0 rows, run r-1.' },
    ]);
    expect(records(caller).filter((one) => one.isFile())).toHaveLength(1);
  });

  it('answers the error of its work as a result, which is logged as well', async () => {
    const seen: unknown[] = [];
    const caller = callerOf({ onError: (error) => seen.push(error) });
    const error = new TidemarkError('guard-tripped', { message: 'Too many rows.' });
    expect(await call(caller, ABOUT, () => Promise.reject(error))).toMatchObject({ exitCode: 4 });
    expect(seen).toEqual([error]);
    expect(await logged(caller)).toMatchObject([{ code: 4, message: 'Too many rows.' }]);
  });

  it('of a dry run works on prepared tables and leaves nothing', async () => {
    const caller = callerOf({ dryRun: true });
    const result = await call(caller, ABOUT, async ({ ctx }) => {
      await ctx.warehouse.read((session) => session.query(sql`SELECT * FROM stage.cases`));
      return stepResult({ ...ABOUT, status: 'done' });
    });
    expect(result.status).toBe('done');
    expect(records(caller)).toEqual([]);
    expect(existsSync(join(caller.project.root, 'data', 'warehouse.duckdb'))).toBe(false);
  });

  it('keeps apart what belongs to another call, of another project and run, in the same process', async () => {
    const [first, second] = [callerOf(), callerOf({ runId: 'r-2' })];
    await Promise.all(
      [first, second].map((caller) =>
        call(caller, ABOUT, async ({ ctx }) => stepResult({ ...ABOUT, status: 'done', message: ctx.runId })),
      ),
    );
    expect(await logged(first)).toMatchObject([{ run_id: 'r-1', message: 'r-1' }]);
    expect(await logged(second)).toMatchObject([{ run_id: 'r-2', message: 'r-2' }]);
  });
});

describe('a look into the warehouse', () => {
  it('sees prepared tables, and leaves no record and no row of the log', async () => {
    const caller = callerOf();
    expect(await logged(caller)).toEqual([]);
    expect(await logged(caller)).toEqual([]);
    expect(records(caller)).toEqual([]);
  });
});

describe('the address of the warehouse', () => {
  it('is that of the call before the environment, the configuration and the embedded one', () => {
    const { config } = callerOf();
    const environment = { DATABASE_URL: 'duckdb:b' };
    expect(warehouseAddress('duckdb:a', environment, { ...config, databaseUrl: 'duckdb:c' })).toBe(
      'duckdb:a',
    );
    expect(warehouseAddress(undefined, environment, { ...config, databaseUrl: 'duckdb:c' })).toBe('duckdb:b');
    expect(warehouseAddress(undefined, { DATABASE_URL: '' }, { ...config, databaseUrl: 'duckdb:c' })).toBe(
      'duckdb:c',
    );
    expect(warehouseAddress(undefined, {}, config)).toBe('duckdb:data/warehouse.duckdb');
  });
});

describe('the name of a run', () => {
  it('begins with its time, and is another one for each', () => {
    const now = new Date('2025-07-01T06:00:09.123Z');
    expect(newRunId(now)).toMatch(/^20250701T060009Z-[0-9a-f]{6}$/);
    expect(newRunId(now)).not.toBe(newRunId(now));
  });
});
