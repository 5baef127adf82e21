import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG, citizens, MART, register, THREE } from './registers.ts';
import { filesIn, listing, makeWorld } from './world.ts';

describe('status', () => {
  it('shows where each delivery stands, what is late, and which marts are older than their core', async () => {
    const config = String(register().config).replace('.{xlsx,csv}"}', '.{xlsx,csv}", expected: {by_day: 5}}');
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': THREE }, { config, files: { 'models/mart/incomes.sql': MART } }),
    );
    const state = async () => {
      const { details } = await world.json('status --period 2025-06', 0);
      return details.board.map((row: { dataset: string; state: string }) => `${row.dataset} ${row.state}`);
    };
    expect(await state()).toEqual(['citizens late']);
    for (const [step, then] of [
      ['ingest', 'to validate'],
      ['validate', 'to load'],
      ['load-stage', 'to promote'],
      ['transform', 'promoted'],
    ]) {
      await world.json(`${step} --period 2025-06`, 0);
      expect(await state()).toEqual([`citizens ${then}`]);
    }
    await world.json('publish --period 2025-06', 0);
    expect((await world.json('status', 0)).details.stale_marts).toEqual([]);
    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 99]));
    await world.json('run --period 2025-06 --through transform', 0);
    const { details } = await world.json('status', 0);
    expect(details.stale_marts).toMatchObject([{ mart: 'incomes', period: '2025-06' }]);
    const told = await world.run('status');
    expect(told.stdout).toMatch(/citizens +2025-06 .*promoted +1/);
    expect(told.stdout).toMatch(/tidemark publish --period 2025-06/);
    // The newest month that has ended is expected, too.
    expect(told.stdout).toMatch(/citizens +20\d\d-\d\d +(late|waiting)/);
  });
});

describe('status beside the board', () => {
  const next = async (world: ReturnType<typeof makeWorld>) => (await world.json('status', 0)).details.next;

  it('names files that are new or fit no dataset, and what to do with each', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE, 'Citizens May 2025.csv': THREE }));
    await world.json('migrate', 0);
    const { stdout } = await world.run('status');
    expect(stdout).toContain('Fits no dataset: data/landed/Citizens May 2025.csv\n');
    expect(stdout).toContain('New: data/landed/citizens_2025-06.csv (citizens 2025-06)\n');
    expect(stdout).toContain(
      "Next: data/landed/Citizens May 2025.csv: Rename it to 'citizens_2025-05.csv'.\n",
    );
    expect(stdout).toContain('      tidemark run --period 2025-06\n');
  });

  it('says what is next at every turn, and nothing of closed periods', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': citizens(['x', 'Ann', 5]) }));
    await world.json('run --period 2025-06', 3);
    expect(await next(world)).toEqual([
      'Fix data/landed/citizens_2025-06.csv as data/reports/citizens/2025-06/1/report.html says, and drop it into data/landed again.',
    ]);
    world.land('citizens_2025-06.csv', THREE);
    await world.json('ingest --period 2025-06', 0);
    expect(await next(world)).toEqual(['tidemark run --period 2025-06']);
    await world.json('run --period 2025-06', 0);
    expect(await next(world)).toEqual([]);
    world.land('citizens_2025-06_v2.csv', citizens(['x', 'Ann', 5]));
    await world.json('run --period 2025-06', 3);
    await world.json(['period', 'close', '--period', '2025-06', '--reason', 'audited', '--by', 'Eve'], 0);
    expect(await next(world)).toEqual([]);
    const { details } = await world.json('status', 0);
    expect(details.board).toMatchObject([{ state: 'refused', closed: { by: 'Eve', reason: 'audited' } }]);
    expect((await world.run('status')).stdout).toMatch(/citizens +2025-06 +refused, closed/);
    await world.json(['period', 'reopen', '--period', '2025-06', '--reason', 'late', '--by', 'Eve'], 0);
    expect((await world.json('status', 0)).details.board).toMatchObject([{ closed: null }]);
  });
});

