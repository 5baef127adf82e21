import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { loadPeriod } from '../../src/pipeline/load-period.ts';
import { raw } from '../../src/sql/sql.ts';
import { ingest } from '../../src/steps/ingest.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { validate } from '../../src/steps/validate.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const CONFIG = `
version: 1
datasets:
  citizens:
    period: month
    source: {filename: "citizens_{period}[_v{version}].csv"}
    schema:
      fields:
        - {name: id, type: integer, constraints: {required: true}}
        - {name: region, type: string}
        - {name: income, type: number, precision: 10, scale: 2}
      primaryKey: [id]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
    checks:
      - {name: steady, versus_previous: {rows: {max_drop: 50%}, sum(income): {max_rise: 100%}}}
      - {name: not_again, differs_from_previous: true}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: [code], fields: [{name: code, type: string}]}
  subjects:
    source: {filename: "subjects_{board}_{period}.csv"}
    schema: {primaryKey: [code], fields: [{name: code, type: string}]}
  topics:
    source: {filename: "topics_{board}_{period}.csv"}
    schema:
      fields: [{name: code, type: string}, {name: subject, type: string}]
      foreignKeys: [{fields: [board, subject], reference: {dataset: subjects, fields: [board, code]}}]
`;
const month = (text: string) => parsePeriod(text) as Period;
const JUNE = month('2025-06');

