import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { openProject } from '../../src/lake/project.ts';
import { loadPeriod } from '../../src/pipeline/load-period.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import { stepContext } from '../conformance/world/step-context.ts';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { type Content, ENTRIES_CONFIG, entries, PERIOD } from './entries.ts';
import { type Database, FAULT_ENGINES } from './fault-engines.ts';
import { succeed } from './replaced-period.ts';

const FAILURES = 50;

describe.each(FAULT_ENGINES)('loads that fail at the last row on %s', (_name, engine) => {
  let database: Database;
  let pipeline: Pipeline;
  let content: Content;
  const query = (statement: string) => database.query(pipeline.root, statement);

  beforeAll(async () => {
    database = await engine.make();
    const good = entries(1, 20_000);
    content = good.content;
    pipeline = makePipeline({
      config: ENTRIES_CONFIG,
      landed: { [`entries_${PERIOD}_v1.csv`]: good.csv },
      ...(database.url === undefined ? {} : { databaseUrl: database.url }),
    });
    await succeed(pipeline, 'migrate');
    for (const step of ['ingest', 'validate', 'load-stage'])
      await succeed(pipeline, `${step} --period ${PERIOD}`);
    // The table's owner wants more than the contract says; the file learns of it with its last row.
    await query('CREATE UNIQUE INDEX entries_once ON stage.entries (_data_period, id)');
    pipeline.land(`entries_${PERIOD}_v2.csv`, `${entries(2, 20_000).csv}1,1.00,once more,2025-06-30\n`);
    for (const step of ['ingest', 'validate']) await succeed(pipeline, `${step} --period ${PERIOD}`);
  }, 120_000);
  afterAll(async () => {
    pipeline.remove();
    await database.drop();
  });

  async function expectOldRows(): Promise<void> {
    const [found] = await query(
      'SELECT count(*) AS n, sum(amount) AS total, max(_file_id) AS file FROM stage.entries',
    );
    expect(Object.values(found ?? {}).map(Number)).toEqual([content.rows, content.total, 1]);
    const [logged] = await query('SELECT count(*) AS n FROM meta.load_log');
    expect(Number(logged?.n)).toBe(1);
  }

  it('leave the table and its log as they were, and tell why', async () => {
    const failed = await pipeline.run(`load-stage --period ${PERIOD} --dataset entries --json --quiet`);
    expect(failed.code).toBe(1);
    expect(failed.json).toMatchObject({ status: 'failed', dataset: 'entries', period: PERIOD });
    expect(failed.json.message).toMatch(/duplicate|unique/i);
    await expectOldRows();
    const [logged] = await query('SELECT status, exit_code FROM meta.run_log ORDER BY id DESC LIMIT 1');
    expect(logged).toMatchObject({ status: 'failed', exit_code: 1 });
  });

  it(`leak nothing, ${FAILURES} of them in one process: no files, no open handles, no connections`, async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'tidemark-leaks-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    const load = loader(pipeline.root, database.url ?? 'duckdb:data/warehouse.duckdb');
    try {
      await load.fail();
      const [handles, connections] = [openHandles(), await connectionsOf(database, pipeline)];
      for (let i = 1; i < FAILURES; i++) await load.fail();
      expect(openHandles()).toBeLessThanOrEqual(handles + 2);
      expect(await connectionsOf(database, pipeline)).toBeLessThanOrEqual(connections);
      expect(readdirSync(temporary)).toEqual([]);
      await load.close();
      expect(await connectionsOf(database, pipeline)).toBe(0);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(temporary, { recursive: true, force: true });
    }
    await expectOldRows();
  }, 120_000);
});

/** load-stage without the program around it. */
function loader(root: string, url: string) {
  const project = openProject(root);
  const config = loadConfig(project.configPath, {}, 'datasets_config.yml');
  const warehouse = openWarehouse(url, { projectRoot: root, lockTimeoutMs: 10_000, environment: {} });
  const period = parsePeriod(PERIOD);
  if (period === null) throw new TypeError(PERIOD);
  const asked = { period, dataset: 'entries', slice: null, parquetPath: null, fileId: null };
  return {
    async fail() {
      const result = await loadPeriod(stepContext({ project, config, warehouse, runId: 'leaks' }), {
        ...asked,
        ...{ allowEmpty: false, force: false },
      });
      expect(result.status).toBe('failed');
    },
    close: () => warehouse.close(),
  };
}

/** Open files, sockets and pipes of this process, where the system tells. */
function openHandles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}

/** Connections to the database beside the one that asks; the embedded one has none. */
async function connectionsOf(database: Database, pipeline: Pipeline): Promise<number> {
  if (database.url === undefined) return 0;
  const [row] = await database.query(
    pipeline.root,
    `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend'`,
  );
  return Number(row?.n);
}