describe('history', () => {
  it('tells every delivery, validation, load and promotion, who by run, in order', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('history', 2);
    await world.json('run --period 2025-06 --run-id first', 0);
    world.land('citizens_2025-06_v2.csv', citizens(['x', 'Bad', 1]));
    await world.json('run --period 2025-06 --run-id second', 3);
    const { details } = await world.json('history --dataset citizens --period 2025-06', 0);
    expect(
      details.events.map((one: { event: string; runId: string }) => `${one.event} ${one.runId}`),
    ).toEqual([
      ...[
        'delivery first',
        'validation first',
        'load first',
        'promotion first',
        'delivery second',
        'validation second',
      ],
    ]);
    expect((await world.json('history --dataset citizens --period 2025-07', 0)).details.events).toEqual([]);
    expect((await world.run('history --dataset citizens')).stdout).toMatch(/refused: 0 of 1 row accepted/);
  });
});

describe('init', () => {
  it('makes a pipeline that is valid, and never overwrites one', async () => {
    const world = makeWorld(register());
    const made = await world.json('init new/pipeline', 0);
    expect(made.outputs).toContain('datasets_config.yml');
    expect(await world.json('config check --project new/pipeline', 0)).toMatchObject({ status: 'done' });
    expect(await world.json('run --period 2025-06 --project new/pipeline', 0)).toMatchObject({
      status: 'skipped',
    });
    const before = listing(join(world.root, 'new'));
    const again = await world.json('init new/pipeline', 2);
    expect(again.message).toMatch(/already/);
    expect(listing(join(world.root, 'new'))).toEqual(before);
  });

  it('drafts a dataset from a spreadsheet that its own file passes, up to a mart', async () => {
    const world = makeWorld(register());
    const rows = Array.from(
      { length: 40 },
      (_, i) =>
        `${1000 + i},${i % 2 ? 'NO' : 'SO'},"${(i * 37.5).toFixed(2)}",${String((i % 28) + 1).padStart(2, '0')}/06/2025,00${i % 7}\n`,
    );
    writeFileSync(
      join(world.root, 'Payments 2025-06.csv'),
      `Payment No.,Region,Amount (EUR),Paid on,Office\n${rows.join('')}`,
    );
    const drafted = await world.json(['init', 'shop', '--from', 'Payments 2025-06.csv'], 0);
    expect(drafted.outputs).toContain('data/landed/Payments 2025-06.csv');
    const config = readFileSync(join(world.root, 'shop/datasets_config.yml'), 'utf8');
    expect(config).toMatch(/type: date/);
    expect(await world.json('config check --project shop', 0)).toMatchObject({ status: 'done' });
    const run = await world.json('run --period 2025-06 --project shop', 0);
    expect(run).toMatchObject({ status: 'done', rows: { read: 40, accepted: 40, rejected: 0 } });
    expect(run.results.at(-1)).toMatchObject({ step: 'publish', status: 'done' });
    expect(filesIn(join(world.root, 'shop'), 'models')).not.toEqual([]);
  });
});

describe('peek', () => {
  it('tells the lines whose quotes make no sense, on stderr', async () => {
    const text = 'id,price,product\n1,10.00,"Shirt, Plaid"\n2,33.83"Shirt, Plaid"\n3,1.00,10" nail\n';
    const world = makeWorld(register({}, { files: { 'quotes.csv': text } }));
    const warning = 'warning: Line 3: a quote is missing or too many, so where its cells end is not sure.\n';
    expect((await world.run('peek quotes.csv')).stderr).toBe(warning);
    const csv = await world.run('peek quotes.csv --as csv');
    expect(csv.stderr).toBe(warning);
    expect(csv.stdout).toContain('"33.83""Shirt"," Plaid"""\n');
  });

  it('shows what the reader sees, touches no warehouse, and writes every row as raw text', async () => {
    const text = 'Report of June;;\n;;\nCode;Name;Value\n007;"a;b";1E5\n008;"line\none";=1+1\n';
    const world = makeWorld({ ...register({}, { files: { 'odd.csv': text } }), noWarehouse: true });
    const seen = await world.run('peek odd.csv');
    expect(seen.code).toBe(0);
    expect(seen.stdout).toMatch(/delimiter ;/);
    expect(seen.stdout).toMatch(/row 3: Code \| Name \| Value/);
    const csv = await world.run('peek odd.csv --as csv');
    expect(csv.stdout).toMatch(/007,a;b,1E5/);
    expect(csv.stdout).toMatch(/008,"line\none",=1\+1/);
    const ndjson = await world.run('peek odd.csv --as ndjson --json');
    const lines = ndjson.stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1).map((line) => JSON.parse(line))).toEqual([
      ['Report of June', '', ''],
      ['', '', ''],
      ['Code', 'Name', 'Value'],
      ['007', 'a;b', '1E5'],
      ['008', 'line\none', '=1+1'],
    ]);
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({
      schema: 'tidemark.result.v1',
      step: 'peek',
      rows: { read: 5 },
    });
    const tabs = await world.run('peek odd.csv --as csv --delimiter ,');
    expect(tabs.stdout).toContain('Report of June;;');
    expect(existsSync(join(world.root, 'data/warehouse.duckdb'))).toBe(false);
    expect((await world.run('peek gone.csv --json')).json).toMatchObject({ exit_code: 2, step: 'peek' });
    world.land('fake.xlsx', 'no workbook');
    expect((await world.run('peek data/landed/fake.xlsx --json')).json).toMatchObject({ exit_code: 3 });
  });
});