describe.each(ENGINES)('validate on %s', (_name, engine) => {
  let world: World;
  let ctx: StepContext;

  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);

  beforeEach(async () => {
    world = await World.openCopy(engine, CONFIG);
    ctx = world.context({ runId: 'run-1' });
  }, 60_000);
  afterEach(() => world.close());

  const rows = (text: string) => world.rows(raw(text));
  const load = (period: Period, dataset: string) =>
    loadPeriod(ctx, {
      period,
      dataset,
      slice: null,
      parquetPath: null,
      fileId: null,
      allowEmpty: false,
      force: false,
    });

  async function deliver(name: string, text: string, period = JUNE): Promise<void> {
    world.write(`data/landed/${name}`, text);
    await ingest(ctx, { period });
  }
  async function regionsLoaded(): Promise<void> {
    await deliver('regions.csv', 'code\nNO\nSO\n');
    await validate(ctx, { period: JUNE, dataset: 'regions' });
    expect((await load(JUNE, 'regions')).status).toBe('done');
  }

  it('writes, logs and makes current what passes', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n2,SO,6\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({
      status: 'done',
      exitCode: 0,
      rows: { read: 2, accepted: 2, rejected: 0 },
    });
    const parquet = result.outputs.find((path) => path.endsWith('.parquet')) as string;
    expect(parquet).toBe(`data/stage/cleaned/citizens/2025-06/citizens_2025-06_${result.fileId}.parquet`);
    expect(statSync(join(world.project.root, parquet)).mode & 0o777).toBe(0o640);
    expect(
      await rows('SELECT dataset, file_id AS "fileId" FROM meta.current_delivery ORDER BY dataset'),
    ).toMatchObject([{ dataset: 'citizens', fileId: result.fileId }, { dataset: 'regions' }]);
    const listed = JSON.parse(readFileSync(join(world.project.cleaned, 'datapackage.json'), 'utf8'));
    expect(listed.resources.map((one: { path: string }) => one.path)).toEqual([
      `citizens/2025-06/citizens_2025-06_${result.fileId}.parquet`,
      expect.stringMatching(/^regions\/none\//),
    ]);
    expect(existsSync(world.project.scratch) ? readdirSync(world.project.scratch) : []).toEqual([]);
    expect((await load(JUNE, 'citizens')).rows.inserted).toBe(2);
  });

  it('validates again into the same file, and under other rules into a new one', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n2,SO,6\n');
    const first = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    const again = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(again.outputs).toEqual(first.outputs);
    world.configure(CONFIG.replace('scale: 2', 'scale: 3'));
    ctx = { ...ctx, config: world.config };
    const other = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(other.outputs[0]).toBe(first.outputs[0]?.replace('.parquet', '.r2.parquet'));
  });

  it('answers try later where a list was never delivered, and blames no row', async () => {
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({ exitCode: 5, message: expect.stringContaining("'regions'") });
    expect(await rows('SELECT 1 AS one FROM meta.validation_log')).toEqual([]);
  });

  it('looks into the current delivery of a list that is not loaded yet, and makes the same bytes once it is', async () => {
    await deliver('regions.csv', 'code\nNO\nSO\n');
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n2,SO,6\n');
    const first = await validate(ctx, { period: JUNE });
    expect(first).toMatchObject({ exitCode: 0, rows: { accepted: 4, rejected: 0 } });
    await load(JUNE, 'regions');
    const again = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(again.outputs[0]).toBe(
      `data/stage/cleaned/citizens/2025-06/citizens_2025-06_${again.fileId}.parquet`,
    );
    // A list that is renewed where these rows do not look changes nothing about them either.
    await deliver('regions_v2.csv', 'code\nNO\nSO\nWE\n');
    await validate(ctx, { period: JUNE, dataset: 'regions' });
    expect((await validate(ctx, { period: JUNE, dataset: 'citizens' })).outputs).toEqual(again.outputs);
    const used = await rows(
      `SELECT count(DISTINCT reference_fingerprint) AS used FROM meta.validation_log WHERE dataset = 'citizens'`,
    );
    expect(used).toEqual([{ used: 2 }]);
  });

  it('rejects what is not in the list, and refuses the file with its reports', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n2,NX,6\n3,,6\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({ exitCode: 3, rows: { read: 3, accepted: 2, rejected: 1 } });
    expect(result.outputs.filter((path) => path.includes('/cleaned/'))).toEqual([]);
    const findings = JSON.parse(
      readFileSync(
        join(world.project.root, `data/reports/citizens/2025-06/${result.fileId}/findings.json`),
        'utf8',
      ),
    );
    expect(findings.findings[0]).toMatchObject({ code: 'foreign-key', cell: '3:2', value: 'NX' });
    expect(await rows(`SELECT status FROM meta.validation_log WHERE dataset = 'citizens'`)).toEqual([
      { status: 'refused' },
    ]);
    expect(await rows(`SELECT 1 AS one FROM meta.current_delivery WHERE dataset = 'citizens'`)).toEqual([]);
  });

  it('a corrected delivery supersedes the one before, and its outcome decides', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n');
    await validate(ctx, { period: JUNE });
    await deliver('citizens_2025-06_v2.csv', 'id,region,income\n1,NO,x\n');
    await deliver('citizens_2025-06_v3.csv', 'id,region,income\n1,NO,7\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({ exitCode: 0, rows: { accepted: 1 } });
    expect(result.results.map((one) => one.status)).toEqual(['refused', 'done']);
    const log = await rows(
      `SELECT status FROM meta.ingestion_log WHERE dataset = 'citizens' ORDER BY file_id`,
    );
    expect(log.map((row) => row.status)).toEqual(['superseded', 'accepted', 'accepted']);
  });

  it('tells what is fixed and open since the last delivery, and offers what the key held in the last period', async () => {
    await regionsLoaded();
    const MAY = month('2025-05');
    await deliver('citizens_2025-05.csv', 'id,region,income\n1,NO,5.5\n2,SO,6.25\n3,SO,7\n', MAY);
    await validate(ctx, { period: MAY, dataset: 'citizens' });
    await load(MAY, 'citizens');
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NX,5\n2,SO,six\n3,SO,7\n');
    await validate(ctx, { period: JUNE, dataset: 'citizens' });
    await deliver('citizens_2025-06_v2.csv', 'id,region,income\n3,XX,7\n2,SO,six\n1,NO,5\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    const path = result.outputs.find((one) => one.endsWith('findings.json')) as string;
    const told = JSON.parse(readFileSync(join(world.project.root, path), 'utf8'));
    expect(told.since_last).toMatchObject({ fixed: 1, still_open: 2, new: 1 });
    expect(
      told.findings
        .filter((one: { row: number | null }) => one.row !== null)
        .map(({ key, value, since, suggestions }: Record<string, unknown>) => [
          key,
          value,
          since,
          suggestions,
        ]),
    ).toEqual([
      [{ id: '2' }, 'six', 'still open', ['6.25']],
      [{ id: '3' }, 'XX', 'new', ['SO']],
    ]);
    expect(told.fixed).toMatchObject([{ key: { id: '1' }, value: 'NX', since: 'fixed' }]);
  });

  it('does not take the place of an older delivery that was brought back', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n');
    const old = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    await deliver('citizens_2025-06_v2.csv', 'id,region,income\n1,NO,7\n');
    await validate(ctx, { period: JUNE, dataset: 'citizens' });
    await loadPeriod(ctx, {
      period: JUNE,
      dataset: 'citizens',
      slice: null,
      parquetPath: null,
      fileId: old.fileId,
      allowEmpty: false,
      force: false,
    });
    await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(
      await rows(`SELECT file_id AS "fileId" FROM meta.current_delivery WHERE dataset = 'citizens'`),
    ).toEqual([{ fileId: old.fileId }]);
  });

  it('refuses a file that changed since it was ingested', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n');
    world.write('data/landed/citizens_2025-06.csv', 'id,region,income\n1,NO,5.6\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({ exitCode: 3, message: expect.stringContaining('has changed since') });
    rmSync(join(world.project.landed, 'citizens_2025-06.csv'));
    const gone = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(gone).toMatchObject({ exitCode: 3, message: expect.stringContaining('gone') });
  });

  it('compares with the nearest earlier period that is loaded', async () => {
    await regionsLoaded();
    const text = 'id,region,income\n1,NO,5.5\n2,SO,6\n3,,1\n';
    await deliver('citizens_2025-04.csv', text, month('2025-04'));
    await validate(ctx, { period: month('2025-04'), dataset: 'citizens' });
    await load(month('2025-04'), 'citizens');
    await deliver(
      'citizens_2025-06.csv',
      text.split('\n').toReversed().slice(1, 4).toReversed().join('\n').replace(/^/, 'id,region,income\n'),
    );
    const same = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(same).toMatchObject({
      exitCode: 3,
      message: 'All rows are the same as those of 2025-04 (3 rows).',
    });
    await deliver('citizens_2025-06_v2.csv', 'id,region,income\n1,NO,5.5\n');
    const few = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(few).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('fell from 3 (2025-04) to 1, by 66.7%'),
    });
    await deliver('citizens_2025-06_v3.csv', 'id,region,income\n1,NO,20\n2,,5.01\n');
    const much = await validate(ctx, { period: JUNE, dataset: 'citizens' });
    expect(much.message).toMatch(/Sum of income rose from 12.50 \(2025-04\) to 25.01/);
    await deliver('citizens_2025-06_v4.csv', 'id,region,income\n1,NO,20\n2,,5\n');
    expect((await validate(ctx, { period: JUNE, dataset: 'citizens' })).exitCode).toBe(0);
  });

  it('says what it waits for, where a dataset is named', async () => {
    expect(await validate(ctx, { period: JUNE, dataset: 'citizens' })).toMatchObject({ exitCode: 5 });
    expect(await validate(ctx, { period: JUNE })).toMatchObject({ exitCode: 0, status: 'skipped' });
    await deliver('citizens_2025-06.csv', 'id,region\n1,NO\n');
    expect(await validate(ctx, { period: JUNE, dataset: 'citizens' })).toMatchObject({ exitCode: 3 });
    expect(await validate(ctx, { period: JUNE })).toMatchObject({ exitCode: 0 });
    await expect(validate(ctx, { fileId: 99 })).rejects.toMatchObject({ code: 'unknown-delivery' });
  });

  it('a dry run counts and writes nothing', async () => {
    await regionsLoaded();
    await deliver('citizens_2025-06.csv', 'id,region,income\n1,NO,5.5\n2,NX,6\n');
    // The engine's own log comes and goes with its file being open.
    const files = () =>
      readdirSync(world.project.root, { recursive: true }).filter((name) => !String(name).endsWith('.wal'));
    const before = files();
    const result = await validate({ ...ctx, dryRun: true }, { period: JUNE, dataset: 'citizens' });
    expect(result).toMatchObject({ exitCode: 3, rows: { read: 2, accepted: 1, rejected: 1 }, outputs: [] });
    expect(files()).toEqual(before);
    expect(await rows(`SELECT 1 AS one FROM meta.validation_log WHERE dataset = 'citizens'`)).toEqual([]);
  });

  it('looks a key that contains the slice up in that part of the list alone', async () => {
    await deliver('subjects_AQA_2025-06.csv', 'code\nM\n');
    await validate(ctx, { period: JUNE, dataset: 'subjects' });
    await load(JUNE, 'subjects');
    await deliver('topics_AQA_2025-06.csv', 'code,subject\n1,M\n2,X\n');
    await deliver('topics_OCR_2025-06.csv', 'code,subject\n1,M\n');
    const result = await validate(ctx, { period: JUNE, dataset: 'topics' });
    const [aqa, ocr] = result.results;
    expect([aqa?.exitCode, aqa?.rows.accepted, aqa?.rows.rejected]).toEqual([3, 1, 1]);
    // That subjects of another board are loaded tells nothing about this one: nobody is to blame.
    expect([ocr?.exitCode, ocr?.status]).toEqual([5, 'retry']);
  });
});
