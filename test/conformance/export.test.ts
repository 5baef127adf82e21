import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePeriod } from '../../src/domain/period.ts';
import { sql } from '../../src/sql/sql.ts';
import { type ExportInput, exportTable } from '../../src/steps/export.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const things = dataset(
  [
    field('id', { type: 'integer' }),
    field('text'),
    field('price', { type: 'number', precision: 20, scale: 2 }),
    field('share', { type: 'number' }),
    field('day', { type: 'date' }),
    field('moment', { type: 'datetime' }),
    field('clock', { type: 'time' }),
    field('is_on', { type: 'boolean' }),
  ],
  { name: 'things', pattern: 'things_{period}.csv' },
);
const full = {
  id: 1,
  text: '=1+1',
  price: '-123456789012345678.90',
  share: 0.1,
  day: '2025-01-31',
  moment: '2025-01-31 23:59:58',
  clock: '13:45:00',
  is_on: true,
};
const empty = {
  id: 2,
  text: '',
  price: null,
  share: null,
  day: null,
  moment: null,
  clock: null,
  is_on: null,
};
const fine = dataset(
  [
    field('id', { type: 'integer' }),
    field('rate', { type: 'number', precision: 4, scale: 4 }),
    field('moment', { type: 'datetime' }),
  ],
  { name: 'fine', pattern: 'fine_{period}.csv' },
);
const JANUARY = parsePeriod('2025-01') as NonNullable<ReturnType<typeof parsePeriod>>;