describe('config check, doctor and migrate', () => {
  it('say that all is well, or what is not', async () => {
    const world = makeWorld({ config: CONFIG, noWarehouse: true });
    const checked = await world.run('config check');
    expect(checked.stdout).toMatch(/5 datasets/);
    expect(checked.stdout).toMatch(/topics: topics_\{board\}_\{period\}\.csv, by month/);
    expect((await world.run('doctor')).stdout).toMatch(/ok +The configuration is valid/);
    const ddl = await world.run('migrate --dry-run');
    expect(ddl.stdout).toMatch(/CREATE TABLE.*"stage"."citizens"/s);
    expect(existsSync(join(world.root, 'data/warehouse.duckdb'))).toBe(false);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'done' });
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
  });

  it('refuse a change of type that could lose data, with the migration to write', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    const { config } = register();
    const rewrite = (text: string) => writeFileSync(join(world.root, 'datasets_config.yml'), text);
    rewrite(String(config).replace('type: number, precision: 12, scale: 2', 'type: date'));
    for (const command of ['migrate', 'run --period 2025-06', 'migrate --dry-run']) {
      const refused = await world.json(command, 2);
      expect(refused.message, command).toMatch(/income/);
    }
    rewrite(String(config).replace('      primaryKey', '        - {name: nickname}\n      primaryKey'));
    world.land('citizens_2025-06_v2.csv', 'Citizen ID,Name,Income,nickname\n1,Ada,5,A\n');
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT nickname FROM stage.citizens')).toEqual([{ nickname: 'A' }]);
  });

  it('name a mart that cannot be read', async () => {
    const model = MART.replace('-- mode: period', '-- mode: sometimes');
    const world = makeWorld(register({}, { files: { 'models/mart/incomes.sql': model } }));
    expect((await world.json('config check', 2)).message).toMatch(/models\/mart\/incomes\.sql.*sometimes/s);
  });
});

