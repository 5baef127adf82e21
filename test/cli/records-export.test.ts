import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { execute, FAILED, giveRecords, HELD, LACKS_PARENT, PROMOTED } from './given-records.ts';
import { POSTINGS } from './postings.ts';
import { ENGINES, filesIn, makeWorld, migratedWorld, type World } from './world.ts';

const HEADER = '_staging_id,_run,site,job_id,_errors,title,city,salary,contact\r\n';
const errors = (...told: readonly (readonly [attempt: number, message: string])[]) => ({
  validation_errors: `'${JSON.stringify(
    told.map(([attempt, message]) => ({ ...{ attempt, field: 'title', code: 'c', message, value: 'x' } })),
  )}'`,
});
const written = (world: World, file: string) => readFileSync(join(world.root, file), 'utf8');
const EXPORT = 'records export --dataset postings --failed';
const mail = { contact: { mail: 'ann@b.org' } };

async function sheetOf(world: World, file: string): Promise<unknown[][]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(join(world.root, file));
  const rows: unknown[][] = [];
  book.worksheets[0]?.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
  return rows;
}

/** Members that the engine takes for JSON, and a strict reader does not. */
const LOOSE: Record<string, string> = { DuckDB: '"a": [1,]', PostgreSQL: '"a": "\\ud800"' };

