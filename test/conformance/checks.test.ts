import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { loadPeriod } from '../../src/pipeline/load-period.ts';
import { ingest } from '../../src/steps/ingest.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { transform } from '../../src/steps/transform.ts';
import { validate } from '../../src/steps/validate.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const FIELDS = `
      fields:
        - {name: id, type: integer}
        - {name: amount, type: number, precision: 10, scale: 2}
        - {name: rate, type: number}
        - {name: paid, type: date}
        - {name: note, type: object}`;
const config = (checks: string, filename = 'payments_{period}.csv') => `
version: 1
datasets:
  payments:
    source: {filename: "${filename}"}
    schema:${FIELDS}
    checks:
${checks
  .split('\n')
  .map((line) => `      - ${line}\n`)
  .join('')}
`;
const HEAD = 'id,amount,rate,paid,note\n';

describe.each(ENGINES)('checks that look beyond their file, on %s', (_name, engine) => {
  let world: World | null = null;
  let ctx: StepContext;

  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);
  afterEach(async () => {
    await world?.close();
    world = null;
  });

  async function configure(text: string): Promise<World> {
    if (world === null) world = await World.open(engine, text);
    else {
      world.configure(text);
      await world.migrate();
    }
    ctx = world.context();
    return world;
  }
  async function deliver(name: string, text: string, period: string): Promise<StepResult> {
    expect((await landed(name, text)).exitCode).toBe(0);
    return validate(ctx, { period: parsePeriod(period) as Period, dataset: 'payments' });
  }
  const landed = (name: string, text: string) => (world as World).land(name, text);
  const load = (period: string) =>
    loadPeriod(ctx, { ...loading('payments'), period: parsePeriod(period) as Period });
  const loading = (dataset: string) => ({
    dataset,
    slice: null,
    parquetPath: null,
    fileId: null,
    allowEmpty: false,
    force: false,
  });
  const row = (id: number, amount = 10) => `${id},${amount},0.5,2025-06-01,{}\n`;

  it('the same month last year, and no other, is compared by every measure', async () => {
    await configure(
      config(
        'versus_last_year: {rows: {max_drop: 0}, sum(amount): {max_rise: 0}, avg(amount): {max_rise: 0}, min(rate): {max_drop: 0}, max(amount): {max_rise: 0}, distinct(note): {max_rise: 0}, nulls(paid): {max_rise: 0}}',
      ),
    );
    await deliver('payments_2024-06.csv', HEAD + row(1, 10) + row(2, 10), '2024-06');
    await load('2024-06');
    await deliver('payments_2025-05.csv', HEAD + row(1, 900), '2025-05');
    await load('2025-05');
    expect(await deliver('payments_2025-06.csv', HEAD + row(3, 10) + row(4, 10), '2025-06')).toMatchObject({
      exitCode: 0,
      findings: { error: 0, info: 0 },
    });
    const other = await deliver('payments_2025-06.csv', `${HEAD}3,30,0.1,,"{""a"":1}"\n`, '2025-06');
    expect(other.exitCode).toBe(3);
    for (const text of [
      'Number of rows fell from 2 (2024-06) to 1, by 50.0%',
      'Sum of amount rose from 20 (2024-06) to 30',
      'Average of amount rose from 10 (2024-06) to 30',
      'Smallest value of rate fell from 0.50 (2024-06) to 0.10',
      'Largest value of amount rose from 10 (2024-06) to 30',
      'Number of blank cells of paid rose from 0 (2024-06) to 1',
    ])
      expect(other.message).toContain(text);
  });

  it('without last year a check says that it was not made', async () => {
    await configure(config('versus_last_year: {rows: {max_drop: 0}}'));
    expect(await deliver('payments_2025-06.csv', HEAD + row(1), '2025-06')).toMatchObject({
      exitCode: 0,
      findings: { info: 1 },
    });
  });

  it('values are unique across the periods of a slice, and its own restatement is no other', async () => {
    await configure(config('{name: once, unique: {fields: [id, paid], across: periods}}'));
    await deliver('payments_2025-05.csv', HEAD + row(1) + row(2), '2025-05');
    await load('2025-05');
    const again = await deliver('payments_2025-06.csv', HEAD + row(2) + row(3), '2025-06');
    expect(again).toMatchObject({ exitCode: 3, rows: { read: 2, accepted: 1, rejected: 1 } });
    expect(await deliver('payments_2025-06.csv', HEAD + row(3) + row(4), '2025-06')).toMatchObject({
      exitCode: 0,
    });
    await load('2025-06');
    expect(await deliver('payments_2025-06.csv', HEAD + row(3) + row(5), '2025-06')).toMatchObject({
      exitCode: 0,
    });
    // The earlier period looks at the later one as well.
    expect(await deliver('payments_2025-05.csv', HEAD + row(1) + row(3), '2025-05')).toMatchObject({
      exitCode: 3,
    });
  });

  it('values are unique across slices, or across everything', async () => {
    const sliced = (across: string) =>
      config(`{name: once, unique: {fields: id, across: ${across}}}`, 'payments_{bank}_{period}.csv');
    await configure(sliced('slices'));
    await deliver('payments_A_2025-06.csv', HEAD + row(1), '2025-06');
    await deliver('payments_A_2025-05.csv', HEAD + row(2), '2025-05');
    await load('2025-06');
    await load('2025-05');
    const results = await deliver('payments_B_2025-06.csv', HEAD + row(1) + row(2), '2025-06');
    const ofB = (result: StepResult) => result.results.find((one) => one.slice === 'bank=B') ?? result;
    expect(ofB(results)).toMatchObject({ exitCode: 3, rows: { accepted: 1, rejected: 1 } });
    await configure(sliced('all'));
    const everywhere = await validate(ctx, { period: parsePeriod('2025-06') as Period, dataset: 'payments' });
    expect(ofB(everywhere)).toMatchObject({ exitCode: 3, rows: { accepted: 0, rejected: 2 } });
  });

  it('values are unique across deliveries that passed and wait to be loaded', async () => {
    await configure(
      config('{name: once, unique: {fields: id, across: slices}}', 'payments_{bank}_{period}.csv'),
    );
    await deliver('payments_A_2025-06.csv', HEAD + row(1) + row(2), '2025-06');
    const both = await deliver('payments_B_2025-06.csv', HEAD + row(2) + row(3), '2025-06');
    const ofB = both.results.find((one) => one.slice === 'bank=B');
    expect(ofB).toMatchObject({ exitCode: 3, rows: { accepted: 1, rejected: 1 } });
    await load('2025-06');
    // A restatement without the value frees it, before it is loaded as well.
    await deliver('payments_A_2025-06.csv', HEAD + row(1), '2025-06');
    const again = await deliver('payments_B_2025-06.csv', HEAD + row(2) + row(4), '2025-06');
    expect(again.results.find((one) => one.slice === 'bank=B')).toMatchObject({ exitCode: 0 });
  });

  it('a slice counts in keys and trees like any column', async () => {
    await configure(
      config('{name: once, unique: {fields: [bank, id], across: all}}', 'payments_{bank}_{period}.csv'),
    );
    await deliver('payments_A_2025-05.csv', HEAD + row(1), '2025-05');
    await load('2025-05');
    const ofB = await deliver('payments_B_2025-06.csv', HEAD + row(1) + row(7), '2025-06');
    expect(ofB).toMatchObject({ exitCode: 0 });
    const ofA = await deliver('payments_A_2025-06.csv', HEAD + row(1) + row(8), '2025-06');
    expect(ofA.results.find((one) => one.slice === 'bank=A') ?? ofA).toMatchObject({ exitCode: 3 });
  });

  it('keys of several columns are looked up in the containing period, and then in core', async () => {
    await configure(`${config('rows: {min: 1}')
      .replace(
        '    checks:',
        '      foreignKeys: [{fields: [id, note_kind], reference: {dataset: kinds, fields: [number, kind]}}]\n    checks:',
      )
      .replace('{name: note, type: object}', '{name: note_kind}')}  kinds:
    period: year
    source: {filename: "kinds_{period}.csv"}
    schema: {primaryKey: [number, kind], fields: [{name: number, type: integer}, {name: kind}]}
    core: {strategy: upsert}
