import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { BETWEEN_LOOKS_MS } from '../../src/gate/arriving.ts';
import { currentDelivery } from '../../src/ledger/current-delivery.ts';
import type { IngestInput } from '../../src/steps/ingest.ts';
import { ENGINES } from './empty-warehouses.ts';
import { Gate, JUNE } from './gate.ts';

describe.each(ENGINES)('ingest on %s', (_name, engine) => {
  let gate: Gate;

  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);
  beforeEach(async () => {
    gate = await Gate.open(engine);
  }, 60_000);
  afterEach(() => gate.close());

  describe('what a delivery is', () => {
    it('logs a file that passes, with what it saw, and never touches the file', async () => {
      const path = gate.drop('sub/citizens_2025-06.csv', 'Report\n\nNAME,citizen-id\nAda,1\n');
      const before = statSync(path);
      const result = await gate.run({ period: JUNE, dataset: 'citizens' });
      expect(result).toMatchObject({
        status: 'done',
        exitCode: 0,
        dataset: 'citizens',
        period: '2025-06',
        fileId: 1,
      });
      const [row] = await gate.log();
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
      const path = gate.drop('citizens_2025-06.csv');
      await gate.run();
      gate.ctx = { ...gate.ctx, runId: 'another' };
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
        fileId: 1,
      });
      utimesSync(path, 1, 1);
      expect(await gate.run({ filePath: path })).toMatchObject({ status: 'skipped', exitCode: 0, fileId: 1 });
      expect(await gate.log()).toHaveLength(1);
    });

    it('repeats the refusal of bytes that stand for another period, and logs it once', async () => {
      gate.drop('citizens_2025-06.csv', 'Citizen ID,name\n1,Ada\n');
      await gate.run();
      gate.drop('citizens_2025-07.csv', 'Citizen ID,name\n1,Ada\n');
      const july: IngestInput = { period: parsePeriod('2025-07') as Period, dataset: 'citizens' };
      const first = await gate.run(july);
      expect(first).toMatchObject({ status: 'refused', exitCode: 3, fileId: 2 });
      expect(await gate.run(july)).toEqual(first);
      expect(await gate.log()).toHaveLength(2);
    });

    it('logs new bytes under the same path as a new delivery, also with the old size and time', async () => {
      const path = gate.drop('citizens_2025-06.csv', 'Citizen ID,name\n1,Ada\n');
      const { atime, mtime } = statSync(path);
      await gate.run();
      writeFileSync(path, 'Citizen ID,name\n1,Bea\n');
      utimesSync(path, atime, mtime);
      expect(await gate.run({ filePath: path })).toMatchObject({ status: 'done', fileId: 2 });
      expect(await gate.statuses()).toEqual([
        ['citizens_2025-06.csv', 'accepted'],
        ['citizens_2025-06.csv', 'accepted'],
      ]);
    });

    it('takes the bytes of the current delivery as a duplicate of it', async () => {
      const path = gate.drop('citizens_2025-06.csv');
      await gate.run();
      await gate.pass(1);
      renameSync(path, join(gate.world.project.landed, 'citizens_2025-06_v2.csv'));
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
      });
      expect((await gate.log())[1]).toMatchObject({ status: 'duplicate', duplicateOf: 1 });
    });

    it('takes the bytes of a superseded delivery as a new one', async () => {
      gate.drop('citizens_2025-06.csv');
      await gate.run();
      await gate.pass(1);
      gate.drop('citizens_2025-06.csv', 'Citizen ID,name\n2,Bea\n');
      await gate.run();
      await gate.pass(2);
      gate.drop('citizens_2025-06.csv');
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'done',
        fileId: 3,
      });
      expect((await gate.statuses()).map(([, status]) => status)).toEqual([
        'superseded',
        'accepted',
        'accepted',
      ]);
      const current = await gate.world.warehouse.read((session) =>
        currentDelivery(session, { dataset: 'citizens', period: '2025-06', slice: '' }),
      );
      expect(current?.fileId).toBe(2);
    });

    it('does not replace the current delivery at the gate', async () => {
      gate.drop('citizens_2025-06.csv');
      await gate.run();
      await gate.pass(1);
      gate.drop('citizens_2025-06_v2.csv', 'Citizen ID,name\n2,Bea\n');
      await gate.run();
      expect((await gate.statuses()).map(([, status]) => status)).toEqual(['accepted', 'accepted']);
    });
  });

  describe('order', () => {
    it('is that of the versions, counted as people count, and never that of the times', async () => {
      for (const version of ['_v10', '_v9', ''])
        gate.drop(`citizens_2025-06${version}.csv`, `Citizen ID,name\n1,${version}\n`);
      await gate.run();
      expect((await gate.statuses()).map(([name]) => name)).toEqual([
        'citizens_2025-06.csv',
        'citizens_2025-06_v9.csv',
        'citizens_2025-06_v10.csv',
      ]);
    });

    it('is missing for two new files without versions: blocked until one is named', async () => {
      gate.drop('a/citizens_2025-06.csv', 'Citizen ID,name\n1,a\n');
      const b = gate.drop('b/citizens_2025-06.csv', 'Citizen ID,name\n1,b\n');
      for (let i = 0; i < 2; i++) {
        const result = await gate.run({ period: JUNE, dataset: 'citizens' });
        expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
        expect(result.message).toMatch(/2 new files claim citizens 2025-06/);
        expect(writeWords(result.hint ?? '')).toMatch(/--file-path/);
      }
      expect(await gate.log()).toEqual([]);
      expect(await gate.run({ filePath: b })).toMatchObject({ status: 'done', exitCode: 0 });
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({ exitCode: 0 });
      const accepted = (await gate.log()).filter((row) => row.status === 'accepted');
      expect(accepted.map((row) => row.path)).toEqual(['data/landed/b/citizens_2025-06.csv']);
      expect(await gate.run({ filePath: 'a/citizens_2025-06.csv' })).toMatchObject({
        status: 'done',
        exitCode: 0,
      });
      expect((await gate.log()).at(-1)).toMatchObject({
        path: 'data/landed/a/citizens_2025-06.csv',
        status: 'accepted',
      });
    });

    it('does not matter for two new files of the same bytes', async () => {
      gate.drop('a/citizens_2025-06.csv');
      gate.drop('b/citizens_2025-06.csv');
      expect((await gate.run()).exitCode).toBe(0);
      expect((await gate.statuses()).map(([, status]) => status)).toEqual(['accepted', 'duplicate']);
    });

    it('blocks one target and lets the others go on', async () => {
      gate.drop('a/citizens_2025-06.csv', 'Citizen ID,name\n1,a\n');
      gate.drop('b/citizens_2025-06.csv', 'Citizen ID,name\n1,b\n');
      gate.drop('regions.csv', 'code\nNO\n');
      const result = await gate.run();
      expect(result.exitCode).toBe(4);
      expect(await gate.statuses()).toEqual([['regions.csv', 'accepted']]);
    });
  });

  describe('waiting', () => {
    it('is exit 5 with a dataset named, and a listed 0 without', async () => {
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'retry',
        exitCode: 5,
      });
      const result = await gate.run();
      expect(result).toMatchObject({ exitCode: 0, status: 'skipped' });
      expect(result.results.map((one) => [one.dataset, one.period])).toEqual([
        ['citizens', '2025-06'],
        ['topics', '2025-Q2'],
        ['regions', 'none'],
      ]);
      expect(
        (await gate.run({ period: parsePeriod('2025-05') as Period, dataset: 'topics' })).message,
      ).toMatch(/nothing is due/);
      gate.drop('citizens_2025-06.csv');
      await gate.run();
      rmSync(join(gate.world.project.landed, 'citizens_2025-06.csv'));
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'skipped',
        exitCode: 0,
        fileId: 1,
      });
    });

    it('for a file that grows between two looks, and nothing is logged', async () => {
      const path = gate.drop('citizens_2025-06.csv');
      gate.ctx = { ...gate.ctx, betweenLooksMs: BETWEEN_LOOKS_MS };
      const writer = setInterval(() => appendFileSync(path, '2,Bea\n'), 40);
      try {
        expect(await gate.run({ filePath: path })).toMatchObject({
          status: 'retry',
          exitCode: 5,
          message: expect.stringMatching(/still being written/),
        });
      } finally {
        clearInterval(writer);
      }
      expect(await gate.log()).toEqual([]);
      expect((await gate.run({ filePath: path })).exitCode).toBe(0);
    });

    it.each(['~$citizens_2025-06.xlsx', 'citizens_2025-06.csv.part', 'citizens_2025-06.csv.tmp'])(
      'for %s',
      async (name) => {
        gate.drop(name);
        expect((await gate.run({ all: true })).exitCode).toBe(5);
        expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(5);
        expect((await gate.run({ filePath: name })).exitCode).toBe(5);
        expect(await gate.log()).toEqual([]);
      },
    );
  });

  it('takes everything with --all, the good and the bad, and lists strangers as warnings elsewhere', async () => {
    gate.drop('citizens_2025-05.csv');
    gate.drop('citizens_2025-06.csv', 'Citizen ID,name\n2,B\n');
    gate.drop('readme.txt', 'hello');
    const period = await gate.run();
    expect(period).toMatchObject({ exitCode: 0, findings: { warning: 1 } });
    expect(gate.warnings.join()).toMatch(/'readme\.txt' fits the file name of no dataset/);
    expect((await gate.log()).map((row) => row.period)).toEqual(['2025-06']);
    expect((await gate.run({ all: true })).exitCode).toBe(3);
    expect(await gate.statuses()).toEqual([
      ['citizens_2025-06.csv', 'accepted'],
      ['citizens_2025-05.csv', 'accepted'],
      ['readme.txt', 'refused'],
    ]);
  });

  it('changes nothing in a dry run, and answers the same', async () => {
    gate.drop('citizens_2025-06.csv');
    gate.drop('regions.csv', 'cod\nNO\n');
    gate.ctx = { ...gate.ctx, dryRun: true };
    const result = await gate.run();
    expect(result.exitCode).toBe(3);
    expect(result.results.map((one) => [one.dataset, one.status, one.fileId])).toEqual([
      ['citizens', 'done', null],
      ['regions', 'refused', null],
      ['topics', 'skipped', null],
    ]);
    expect(await gate.log()).toEqual([]);
  });

  it('logs a file once when two calls see it at the same time', async () => {
    gate.drop('citizens_2025-06.csv');
    const results = await Promise.all([gate.run(), gate.run(), gate.run()]);
    expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0]);
    expect(await gate.log()).toHaveLength(1);
  });

  it('refuses unknown datasets and slices', async () => {
    await expect(gate.run({ period: JUNE, dataset: 'citizen' })).rejects.toMatchObject({
      code: 'unknown-dataset',
      message: expect.stringMatching(/Did you mean 'citizens'/),
    });
    await expect(
      gate.run({ period: JUNE, dataset: 'topics', slice: new Map([['bord', 'A']]) }),
    ).rejects.toMatchObject({ code: 'usage' });
  });
});