describe.each(ENGINES)('records export on %s', (engine) => {
  const given = async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [
      {
        data: { job: { id: '1', title: 'one, two' }, places: [{ 'city name': 'Ulm' }], salary: 1.1, ...mail },
        marks: { ...FAILED, attempt: '2', ...errors([1, 'Old.'], [2, 'Too long.'], [2, 'No city.']) },
      },
      { data: { job: { id: '2' } }, marks: PROMOTED },
      {
        run: 'r2',
        data: { job: { id: '=1+1', title: '@x' } },
        marks: { ...FAILED, ...errors([1, '-x is wrong.']) },
      },
      { data: { job: { id: '4' } }, marks: HELD },
      { data: { job: { id: '5' } } },
      { run: 'r2', data: { job: { id: '-6' } }, marks: LACKS_PARENT },
    ]);
    return world;
  };

  it('writes failed records alone, each with its key, the errors of the last attempt, and what its fields read', async () => {
    const world = await given();
    const told = await world.json(`${EXPORT} --format csv --output failed.csv`, 0);
    expect(told).toMatchObject({
      ...{ dataset: 'postings', rows: { read: 3 }, outputs: ['failed.csv'] },
      message: '3 failed records of postings written to failed.csv.',
    });
    expect(written(world, 'failed.csv')).toBe(
      `${HEADER}1,r1,example_bank,1,Too long. No city.,"one, two",Ulm,1.1,***\r
3,r2,example_bank,'=1+1,'-x is wrong.,'@x,unknown,,\r
6,r2,example_bank,-6,,,unknown,,\r
`,
    );
  });

  it('writes those of one run, to stdout where no file is named', async () => {
    const world = await given();
    const { stdout, code } = await world.run(`${EXPORT} --format csv --run r1`);
    expect([code, stdout]).toEqual([
      0,
      `${HEADER}1,r1,example_bank,1,Too long. No city.,"one, two",Ulm,1.1,***\r\n`,
    ]);
    expect(filesIn(world.root, 'data').filter((path) => path.includes('failed'))).toEqual([]);
  });

  it('writes a workbook in which every cell is a text', async () => {
    const world = await given();
    await world.json(`${EXPORT} --format xlsx --output failed.xlsx`, 0);
    const [header, first, second] = await sheetOf(world, 'failed.xlsx');
    expect(header).toEqual(HEADER.trim().split(','));
    expect(first).toEqual([
      '1',
      'r1',
      'example_bank',
      '1',
      'Too long. No city.',
      'one, two',
      'Ulm',
      '1.1',
      '***',
    ]);
    expect(second?.slice(0, 7)).toEqual(['3', 'r2', 'example_bank', '=1+1', '-x is wrong.', '@x', 'unknown']);
  });

  it('shows personal data with --show-pii, and logs that it did', async () => {
    const world = await given();
    const told = await world.json(`${EXPORT} --format csv --run r1 --output open.csv --show-pii`, 0);
    expect(told.message).toContain('Personal data was shown (--show-pii).');
    expect(written(world, 'open.csv')).toContain(',ann@b.org\r\n');
    expect(await world.query("SELECT message FROM meta.run_log WHERE step = 'records export'")).toEqual([
      { message: expect.stringContaining('Personal data was shown') },
    ]);
  });

  it('writes the header alone where no record failed', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [{ data: { job: { id: '5' } } }]);
    const told = await world.json(`${EXPORT} --format csv --output none.csv`, 0);
    expect(told.message).toBe('0 failed records of postings written to none.csv.');
    expect(written(world, 'none.csv')).toBe(HEADER);
  });

  it('keeps a record that cannot be read, with empty cells', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [
      { data: `{"job": {"id": "1"}, ${LOOSE[engine]}}` },
      { data: { job: { id: '2', title: 'x'.repeat(41) } } },
    ]);
    await world.json('records promote --dataset postings --all', 0);
    const { stdout } = await world.run(`${EXPORT} --format csv`);
    const [, first, second] = stdout.split('\r\n');
    expect(first).toMatch(/^1,r1,,,The record cannot be read: .+,,,,$/);
    expect(second).toMatch(/^2,r1,example_bank,2,.+,x{41},unknown,,$/);
  });

  it('streams many records, and texts that are longer than a cell of a workbook', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, [
      { data: { job: { id: 'long', title: 'y'.repeat(1_000_000) } }, marks: FAILED },
    ]);
    const series = engine === 'DuckDB' ? 'range(1, 23001) AS s(n)' : 'generate_series(1, 23000) AS s(n)';
    await execute(world, engine, [
      `INSERT INTO stage.postings_records (run_id, actor, raw_data, waits, failed, attempt)
       SELECT 'r1', 'a', CAST('{"job": {"id": "' || n || '", "title": "${'z'.repeat(400)}"}}' AS JSON), false, true, 1 FROM ${series}`,
    ]);
    const told = await world.json(`${EXPORT} --format csv --output many.csv`, 0);
    expect(told.rows.read).toBe(23_001);
    const lines = written(world, 'many.csv').trimEnd().split('\r\n');
    expect(lines).toHaveLength(23_002);
    expect(lines[1]?.length).toBeGreaterThan(1_000_000);
    const ids = new Set(lines.slice(1).map((line) => line.split(',')[3]));
    expect(ids.size).toBe(23_001);
    await execute(world, engine, ['DELETE FROM stage.postings_records WHERE staging_id > 10']);
    await world.json(`${EXPORT} --format xlsx --output long.xlsx`, 0);
    const [, first] = await sheetOf(world, 'long.xlsx');
    expect(first?.[5]).toBe(`${'y'.repeat(32_000)}… (1,000,000 characters in all)`);
  });

  it('leaves an existing file as it is, unless it may be replaced', async () => {
    const world = await given();
    writeFileSync(join(world.root, 'there.csv'), 'mine');
    const refused = await world.json(`${EXPORT} --format csv --output there.csv`, 2);
    expect(refused.message).toContain('there.csv is there already.');
    expect(written(world, 'there.csv')).toBe('mine');
    await world.json(`${EXPORT} --format csv --output there.csv --force`, 0);
    expect(written(world, 'there.csv')).toContain(HEADER);
  });

  it('writes nothing in a dry run, and says what it would write', async () => {
    const world = await given();
    const before = filesIn(world.root, '.').filter((path) => !path.includes('data/'));
    const told = await world.json(`${EXPORT} --format csv --output failed.csv --dry-run`, 0);
    expect(told).toMatchObject({
      message: 'Would write 3 failed records of postings to failed.csv.',
      outputs: [],
    });
    expect(filesIn(world.root, '.').filter((path) => !path.includes('data/'))).toEqual(before);
  });
});

it.each([
  ['records export --failed --format csv', 'records export needs --dataset, --failed and --format.'],
  [
    'records export --dataset postings --format csv',
    'records export needs --dataset, --failed and --format.',
  ],
  ['records export --dataset postings --failed', 'records export needs --dataset, --failed and --format.'],
  [
    'records export --dataset postings --failed --format xlsx',
    'A workbook does not go to stdout: records export needs --output.',
  ],
])('%s is refused with what is missing', async (command, said) => {
  expect((await makeWorld({ config: POSTINGS }).json(command, 2)).message).toBe(said);
});