describe.each(ENGINES)('export on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    const plain = { ...things, core: { ...things.core, table: 'things', key: ['id'] } };
    world = await World.open(engine, [
      plain,
      { ...fine, core: { ...fine.core, table: 'fine', key: ['id'] } },
    ]);
    await world.load('things', '2025-01', [full, empty]);
    await world.load('things', '2025-02', [{ ...full, id: 3, text: 'später, "so"\n-x' }]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  const at = (name: string) => join(world.project.root, 'out', name);
  const run = (over: Partial<ExportInput> & { file: string }, context: Partial<StepContext> = {}) =>
    exportTable(world.context(context), { table: 'stage.things', period: JANUARY, format: 'csv', ...over });

  it('writes CSV in which no text can run as a formula, and null is not empty text', async () => {
    const result = await run({ file: at('a.csv') });
    expect(result).toMatchObject({ status: 'done', rows: { read: 2 }, outputs: ['out/a.csv'] });
    const [header, one, two] = readFileSync(at('a.csv'), 'utf8').split('\n');
    expect(header).toBe(
      'id,text,price,share,day,moment,clock,is_on,_data_period,_file_id,_source_row,_load_id',
    );
    expect(one).toMatch(
      /^1,'=1\+1,-123456789012345678\.90,0\.1,2025-01-31,2025-01-31 23:59:58,13:45:00,true,2025-01,/,
    );
    expect(two).toMatch(/^2,"",,,,,,,2025-01,/);
    expect(statSync(at('a.csv')).mode & 0o777).toBe(0o640);
  });

  it('writes a workbook with numbers, dates and texts as what they are', async () => {
    await run({ file: at('a.xlsx'), format: 'xlsx' });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(at('a.xlsx'));
    const sheet = book.worksheets[0] as ExcelJS.Worksheet;
    const values = (row: number) => (sheet.getRow(row).values as unknown[]).slice(1, 9);
    expect(values(1)).toEqual(['id', 'text', 'price', 'share', 'day', 'moment', 'clock', 'is_on']);
    const [id, text, price, share, day, moment, , isOn] = values(2);
    expect([id, text, share, isOn]).toEqual([1, '=1+1', 0.1, true]);
    expect(price).toBe('-123456789012345678.90');
    expect([day, moment]).toEqual([new Date('2025-01-31T00:00:00Z'), new Date('2025-01-31T23:59:58Z')]);
    expect(sheet.rowCount).toBe(3);
  });

  it('writes an Arrow file with exact decimals', async () => {
    await run({ file: at('a.arrow'), format: 'arrow' });
    const table = tableFromIPC(readFileSync(at('a.arrow')));
    expect(table.numRows).toBe(2);
    const row = table.get(0);
    expect(row?.id).toBe(1n);
    expect(String(row?.price)).toBe('-12345678901234567890');
    expect(table.schema.fields.find((each) => each.name === 'price')?.type.scale).toBe(2);
    expect(new Date(Number(row?.moment)).toISOString()).toBe('2025-01-31T23:59:58.000Z');
    expect(row?.text).toBe('=1+1');
    expect(table.get(1)?.price).toBeNull();
  });

  it('keeps microseconds and leading zeros', async () => {
    const moments = [1, 999_999, 123_456, 500_000].map(
      (us) => `2025-06-30 23:59:59.${String(us).padStart(6, '0')}`,
    );
    const rows = [...moments, null, '1969-12-31 23:59:59.999999'].map((moment, id) => ({
      id,
      moment,
      rate: ['0.1', '-0.1', '0', null, '0.1234', '-0.0001'][id] ?? null,
    }));
    await world.load('fine', '2025-01', rows);
    const table = 'stage.fine';
    await run({ table, file: at('fine.arrow'), format: 'arrow' });
    const arrow = tableFromIPC(readFileSync(at('fine.arrow')));
    const column = arrow.getChild('moment')?.data.flatMap(({ values }) => [...(values as BigInt64Array)]);
    const epoch = BigInt(Date.UTC(2025, 5, 30, 23, 59, 59)) * 1000n;
    expect(column).toEqual([epoch + 1n, epoch + 999_999n, epoch + 123_456n, epoch + 500_000n, 0n, -1n]);
    expect([3, 4, 5].map((i) => arrow.getChild('moment')?.isValid(i))).toEqual([true, false, true]);
    await run({ table, file: at('fine.csv') });
    const lines = readFileSync(at('fine.csv'), 'utf8').trim().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[1])).toEqual([
      '0.1000',
      '-0.1000',
      '0.0000',
      '',
      '0.1234',
      '-0.0001',
    ]);
    expect(lines[0]).toContain('2025-06-30 23:59:59.000001');
    await run({ table, file: at('fine.xlsx'), format: 'xlsx' });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(at('fine.xlsx'));
    expect(book.worksheets[0]?.getCell('B3').value).toBe(-0.1);
  });

  it('writes Parquet that reads back the same', async () => {
    await run({ file: at('a.parquet'), format: 'parquet' });
    const back = await world.warehouse.transaction(async (session) => {
      await session.execute(sql`CREATE TABLE stage.back (id BIGINT, text VARCHAR, price DECIMAL(20,2))`);
      const columns = ['id', 'text', 'price'].map((name) => ({ name, from: 'parquet' as const }));
      await session.appendParquet({ schema: 'stage', name: 'back' }, at('a.parquet'), columns);
      const rows = await session.query(sql`SELECT * FROM stage.back ORDER BY id`);
      await session.execute(sql`DROP TABLE stage.back`);
      return rows;
    });
    expect(back).toEqual([
      { id: 1, text: '=1+1', price: '-123456789012345678.90' },
      { id: 2, text: '', price: null },
    ]);
  });

  it('writes every period where none is asked for', async () => {
    const { table, format } = { table: 'stage.things', format: 'csv' as const };
    const result = await exportTable(world.context(), { table, format, file: at('all.csv') });
    expect(result.rows.read).toBe(3);
    expect(readFileSync(at('all.csv'), 'utf8')).toContain('"später, ""so""\n-x"');
  });

  it('leaves a file that is there alone, unless told', async () => {
    await run({ file: at('there.csv') });
    writeFileSync(at('there.csv'), 'mine');
    expect(await errorOf(run({ file: at('there.csv') }))).toMatchObject({
      code: 'already-exists',
      exitCode: 2,
    });
    expect(readFileSync(at('there.csv'), 'utf8')).toBe('mine');
    await run({ file: at('there.csv'), force: true });
    expect(readFileSync(at('there.csv'), 'utf8')).toMatch(/^id,/);
  });

  it('refuses what is no table, and leaves nothing behind', async () => {
    const file = at('none/x.csv');
    expect((await errorOf(run({ file, table: 'stage.nothing' }))).code).toBe('usage');
    expect((await errorOf(run({ file, table: 'things' }))).code).toBe('usage');
    expect((await errorOf(run({ file, table: 'meta.lock' }))).message).toContain('belong to no period');
    expect(existsSync(dirname(file))).toBe(false);
    const scratch = existsSync(world.project.scratch) ? readdirSync(world.project.scratch) : [];
    expect(scratch).toEqual([]);
    expect(readdirSync(join(world.project.root, 'out')).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('writes nothing in a dry run', async () => {
    expect((await run({ file: at('dry.csv') }, { dryRun: true })).rows.read).toBe(2);
    expect(existsSync(at('dry.csv'))).toBe(false);
  });
});