describe('export', () => {
  it('writes a table in each format, and replaces a file only when told', async () => {
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': citizens([1, '=cmd()', 10], [2, 'Bea', '']) }),
    );
    await world.json('run --period 2025-06', 0);
    const bytes = new Map<string, Buffer>();
    for (const format of ['csv', 'parquet', 'xlsx', 'arrow']) {
      const made = await world.json(
        `export core.citizens --period 2025-06 --format ${format} --file out/${format}/c.${format}`,
        0,
      );
      expect(made).toMatchObject({
        step: 'export',
        rows: { read: 2 },
        outputs: [`out/${format}/c.${format}`],
      });
      bytes.set(format, readFileSync(join(world.root, `out/${format}/c.${format}`)));
    }
    expect(bytes.get('parquet')?.subarray(0, 4).toString()).toBe('PAR1');
    expect(bytes.get('xlsx')?.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.get('arrow')?.subarray(0, 6).toString()).toBe('ARROW1');
    const csv = bytes.get('csv')?.toString() ?? '';
    expect(csv).toMatch(/^citizen_id,full_name,income/);
    expect(csv).not.toMatch(/(^|,|")=cmd/m);
    expect(statSync(join(world.root, 'out/csv/c.csv')).mode & 0o007).toBe(0);
    const again = 'export core.citizens --format csv --file out/csv/c.csv';
    await world.json(again, 2);
    expect(readFileSync(join(world.root, 'out/csv/c.csv'), 'utf8')).toBe(csv);
    await world.json(`${again} --force`, 0);
    await world.json('export core.nothing --format csv --file x.csv', 2);
    await world.json('export citizens --format csv --file x.csv', 2);
    await world.json('export core.citizens --format csv', 2);
    expect(existsSync(join(world.root, 'x.csv'))).toBe(false);
  });
});

describe('personal data', () => {
  const SECRET = 'Zebulon';
  it('is shown to nobody but the owner of the rows', async () => {
    const config = String(register().config)
      .replace('pii: true', 'pii: true, constraints: {maxLength: 9, unique: true}, clean: [collapse]')
      .replace(
        '    core:',
        `    checks:\n      - {name: known, expect: "length(full_name) <> 9"}\n    core:`,
      );
    const landed = {
      'citizens_2025-06.csv': citizens(
        [1, `${SECRET} Xylophon`, 10],
        [2, `${SECRET} Z`, 'x'],
        [3, `${SECRET}`, 1],
        [4, `${SECRET}`, 2],
      ),
    };
    const world = makeWorld(register(landed, { config }));
    const told: string[] = [];
    for (const args of [
      ...[
        'run --period 2025-06 --verbose --json',
        'validate --file-id 1 --log-format json',
        'status --verbose',
      ],
      ...['history --dataset citizens', 'load-stage --period 2025-06 --dataset citizens --verbose', 'doctor'],
    ]) {
      const { stdout, stderr } = await world.run(args);
      told.push(stdout, stderr);
    }
    expect(told.join('')).not.toContain(SECRET);
    const clear = filesIn(world.root, 'data').filter((path) =>
      readFileSync(join(world.root, path)).includes(SECRET),
    );
    for (const path of clear) expect(path).toMatch(/^data\/(landed|stage\/rejected)\//);
    expect(clear.some((path) => path.startsWith('data/stage/rejected/'))).toBe(true);
    for (const path of clear.filter((one) => one.includes('rejected')))
      expect(statSync(join(world.root, path)).mode & 0o777).toBe(0o640);
    for (const table of ['ingestion_log', 'validation_log', 'run_log']) {
      expect(JSON.stringify(await world.query(`SELECT * FROM meta.${table}`)), table).not.toContain(SECRET);
    }
  });
});

describe('run', () => {
  it('shows the period, and says why a file was refused', async () => {
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': citizens(['x', 'Ann', 5], [2, 'Bob', 'five']) }),
    );
    const { code, stdout } = await world.run('run --period 2025-06');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Period 2025-06\n/);
    expect(stdout).toMatch(/None of the 2 rows can be accepted\./);
    expect(stdout).toMatch(/error +1 +Citizen ID: is not a whole number +2:1/);
    expect(stdout).toMatch(/error +1 +Income: is not a number .* 3:3/);
    // A second look at the same refused file says the same.
    expect((await world.run('run --period 2025-06')).stdout).toMatch(/None of the 2 rows can be accepted\./);
  });

  it('says so where no file of the period was there', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    const { stdout } = await world.run('run --period 2025-07');
    expect(stdout).toMatch(/^Period 2025-07: no file of it was there\.\n/);
    expect((await world.json('run --period 2025-07', 0)).details.absent).toEqual([
      { period: '2025-07', datasets: ['citizens'], all: true },
    ]);
    expect((await world.run('run --from 2025-06 --to 2025-07')).stdout).toMatch(
      /^Period 2025-06\nPeriod 2025-07: no file of it was there\.\n/,
    );
  });

  it('tells periods one after the other in one line, where nothing of them is missing', async () => {
    const months = [4, 5, 6].map((month) => [`citizens_2025-0${month}.csv`, citizens([month, 'Ann', 5])]);
    const world = makeWorld(register(Object.fromEntries(months)));
    // A dry run stops in April, and has not looked for what came for later months.
    expect((await world.run('run --from 2025-04 --to 2025-07 --dry-run')).stdout).toMatch(
      /^Period 2025-04\n(?!Period)/,
    );
    const { stdout } = await world.run('run --from 2025-04 --to 2025-07');
    expect(stdout).toMatch(/^Periods 2025-04 to 2025-06\nPeriod 2025-07: no file of it was there\.\n/);
  });

  it('names the datasets of which no file was there, where others came', async () => {
    const world = makeWorld({
      config: CONFIG,
      landed: { 'regions.csv': 'code,name\nN,North\n', 'topics_AQA_2025-06.csv': 'topic,hours\na,1\n' },
    });
    const { stdout } = await world.run('run --period 2025-06 --dry-run');
    expect(stdout).toMatch(/^Period 2025-06: no file of it was there for citizens, returns\.\n/);
  });
});
