import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { BETWEEN_LOOKS_MS } from '../../src/gate/arriving.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import { currentDelivery, makeCurrent } from '../../src/ledger/current-delivery.ts';
import { setStatus } from '../../src/ledger/deliveries.ts';
import { sql } from '../../src/sql/sql.ts';
import { type IngestInput, ingest } from '../../src/steps/ingest.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { migrate, migrationSources } from '../../src/warehouse/migrate/migrate.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { ENGINES, type Prepare } from './empty-warehouses.ts';
import { stepContext } from './step-context.ts';

const CONFIG = `
version: 1
datasets:
  citizens:
    period: month
    source: {filename: "citizens_{period}[_v{version}].{xlsx,csv}"}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
        - {name: name, type: string}
  topics:
    period: quarter
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {fields: [{name: topic, type: string}]}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: [code], fields: [{name: code, type: string}]}
`;

const GOOD = 'Citizen ID,name\n1,Ada\n';
const JUNE = parsePeriod('2025-06') as Period;

interface Logged {
  readonly fileId: number;
  readonly dataset: string | null;
  readonly period: string | null;
  readonly slice: string;
  readonly path: string;
  readonly status: string;
  readonly duplicateOf: number | null;
  readonly sha256: string | null;
  readonly findingCount: number;
  readonly findings: string | null;
  readonly headersFound: string | null;
  readonly headersMapped: string | null;
  readonly reason: string | null;
}

const prepare: Prepare = (warehouse, root) => {
  const project = openProject(root);
  return migrate(warehouse, migrationSources(project, loadConfig(project.configPath, {}), warehouse));
};