`);
    const year = parsePeriod('2025') as Period;
    await landed('kinds_2025.csv', 'number,kind\n1,a\n2,b\n');
    await validate(ctx, { period: year, dataset: 'kinds' });
    await loadPeriod(ctx, { ...loading('kinds'), period: year });
    const head = 'id,amount,rate,paid,note_kind\n';
    const rows = `${head}1,1,1,2025-06-01,a\n2,1,1,2025-06-01,a\n3,1,1,2025-06-01,\n`;
    const inYear = await deliver('payments_2025-06.csv', rows, '2025-06');
    expect(inYear).toMatchObject({ exitCode: 3, rows: { accepted: 2, rejected: 1 } });
    // Next year's list is not loaded, nor is anything in core: nobody is to blame.
    expect(await deliver('payments_2026-01.csv', rows, '2026-01')).toMatchObject({ exitCode: 5 });
    await transform(ctx, {
      period: year,
      datasets: [ctx.config.datasets.get('kinds') as Dataset],
      named: true,
      atomic: false,
      acceptGuards: [],
    });
    const later = await validate(ctx, { period: parsePeriod('2026-01') as Period, dataset: 'payments' });
    expect(later).toMatchObject({ exitCode: 3, rows: { accepted: 2, rejected: 1 } });
  });

  it('a slice that the list of its field lacks is a fault of the file name, not a list that is still to come', async () => {
    await configure(`
