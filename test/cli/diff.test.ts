import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { CITIZENS_ONLY, citizens, register } from './registers.ts';
import { copiesOf, emptyDatabase, listing, makeWorld } from './world.ts';

const OLD = citizens([1, 'Ada Lovelace', 10], [2, 'Bea Byron', 0], [3, 'Cy Clark', 5]);
const NEW = citizens([1, 'Ada Lovelace', 10], [2, 'Bea Byron', ''], [4, 'Di Dorn', 7]);

const staged = copiesOf(register({ 'citizens_2025-06.csv': OLD }), async (world) => {
  await world.json('run --period 2025-06', 0);
  world.land('citizens_2025-06_v2.csv', NEW);
  await world.json('run --period 2025-06 --through load-stage', 0);
});

describe('diff', () => {
  it('prints schema, counts, patterns, cells and a fingerprint, the same each time, and as one JSON line', async () => {
    const world = await staged();
    const text = (await world.run('diff --dataset citizens --period 2025-06')).stdout;
    expect(text).toMatch(/Citizens register · 2025-06: delivery 2 as staged, against core\.citizens/);
    expect(text).toMatch(/1 added, 1 modified \(1 cell\); 1 unchanged\./);
    expect(text).toMatch(/1 row: income 0\.00 → empty/);
    const fingerprint = /Fingerprint: ([0-9a-f]{64})\n$/.exec(text)?.[1];
    const line = await world.json('diff --dataset citizens --period 2025-06 --sample 0', 0);
    expect(line).toMatchObject({
      step: 'diff',
      status: 'done',
      ...{ dataset: 'citizens', period: '2025-06', file_id: 2 },
      rows: { read: 3, added: 1, modified: 1, removed: 0, unchanged: 1, cells: 1 },
      details: { fingerprint, comparisons: [{ cells: [], rows: [], fingerprint }] },
    });
    expect(await world.query(`SELECT count(*) AS n FROM meta.run_log WHERE step = 'diff'`)).toEqual([
      { n: '2' },
    ]);
  });

  it('compares two deliveries, by number, and says what is missing', async () => {
    const world = await staged();
    const line = await world.json('diff --from-file 1 --to-file 2 --by income', 0);
    expect(line).toMatchObject({
      dataset: 'citizens',
      rows: { added: 1, modified: 1, removed: 1, unchanged: 1, cells: 1 },
    });
    expect(line.details.comparisons[0].by[0].column).toBe('income');
    await world.json('diff --from-file 1 --to-file 99', 2);
    await world.json('diff --from-file 1', 2);
    await world.json('diff --dataset citizens', 2);
    await world.json('diff --period 2025-06', 2);
    await world.json('diff --dataset citizens --period 2025-06 --from-file 1 --to-file 2', 2);
    await world.json('diff --dataset citizens --period 2025-06 --tolerance much', 2);
    await world.json('diff --dataset citizens --period 2025-06 --by incom', 2);
    await world.json('diff --dataset citizens --period 2025-06 --slice board=x', 2);
    await world.json('diff --dataset citizens --period 2025-07', 5);
    await world.json('diff --dataset citizens --from-period 2025-06 --to-period 2025-07', 5);
  });

  it('exits with 4 on a difference only where that was asked for, its text on stdout all the same', async () => {
    const world = await staged();
    await world.json('diff --dataset citizens --period 2025-06', 0);
    const blocked = await world.run('diff --dataset citizens --period 2025-06 --fail-on-diff');
    expect(blocked.code).toBe(4);
    expect(blocked.stdout).toMatch(/Fingerprint: /);
    await world.json('transform --period 2025-06', 0);
    expect(await world.json('diff --dataset citizens --period 2025-06 --fail-on-diff', 0)).toMatchObject({
      message: 'No difference.',
    });
  });

  it('shows personal data only with --show-pii, which the log tells', async () => {
    const world = await staged();
    const files = '--html out/d.html --xlsx out/d.xlsx';
    const renamed = NEW.replace('Ada Lovelace', 'Zebulon Ada');
    world.land('citizens_2025-06_v3.csv', renamed);
    await world.json('run --period 2025-06 --through load-stage', 0);
    const masked = await world.run(
      `diff --dataset citizens --period 2025-06 --json --by full_name --verbose ${files}`,
    );
    expect(masked.code).toBe(0);
    expect(masked.stdout + masked.stderr + readFileSync(join(world.root, 'out/d.html'), 'utf8')).not.toMatch(
      /Zebulon|Lovelace/,
    );
    const shown = await world.run(`diff --dataset citizens --period 2025-06 --show-pii ${files}`);
    expect(shown.stdout).toMatch(/Ada Lovelace → Zebulon Ada/);
    expect(readFileSync(join(world.root, 'out/d.html'), 'utf8')).toContain('Zebulon');
    expect(statSync(join(world.root, 'out/d.html')).mode & 0o777).toBe(0o640);
    const logged = await world.query(
      `SELECT message FROM meta.run_log WHERE step = 'diff' ORDER BY started_at`,
    );
    expect(logged.map((row) => /Personal data was shown/.test(String(row.message)))).toEqual([false, true]);
    expect(JSON.stringify(await world.query('SELECT * FROM meta.run_log'))).not.toContain('Zebulon');
  });

  it('writes a page and a workbook, never among the data, and with --dry-run nothing at all', async () => {
    const world = await staged();
    const before = listing(world.root);
    await world.json('diff --dataset citizens --period 2025-06 --html d.html --xlsx d.xlsx --dry-run', 0);
    expect(listing(world.root)).toEqual(before);
    await world.json('diff --dataset citizens --period 2025-06 --html data/landed/d.html', 2);
    await world.json('diff --dataset citizens --period 2025-06 --xlsx d.csv', 2);
    const made = await world.json('diff --dataset citizens --period 2025-06 --html d.html --xlsx d.xlsx', 0);
    expect(made.outputs).toEqual(['d.html', 'd.xlsx']);
    expect(readFileSync(join(world.root, 'd.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(join(world.root, 'd.xlsx')).subarray(0, 2).toString()).toBe('PK');
    await world.json('diff --dataset citizens --period 2025-06 --html d.html', 0);
  });

  it('tells a column that only one of two deliveries has first', async () => {
    const world = await staged();
    const wider = CITIZENS_ONLY.replace('      primaryKey', '        - {name: nickname}\n      primaryKey');
    world.land('../../datasets_config.yml', wider);
    world.land('citizens_2025-06_v3.csv', 'Citizen ID,Name,Income,nickname\n1,Ada Lovelace,10,A\n');
    await world.json('run --period 2025-06 --through load-stage', 0);
    const { stdout } = await world.run('diff --from-file 1 --to-file 3');
    expect(stdout.split('\n')[1]).toBe('  column nickname is new (VARCHAR)');
  });
});

/** The month as it was first published and as it was published again. */
const REAL = join(import.meta.dirname, '..', 'fixtures', 'nics');
const FIRST = join(REAL, 'landed', 'nics_2016-05.csv');
const engines: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['DuckDB', async () => null],
  ...(inject('postgresUrl') === null ? [] : [['PostgreSQL', emptyDatabase] as const]),
];

/** Every column of the delivery is a count, but for the first two. */
function realConfig(): string {
  const names = (readFileSync(FIRST, 'utf8').split(/\r?\n/)[0] as string).split(',');
  const fields = names.map((name) => {
    const type = name === 'month' ? 'yearmonth' : name === 'state' ? 'string' : 'integer';
    return `        - {name: ${name}, type: ${type}}\n`;
  });
  return `version: 1
datasets:
  nics:
    source: {filename: "nics_{period}[_v{version}].csv"}
    schema:
      fields:
${fields.join('')}      primaryKey: [month, state]
    core: {strategy: replace_period}
`;
}

describe('the real restatement', () => {
  it('is part of the project', () => {
    expect(existsSync(FIRST)).toBe(true);
  });
});

describe.each(engines)('the real restatement on %s', (_, database) => {
  it('is 55 modified rows and 110 changed cells, 0 → empty, nothing added or removed, and promotes as told', async () => {
    const databaseUrl = await database();
    const world = makeWorld({ config: realConfig(), ...(databaseUrl === null ? {} : { databaseUrl }) });
    const land = (from: string, as: string) => {
      world.land(as, '');
      copyFileSync(join(REAL, from), join(world.root, 'data/landed', as));
    };
    if (databaseUrl !== null) await world.json('migrate', 0);
    land('landed/nics_2016-05.csv', 'nics_2016-05.csv');
    await world.json('run --period 2016-05', 0);
    land('restated/nics_2016-05.csv', 'nics_2016-05_v2.csv');
    await world.json('run --period 2016-05 --through load-stage', 0);
    const counts = { added: 0, modified: 55, removed: 0, closed: 0, unchanged: 0, cells: 110 };
    const staged = await world.json('diff --dataset nics --period 2016-05 --sample 200', 0);
    expect(staged.rows).toMatchObject(counts);
    const [seen] = staged.details.comparisons;
    expect(seen.patterns).toHaveLength(2);
    for (const pattern of seen.patterns) expect(pattern).toMatchObject({ before: 0, after: null, rows: 55 });
    expect(seen.cells).toHaveLength(110);
    const files = await world.json('diff --from-file 1 --to-file 2', 0);
    expect(files.rows).toMatchObject(counts);
    expect(files.details.comparisons[0].patterns).toEqual(seen.patterns);
    expect((await world.json('transform --period 2016-05', 0)).rows).toMatchObject(counts);
    expect((await world.json('diff --dataset nics --period 2016-05 --fail-on-diff', 0)).rows.unchanged).toBe(
      55,
    );
  });
});