describe.each(ENGINES)('ingest on %s', (_name, engine) => {
  let root: string;
  let project: Project;
  let warehouse: Warehouse;
  let ctx: StepContext;
  const warnings: string[] = [];
  let release: () => Promise<void>;

  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'ingest-'));
    project = openProject(root);
    mkdirSync(project.landed, { recursive: true });
    writeFileSync(project.configPath, CONFIG);
    ({ warehouse, release } = await engine.openPrepared(root, engine, prepare));
    configure(CONFIG);
  }, 60_000);
  afterEach(async () => {
    await release();
    rmSync(root, { recursive: true, force: true });
  });

  function configure(text: string): void {
    writeFileSync(project.configPath, text);
    warnings.length = 0;
    const quiet = () => {};
    const own = { project, config: loadConfig(project.configPath, {}), warehouse, runId: 'test-run' };
    ctx = stepContext(own, {
      clock: () => new Date('2025-07-03T08:00:00Z'),
      log: { info: quiet, detail: quiet, progress: quiet, warn: (text) => void warnings.push(text) },
    });
  }

  let clock = 1_700_000_000;
  /** Drops a file, older than a look: only its bytes, never its time, may decide. */
  function drop(name: string, content: string | Buffer = GOOD): string {
    const path = join(project.landed, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    clock += 10;
    utimesSync(path, clock, clock);
    return path;
  }

  const run = (input: IngestInput = { period: JUNE }) => ingest(ctx, input);

  function log(): Promise<Logged[]> {
    return warehouse.read((session) =>
      session.query<Logged>(
        sql`SELECT file_id AS "fileId", dataset, period, slice, path, status, duplicate_of AS "duplicateOf", sha256,
              finding_count AS "findingCount", findings, headers_found AS "headersFound",
              headers_mapped AS "headersMapped", same_bytes_reason AS "reason"
            FROM meta.ingestion_log ORDER BY file_id`,
      ),
    );
  }
  const statuses = async () => (await log()).map((row) => [row.path.replace('data/landed/', ''), row.status]);

  /** As validate does when a delivery passes. */
  async function pass(fileId: number, period = '2025-06'): Promise<void> {
    await warehouse.transaction(async (tx) => {
      await tx.execute(
        sql`INSERT INTO meta.validation_log (validation_id, file_id, dataset, period, status, contract_fingerprint,
              tidemark_version, run_id, started_at, finished_at)
            VALUES (${fileId}, ${fileId}, 'citizens', ${period}, 'passed', 'c', '0', 'r',
              CAST('2025-07-01' AS TIMESTAMP), CAST('2025-07-01' AS TIMESTAMP))`,
      );
      await makeCurrent(
        tx,
        { dataset: 'citizens', period, slice: '' },
        { fileId, validationId: fileId },
        { now: new Date(0), runId: 'r' },
      );
    });
  }

  describe('what a delivery is', () => {
    it('logs a file that passes, with what it saw, and never touches the file', async () => {
      const path = drop('sub/citizens_2025-06.csv', 'Report\n\nNAME,citizen-id\nAda,1\n');
      const before = statSync(path);
      const result = await run({ period: JUNE, dataset: 'citizens' });
      expect(result).toMatchObject({
        status: 'done',
        exitCode: 0,
        dataset: 'citizens',
        period: '2025-06',
        fileId: 1,
      });
      const [row] = await log();
      expect(row).toMatchObject({
        path: 'data/landed/sub/citizens_2025-06.csv',
        status: 'accepted',
        slice: '',
        findingCount: 0,
      });
      expect(row?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.parse(row?.headersFound ?? '')).toEqual(['NAME', 'citizen-id']);
      expect(JSON.parse(row?.headersMapped ?? '')).toMatchObject([
        { field: 'name' },
        { field: 'citizen_id' },
      ]);
      expect(statSync(path)).toMatchObject({ mtimeMs: before.mtimeMs, size: before.size, ino: before.ino });
    });

    it('adds nothing for a path whose bytes are those last logged, whatever its time', async () => {
      const path = drop('citizens_2025-06.csv');
      await run();
      ctx = { ...ctx, runId: 'another' };
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
        fileId: 1,
      });
      utimesSync(path, 1, 1);
      expect(await run({ filePath: path })).toMatchObject({ status: 'skipped', exitCode: 0, fileId: 1 });
      expect(await log()).toHaveLength(1);
    });

    it('repeats the refusal of bytes that stand for another period, and logs it once', async () => {
      drop('citizens_2025-06.csv', 'Citizen ID,name\n1,Ada\n');
      await run();
      drop('citizens_2025-07.csv', 'Citizen ID,name\n1,Ada\n');
      const july: IngestInput = { period: parsePeriod('2025-07') as Period, dataset: 'citizens' };
      const first = await run(july);
      expect(first).toMatchObject({ status: 'refused', exitCode: 3, fileId: 2 });
      expect(await run(july)).toEqual(first);
      expect(await log()).toHaveLength(2);
    });

    it('logs new bytes under the same path as a new delivery, also with the old size and time', async () => {
      const path = drop('citizens_2025-06.csv', 'Citizen ID,name\n1,Ada\n');
      const { atime, mtime } = statSync(path);
      await run();
      writeFileSync(path, 'Citizen ID,name\n1,Bea\n');
      utimesSync(path, atime, mtime);
      expect(await run({ filePath: path })).toMatchObject({ status: 'done', fileId: 2 });
      expect(await statuses()).toEqual([
        ['citizens_2025-06.csv', 'accepted'],
        ['citizens_2025-06.csv', 'accepted'],
      ]);
    });

    it('takes the bytes of the current delivery as a duplicate of it', async () => {
      const path = drop('citizens_2025-06.csv');
      await run();
      await pass(1);
      renameSync(path, join(project.landed, 'citizens_2025-06_v2.csv'));
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
      });
      expect((await log())[1]).toMatchObject({ status: 'duplicate', duplicateOf: 1 });
    });

    it('takes the bytes of a superseded delivery as a new one', async () => {
      drop('citizens_2025-06.csv');
      await run();
      await pass(1);
      drop('citizens_2025-06.csv', 'Citizen ID,name\n2,Bea\n');
      await run();
      await pass(2);
      drop('citizens_2025-06.csv');
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({ status: 'done', fileId: 3 });
      expect((await statuses()).map(([, status]) => status)).toEqual(['superseded', 'accepted', 'accepted']);
      const current = await warehouse.read((session) =>
        currentDelivery(session, { dataset: 'citizens', period: '2025-06', slice: '' }),
      );
      expect(current?.fileId).toBe(2);
    });

    it('does not replace the current delivery at the gate', async () => {
      drop('citizens_2025-06.csv');
      await run();
      await pass(1);
      drop('citizens_2025-06_v2.csv', 'Citizen ID,name\n2,Bea\n');
      await run();
      expect((await statuses()).map(([, status]) => status)).toEqual(['accepted', 'accepted']);
    });
  });

  describe('order', () => {
    it('is that of the versions, counted as people count, and never that of the times', async () => {
      for (const version of ['_v10', '_v9', ''])
        drop(`citizens_2025-06${version}.csv`, `Citizen ID,name\n1,${version}\n`);
      await run();
      expect((await statuses()).map(([name]) => name)).toEqual([
        'citizens_2025-06.csv',
        'citizens_2025-06_v9.csv',
        'citizens_2025-06_v10.csv',
      ]);
    });

    it('is missing for two new files without versions: blocked until one is named', async () => {
      drop('a/citizens_2025-06.csv', 'Citizen ID,name\n1,a\n');
      const b = drop('b/citizens_2025-06.csv', 'Citizen ID,name\n1,b\n');
      for (let i = 0; i < 2; i++) {
        const result = await run({ period: JUNE, dataset: 'citizens' });
        expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
        expect(result.message).toMatch(/2 new files claim citizens 2025-06/);
        expect(writeWords(result.hint ?? '')).toMatch(/--file-path/);
      }
      expect(await log()).toEqual([]);
      expect(await run({ filePath: b })).toMatchObject({ status: 'done', exitCode: 0 });
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({ exitCode: 0 });
      const accepted = (await log()).filter((row) => row.status === 'accepted');
      expect(accepted.map((row) => row.path)).toEqual(['data/landed/b/citizens_2025-06.csv']);
      expect(await run({ filePath: 'a/citizens_2025-06.csv' })).toMatchObject({
        status: 'done',
        exitCode: 0,
      });
      expect((await log()).at(-1)).toMatchObject({
        path: 'data/landed/a/citizens_2025-06.csv',
        status: 'accepted',
      });
    });

    it('does not matter for two new files of the same bytes', async () => {
      drop('a/citizens_2025-06.csv');
      drop('b/citizens_2025-06.csv');
      expect((await run()).exitCode).toBe(0);
      expect((await statuses()).map(([, status]) => status)).toEqual(['accepted', 'duplicate']);
    });

    it('blocks one target and lets the others go on', async () => {
      drop('a/citizens_2025-06.csv', 'Citizen ID,name\n1,a\n');
      drop('b/citizens_2025-06.csv', 'Citizen ID,name\n1,b\n');
      drop('regions.csv', 'code\nNO\n');
      const result = await run();
      expect(result.exitCode).toBe(4);
      expect(await statuses()).toEqual([['regions.csv', 'accepted']]);
    });
  });

  describe('refusals', () => {
    it.each([
      ['a name of no dataset', 'citizen 2025-06.csv', GOOD, 'unknown-file-name', /citizens_\{period\}/],
      ['an impossible period', 'citizens_2025-13.csv', GOOD, 'impossible-period', /'2025-13'.*no such month/],
      ['a missing header', 'citizens_2025-06.csv', 'Citizen ID\n1\n', 'missing-label', /Missing: 'name'/],
      [
        'an unexpected header',
        'citizens_2025-06.csv',
        'Citizen ID,name,zzz\n1,2,3\n',
        'extra-label',
        /Not expected: 'zzz'/,
      ],
      [
        'a misspelt header',
        'citizens_2025-06.csv',
        'Citizen ID,nmae\n1,2\n',
        'missing-label',
        /'nmae' should be 'name'/,
      ],
      [
        'a doubled header',
        'citizens_2025-06.csv',
        'Citizen ID,name,Name\n1,2,3\n',
        'duplicate-label',
        /There twice: 'name'/,
      ],
      ['an empty file', 'citizens_2025-06.csv', '', 'file-unreadable', /empty/],
      [
        'text under a workbook name',
        'citizens_2025-06.xlsx',
        GOOD,
        'file-unreadable',
        /under the name of a workbook/,
      ],
      ['a zip under a text name', 'citizens_2025-06.csv', 'PK\u0003\u0004', 'file-unreadable', /zip/],
      [
        'a broken quote',
        'citizens_2025-06.csv',
        'Citizen ID,name\n1,"x\n"\n2",y\n',
        'file-unreadable',
        /line 2.* in two ways/,
      ],
    ])('%s, with exit 3, a message, a hint and one log row', async (_what, name, content, code, message) => {
      const path = drop(name, content);
      for (let i = 0; i < 2; i++) {
        const result = await run({ filePath: path });
        expect(result).toMatchObject({ status: 'refused', exitCode: 3 });
        expect(result.message).toMatch(message);
        expect(result.message).toContain(name);
        expect(result.hint).toBeTruthy();
      }
      const rows = await log();
      expect(rows).toHaveLength(1);
      expect(rows[0]?.status).toBe('refused');
      expect(JSON.parse(rows[0]?.findings ?? '')[0].code).toBe(code);
    });

    it('a link that leads out of landed is refused and never read', async () => {
      writeFileSync(join(root, 'secret.csv'), GOOD);
      symlinkSync(join(root, 'secret.csv'), join(project.landed, 'citizens_2025-06.csv'));
      for (let i = 0; i < 2; i++) {
        expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
          status: 'refused',
          exitCode: 3,
          message: expect.stringMatching(/leads out/),
        });
      }
      expect(await log()).toMatchObject([{ status: 'refused', sha256: null }]);
      await expect(run({ filePath: join(root, 'secret.csv') })).rejects.toMatchObject({
        code: 'out-of-landed',
      });
      await expect(run({ filePath: 'none.csv' })).rejects.toMatchObject({ code: 'no-such-file' });
    });

    it('the same bytes under another period, unless there is a reason, no data, or the dataset lets them', async () => {
      drop('citizens_2025-06.csv');
      await run();
      const july = drop('citizens_2025-07.csv');
      expect(await run({ filePath: july })).toMatchObject({
        status: 'refused',
        exitCode: 3,
        message: expect.stringMatching(/same bytes/),
      });
      expect(
        await run({ filePath: july, acceptSameBytes: { by: 'Vera', reason: 'nothing changed' } }),
      ).toMatchObject({
        status: 'done',
      });
      expect((await log()).at(-1)).toMatchObject({ status: 'accepted', reason: 'nothing changed' });
      drop('citizens_2025-08.csv', 'Citizen ID,name\n');
      drop('citizens_2025-09.csv', 'Citizen ID,name\n');
      expect((await run({ all: true })).exitCode).toBe(0);
      configure(CONFIG.replace('period: month', 'period: month\n    accept: {same_bytes: true}'));
      expect(await run({ filePath: drop('citizens_2025-10.csv') })).toMatchObject({ status: 'done' });
    });

    it('the same bytes under another slice', async () => {
      drop('topics_A_2025-Q2.csv', 'topic\nx\n');
      drop('topics_B_2025-Q2.csv', 'topic\nx\n');
      const result = await run({ period: JUNE, dataset: 'topics' });
      expect(result.exitCode).toBe(3);
      expect((await log()).map((row) => [row.slice, row.status])).toEqual([
        ['board=A', 'accepted'],
        ['board=B', 'refused'],
      ]);
    });

    it('a slice that is spelled in another way than before, in case, blanks or accents', async () => {
      drop('topics_Nord Est_2025-Q1.csv', 'topic\nw\n');
      expect((await run({ all: true, dataset: 'topics' })).exitCode).toBe(0);
      const names = ['nord est', ' Nord Est', 'NordEst', 'Nórd Est'];
      for (const [i, name] of names.entries()) {
        const result = await run({ filePath: drop(`topics_${name}_2025-Q2.csv`, `topic\n${i}\n`) });
        expect(result).toMatchObject({ status: 'refused', exitCode: 3 });
        expect(result.message).toContain(`says board '${name}', and earlier files say 'Nord Est'`);
      }
      const others = ['Nord', 'Nord Ost', 'Nord Est'];
      for (const name of others) {
        const path = drop(`topics_${name}_2025-Q2.csv`, `topic\n${name}\n`);
        expect(await run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0 });
      }
    });

    it('of two new slices of one call that differ only in blanks, the one with them', async () => {
      drop('topics_ A_2025-Q2.csv', 'topic\nx\n');
      drop('topics_A_2025-Q2.csv', 'topic\ny\n');
      expect((await run({ period: JUNE, dataset: 'topics' })).exitCode).toBe(3);
      expect((await log()).map((row) => [row.slice, row.status])).toEqual([
        ['board=A', 'accepted'],
        ['board=%20A', 'refused'],
      ]);
    });

    it('a slice that was withdrawn no longer decides how the others are spelled', async () => {
      drop('topics_north_2025-Q2.csv', 'topic\nx\n');
      expect((await run({ all: true, dataset: 'topics' })).exitCode).toBe(0);
      await warehouse.transaction((tx) => setStatus(tx, 1, 'withdrawn'));
      const path = drop('topics_North_2025-Q2.csv', 'topic\nz\n');
      expect(await run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0 });
    });

    it('two callers at once with two spellings of a new slice: one of them', async () => {
      const paths = ['A b', 'a B'].map((name) => drop(`topics_${name}_2025-Q2.csv`, `topic\n${name}\n`));
      const results = await Promise.all(paths.map((filePath) => run({ filePath })));
      expect(results.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
    });

    it('bytes that were refused under a wrong name pass under the right one', async () => {
      const path = drop('citizens_2025-07.csv');
      await run({ all: true });
      await warehouse.transaction((tx) => setStatus(tx, 1, 'refused'));
      renameSync(path, join(project.landed, 'citizens_2025-06.csv'));
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({ status: 'done', exitCode: 0 });
    });

    it('end when the configuration is fixed: the same file is looked at again', async () => {
      const path = drop('citizens_2025-06.csv', 'Citizen ID,full name\n1,Ada\n');
      expect((await run({ filePath: path })).exitCode).toBe(3);
      configure(CONFIG.replace('{name: name,', '{name: name, aliases: [Full Name],'));
      expect(await run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0, fileId: 2 });
    });

    it('replaced by a later delivery that passes count as nothing', async () => {
      drop('citizens_2025-06.csv', 'Citizen ID\n1\n');
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      drop('citizens_2025-06_v2.csv');
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(0);
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(0);
      drop('citizens_2025-06_v3.csv', 'name\nx\n');
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      rmSync(join(project.landed, 'citizens_2025-06_v3.csv'));
      for (const name of ['citizens_2025-06.csv', 'citizens_2025-06_v2.csv'])
        rmSync(join(project.landed, name));
      expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
    });
  });

  describe('waiting', () => {
    it('is exit 5 with a dataset named, and a listed 0 without', async () => {
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'retry',
        exitCode: 5,
      });
      const result = await run();
      expect(result).toMatchObject({ exitCode: 0, status: 'skipped' });
      expect(result.results.map((one) => [one.dataset, one.period])).toEqual([
        ['citizens', '2025-06'],
        ['topics', '2025-Q2'],
        ['regions', 'none'],
      ]);
      expect((await run({ period: parsePeriod('2025-05') as Period, dataset: 'topics' })).message).toMatch(
        /nothing is due/,
      );
      drop('citizens_2025-06.csv');
      await run();
      rmSync(join(project.landed, 'citizens_2025-06.csv'));
      expect(await run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
        fileId: 1,
      });
    });

    it('for a file that grows between two looks, and nothing is logged', async () => {
      const path = drop('citizens_2025-06.csv');
      ctx = { ...ctx, betweenLooksMs: BETWEEN_LOOKS_MS };
      const writer = setInterval(() => appendFileSync(path, '2,Bea\n'), 40);
      try {
        expect(await run({ filePath: path })).toMatchObject({
          status: 'retry',
          exitCode: 5,
          message: expect.stringMatching(/still being written/),
        });
      } finally {
        clearInterval(writer);
      }
      expect(await log()).toEqual([]);
      expect((await run({ filePath: path })).exitCode).toBe(0);
    });

    it.each(['~$citizens_2025-06.xlsx', 'citizens_2025-06.csv.part', 'citizens_2025-06.csv.tmp'])(
      'for %s',
      async (name) => {
        drop(name);
        expect((await run({ all: true })).exitCode).toBe(5);
        expect((await run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(5);
        expect((await run({ filePath: name })).exitCode).toBe(5);
        expect(await log()).toEqual([]);
      },
    );
  });

  it('takes everything with --all, the good and the bad, and lists strangers as warnings elsewhere', async () => {
    drop('citizens_2025-05.csv');
    drop('citizens_2025-06.csv', 'Citizen ID,name\n2,B\n');
    drop('readme.txt', 'hello');
    const period = await run();
    expect(period).toMatchObject({ exitCode: 0, findings: { warning: 1 } });
    expect(warnings.join()).toMatch(/'readme\.txt' fits the file name of no dataset/);
    expect((await log()).map((row) => row.period)).toEqual(['2025-06']);
    expect((await run({ all: true })).exitCode).toBe(3);
    expect(await statuses()).toEqual([
      ['citizens_2025-06.csv', 'accepted'],
      ['citizens_2025-05.csv', 'accepted'],
      ['readme.txt', 'refused'],
    ]);
  });

  it('changes nothing in a dry run, and answers the same', async () => {
    drop('citizens_2025-06.csv');
    drop('regions.csv', 'cod\nNO\n');
    ctx = { ...ctx, dryRun: true };
    const result = await run();
    expect(result.exitCode).toBe(3);
    expect(result.results.map((one) => [one.dataset, one.status, one.fileId])).toEqual([
      ['citizens', 'done', null],
      ['regions', 'refused', null],
      ['topics', 'skipped', null],
    ]);
    expect(await log()).toEqual([]);
  });

  it('logs a file once when two calls see it at the same time', async () => {
    drop('citizens_2025-06.csv');
    const results = await Promise.all([run(), run(), run()]);
    expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0]);
    expect(await log()).toHaveLength(1);
  });

  it('refuses unknown datasets and slices', async () => {
    await expect(run({ period: JUNE, dataset: 'citizen' })).rejects.toMatchObject({
      code: 'unknown-dataset',
      message: expect.stringMatching(/Did you mean 'citizens'/),
    });
    await expect(
      run({ period: JUNE, dataset: 'topics', slice: new Map([['bord', 'A']]) }),
    ).rejects.toMatchObject({ code: 'usage' });
  });
});