version: 1
datasets:
  regions:
    period: none
    source: {filename: "regions.csv"}
    schema: {primaryKey: [code], fields: [{name: code}]}
  sales:
    source: {filename: "sales_{region}_{period}.csv"}
    schema:
      primaryKey: [id]
      fields: [{name: id, type: integer}]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
`);
    const none = NO_PERIOD;
    await landed('regions.csv', 'code\nNorth\nSouth\n');
    await validate(ctx, { period: none, dataset: 'regions' });
    await loadPeriod(ctx, { ...loading('regions'), period: none });
    const check = async (name: string) => {
      await landed(name, `id\n1\n${name.length}\n`);
      return validate(ctx, { period: parsePeriod('2025-06') as Period, dataset: 'sales' });
    };
    expect(await check('sales_North_2025-06.csv')).toMatchObject({ exitCode: 0, rows: { accepted: 2 } });
    const wrong = await check('sales_Sout_2025-06.csv');
    expect(wrong).toMatchObject({ exitCode: 3 });
    expect(JSON.stringify(wrong)).toContain(
      "The file name says 'Sout' for region, which the list 'regions' lacks (did you mean 'South'?).",
    );
  });

  it('a control file is read beside its delivery, and is no delivery itself', async () => {
    const { project } = await configure(config('{name: as_sent, control: {rows: file, sum(amount): file}}'));
    const missing = await deliver('payments_2025-06.csv', HEAD + row(1) + row(2), '2025-06');
    expect(missing).toMatchObject({ exitCode: 3 });
    expect(missing.message).toContain("control file 'payments_2025-06.control.csv' is not there");
    writeFileSync(join(project.landed, 'payments_2025-06.control.csv'), 'rows,2\nsum(amount),20.00\n');
    const all = await ingest(ctx, { all: true });
    expect(all.exitCode).toBe(0);
    expect(JSON.stringify(all)).not.toContain('control');
    const period = parsePeriod('2025-06') as Period;
    expect(await validate(ctx, { period, dataset: 'payments' })).toMatchObject({ exitCode: 0 });
    const named = await ingest(ctx, {
      filePath: join(project.landed, 'payments_2025-06.control.csv'),
    } as never);
    expect(named).toMatchObject({ exitCode: 3, message: expect.stringContaining('is a control file') });
  });
});
