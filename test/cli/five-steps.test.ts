import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, deliveredFiles } from './warehouse-content.ts';
import { ENGINES, migratedWorld, type World } from './world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const STEPS = ['ingest', 'validate', 'load-stage', 'transform', 'publish'];

/** The pipeline that is shipped, with nothing landed yet. */
async function example(engine: string): Promise<World> {
  const config = readFileSync(join(ROOT, 'datasets_config.yml'), 'utf8');
  const models = readdirSync(join(ROOT, 'models'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => [`models/${path}`, readFileSync(join(ROOT, 'models', path))] as const);
  return migratedWorld(engine, { config, files: Object.fromEntries(models) });
}

function land(world: World, folder: string): void {
  cpSync(join(ROOT, 'data/landed', folder), join(world.root, 'data/landed', folder), { recursive: true });
}

/** The five steps, each called once, up to one that does not end with 0; answers their exit codes. */
async function fiveSteps(world: World, period: string): Promise<number[]> {
  const codes: number[] = [];
  for (const step of STEPS) {
    const { code } = await world.run(`${step} --period ${period} --json`);
    codes.push(code as number);
    if (code !== 0) break;
  }
  return codes;
}

/** Tables, Parquet and reports; without the reports where one of the two has made them anew, beside months that came since. */
async function expectSame(one: World, other: World, reports = true): Promise<void> {
  expect(await contentOf(other)).toEqual(await contentOf(one));
  const files = async (world: World) =>
    Object.entries(await deliveredFiles(world)).filter(
      ([path]) => reports || !path.startsWith('data/reports/'),
    );
  expect(await files(other)).toEqual(await files(one));
}

const MART = `-- title: Results by board
-- grain: board
-- mode: period
-- period: month
-- reads: core.results, core.regions
SELECT r.board, count(*) AS results, sum(r.points) AS points, count(g.code) AS placed
FROM core.results r LEFT JOIN core.regions g ON g.code = r.region WHERE r._data_period = :period GROUP BY r.board
`;

/** Results a board and month, which refer to the board's subjects of the month and to a list that serves every month. */
async function boards(engine: string): Promise<World> {
  return migratedWorld(engine, {
    config: `version: 1
datasets:
  results:
    source: {filename: "results_{board}_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: subject}, {name: region}, {name: points, type: integer}]
      foreignKeys:
        - {fields: [board, subject], reference: {dataset: subjects, fields: [board, code]}}
        - {fields: region, reference: {dataset: regions, fields: code}}
    accept: {max_rejected: 60%}
    checks: [{name: steady, versus_previous: {rows: {max_drop: 90%}}}]
    core: {strategy: upsert, covers: period, missing: delete}
  subjects:
    source: {filename: "subjects_{board}_{period}.csv"}
    schema: {primaryKey: code, fields: [{name: code}, {name: title}]}
    accept: {max_rejected: 60%}
    core: {strategy: history}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
    core: {strategy: upsert}
`,
    files: { 'models/mart/by_board.sql': MART },
  });
}

/** A month of two boards; the rows named last refer to what the lists may not have. */
function landMonth(world: World, month: string, first: number, more = 0): void {
  const points = (own: number) => own + more;
  world.land(`subjects_AQA_${month}.csv`, `code,title\nM,Maths ${month}\nP,Physics\n`);
  world.land(`subjects_OCR_${month}.csv`, `code,title\nM,Mathematics ${month}\n`);
  world.land(
    `results_AQA_${month}.csv`,
    `id,subject,region,points\n${first},M,NO,${points(1)}\n${first + 1},P,SO,${points(2)}\n${first + 2},P,WE,${points(3)}\n${first + 3},X,NO,4\n`,
  );
  world.land(
    `results_OCR_${month}.csv`,
    `id,subject,region,points\n${first + 10},M,NO,${points(5)}\n${first + 11},P,NO,6\n${first + 12},M,WE,${points(7)}\n${first + 13},M,SO,1\n`,
  );
}

describe.each(ENGINES)('the five steps on %s', (engine) => {
  it('called once each for three months of the example give what run gives', async () => {
    const [byRun, bySteps] = [await example(engine), await example(engine)];
    for (const world of [byRun, bySteps]) land(world, 'reference');
    for (const month of ['2025-04', '2025-05', '2025-06']) {
      for (const world of [byRun, bySteps]) land(world, month);
      const { code } = await byRun.run(`run --period ${month} --json`);
      const codes = await fiveSteps(bySteps, month);
      expect([month, codes]).toEqual([month, [0, 0, 0, 0, 0]]);
      expect(code).toBe(0);
      await expectSame(byRun, bySteps);
    }
    const [{ n } = {}] = await bySteps.query('SELECT count(*) AS n FROM core.payments');
    expect(Number(n)).toBeGreaterThan(6000);
  }, 600_000);

  it('give what run gives with slices, months out of order, rejected rows and a list that comes late', async () => {
    const [byRun, bySteps] = [await boards(engine), await boards(engine)];
    const both = (change: (world: World) => void) => [byRun, bySteps].forEach(change);
    const take = async (month: string, code = 0, isFirst = true) => {
      expect([month, (await byRun.run(`run --period ${month} --json`)).code]).toEqual([month, code]);
      const codes = await fiveSteps(bySteps, month);
      expect([month, codes.find((one) => one !== 0) ?? 0]).toEqual([month, code]);
      if (code === 0) await expectSame(byRun, bySteps, isFirst);
    };
    both((world) => world.land('regions_v1.csv', 'code\nNO\nSO\n'));
    both((world) => landMonth(world, '2025-06', 1));
    await take('2025-06');
    both((world) => landMonth(world, '2025-04', 21));
    await take('2025-04');
    both((world) => landMonth(world, '2025-05', 1, 10));
    both((world) => world.land('regions_v2.csv.part', 'code\nNO\n'));
    await take('2025-05', 5);
    both((world) => rmSync(join(world.root, 'data/landed/regions_v2.csv.part')));
    both((world) => world.land('regions_v2.csv', 'code\nNO\nSO\nWE\n'));
    await take('2025-05');
    for (const month of ['2025-06', '2025-04']) await take(month, 0, false);
    both((world) =>
      world.land('results_AQA_2025-05_v2.csv', 'id,subject,region,points\n2,P,WE,9\n3,M,NO,8\n'),
    );
    await take('2025-05', 0, false);
    expect(
      await bySteps.query('SELECT board, points, placed FROM mart.by_board ORDER BY _data_period, board'),
    ).toEqual([
      { board: 'AQA', points: '6', placed: '3' },
      { board: 'OCR', points: '13', placed: '3' },
      { board: 'AQA', points: '6', placed: '3' },
      { board: 'OCR', points: '13', placed: '3' },
    ]);
  }, 600_000);
});
