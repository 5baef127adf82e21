import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CITIZENS_ONLY, MART, register, THREE } from './registers.ts';
import { filesIn, makeWorld } from './world.ts';

const MEMBERS = [
  ...['schema', 'step', 'status', 'exit_code', 'run_id', 'dataset', 'period', 'file_id', 'rows'],
  ...['outputs', 'findings', 'message', 'hint', 'results'],
];
const ROWS = [
  ...['read', 'accepted', 'rejected', 'corrected', 'deleted', 'inserted', 'added', 'modified'],
  ...['removed', 'closed', 'shadowed', 'unchanged', 'cells'],
];
const june = { 'citizens_2025-06.csv': THREE };

describe('the result line', () => {
  it('is the last line of stdout for every step, with exactly the members of the contract', async () => {
    const world = makeWorld(register(june, { files: { 'models/mart/incomes.sql': MART } }));
    const steps = ['ingest', 'validate', 'load-stage', 'transform', 'publish'];
    for (const step of steps) {
      const answer = await world.run(`${step} --period 2025-06 --json --run-id nightly`);
      const told = answer.stdout + answer.stderr;
      expect(answer.code, told).toBe(0);
      expect(Object.keys(answer.json)).toEqual(MEMBERS);
      expect(Object.keys(answer.json.rows)).toEqual(ROWS);
      expect(Object.keys(answer.json.findings)).toEqual(['error', 'warning', 'info']);
      expect(answer.json).toMatchObject({
        schema: 'tidemark.result.v1',
        step,
        status: 'done',
        exit_code: 0,
        run_id: 'nightly',
        period: '2025-06',
        hint: null,
      });
      expect(answer.stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(answer.stdout).toBe(`${JSON.stringify(answer.json)}\n`);
      for (const path of answer.json.outputs) expect(filesIn(world.root, 'data')).toContain(path);
    }
    const again = await world.json('load-stage --period 2025-06 --dataset citizens', 0);
    expect(again).toMatchObject({
      status: 'skipped',
      dataset: 'citizens',
      rows: { inserted: 0, deleted: 0 },
    });
  });

  it.each([
    ['an unknown flag', 'ingest --period 2025-06 --jsn --json', 'ingest', /--jsn/],
    ['the flag in front', '--json ingest --perod 2025-06', 'ingest', /--perod/],
    ['the flag between', 'config --json chek', 'tidemark', /chek/],
    ['an unknown command', 'ingets --json', 'tidemark', /ingets.*ingest/s],
    ['no command', '--json', 'tidemark', /command/],
    ['an impossible period', 'run --json --period 2025-13', 'run', /2025-13/],
    ['a value that is missing', 'run --json --period', 'run', /--period/],
    [
      'an unknown dataset',
      'validate --json --period 2025-06 --dataset citizen',
      'validate',
      /did you mean 'citizens'/i,
    ],
    ['nothing to go by', 'ingest --json', 'ingest', /--file-path/],
    ['too much to go by', 'ingest --json --all --period 2025-06', 'ingest', /exactly one/],
    ['an argument too many', 'status citizens --json', 'status', /argument/],
    ['a project that is not there', 'status --json --project nowhere', 'status', /nowhere/],
    ['a configuration that is not there', 'status --json --config other.yml', 'status', /other\.yml/],
    ['a log format that is none', 'status --log-format xml --json', 'status', /xml/],
    ['a database of no kind', 'status --json --database-url mysql://x/y', 'status', /mysql/],
    ['a lock timeout that is none', 'status --json --lock-timeout soon', 'status', /soon/],
    ['an unknown mart', 'publish --period 2025-06 --mart incmes --json', 'publish', /incmes/],
    ['a file that is not there', 'ingest --file-path gone.csv --json', 'ingest', /gone\.csv/],
    ['a delivery that is not there', 'validate --file-id 99 --json', 'validate', /99/],
    [
      'a guard without a reason',
      'transform --period 2025-06 --accept-guard min_rows --json',
      'transform',
      /--reason/,
    ],
  ])('is there for %s, with exit code 2 and what to do', async (_, args, step, message) => {
    const world = makeWorld(register(june, { files: { 'models/mart/incomes.sql': MART } }));
    const { json, code, stdout, stderr } = await world.run(args);
    expect(code, stdout + stderr).toBe(2);
    expect(json).toMatchObject({ schema: 'tidemark.result.v1', step, status: 'usage', exit_code: 2 });
    expect(json.message).toMatch(message);
    expect(json.hint).toMatch(/\w/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(json.message.split('\n')[0]);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('is there for a configuration that is wrong, and names file, line and key', async () => {
    const world = makeWorld({
      ...register(june, { config: CITIZENS_ONLY.replace('source:', 'sourse:') }),
      noWarehouse: true,
    });
    for (const command of ['run --period 2025-06', 'status', 'config check', 'migrate']) {
      const { message } = await world.json(command, 2);
      expect(message).toMatch(/datasets_config\.yml:5:\d+: .*'sourse'; did you mean 'source'/);
    }
    expect(filesIn(world.root, 'data')).toEqual(['data/landed/citizens_2025-06.csv']);
  });

  it('has the units of a run under results', async () => {
    const world = makeWorld(register(june));
    const { results, rows, details } = await world.json('run --period 2025-06 --dataset citizens', 0);
    expect(results.map((one: { step: string }) => one.step)).toEqual([
      ...['ingest', 'validate', 'load-stage', 'transform', 'publish'],
    ]);
    expect(Object.keys(results[0])).toEqual(MEMBERS.slice(1));
    expect(rows).toMatchObject({ read: 3, accepted: 3, rejected: 0, inserted: 3, added: 3 });
    expect(details.reconciliation).toMatchObject([{ read: 3, staged: 3, broken: [] }]);
  });
});

describe('the flags of every command', () => {
  it('--quiet and --log-format say how much is told on stderr, never on stdout', async () => {
    const world = makeWorld(register(june));
    const quiet = await world.run('ingest --period 2025-06 --quiet');
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
    expect(quiet.stdout).toMatch(/ingest.*citizens 2025-06/);
    const logged = await world.run('validate --period 2025-06 --log-format json --run-id r7 --json');
    const lines = logged.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatchObject({ run_id: 'r7', level: expect.any(String), message: expect.any(String) });
    expect(logged.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  it('--run-id names the folder of the records and the rows of the log', async () => {
    const world = makeWorld(register(june));
    await world.json('ingest --period 2025-06 --run-id airflow/2025-06_try1', 0);
    await world.json('ingest --period 2025-06 --run-id airflow/2025-06_try1', 0);
    await world.json('load-stage --period 2025-06 --dataset citizens --run-id airflow/2025-06_try1', 5);
    const [folder] = readdirSync(join(world.root, 'data/runs'));
    expect(folder).toBe('airflow%2F2025-06%5Ftry1');
    const records = filesIn(world.root, 'data/runs').map((path) => path.split('/').at(-1));
    expect(records).toEqual(['ingest-1.json', 'ingest-2.json', 'load-stage-citizens-1.json']);
    const record = JSON.parse(
      readFileSync(join(world.root, 'data/runs', folder as string, 'load-stage-citizens-1.json'), 'utf8'),
    );
    expect(record).toMatchObject({
      run_id: 'airflow/2025-06_try1',
      step: 'load-stage',
      dataset: 'citizens',
      period: '2025-06',
      status: 'retry',
      exit_code: 5,
      result: { schema: 'tidemark.result.v1', exit_code: 5 },
    });
    expect(record.finished_at >= record.started_at).toBe(true);
    expect(await world.query('SELECT run_id, step, status, exit_code FROM meta.run_log ORDER BY id')).toEqual(
      [
        { run_id: 'airflow/2025-06_try1', step: 'ingest', status: 'done', exit_code: '0' },
        { run_id: 'airflow/2025-06_try1', step: 'ingest', status: 'done', exit_code: '0' },
        { run_id: 'airflow/2025-06_try1', step: 'load-stage', status: 'retry', exit_code: '5' },
      ],
    );
  });

  it('a call without --run-id gets one of its own', async () => {
    const world = makeWorld(register(june));
    const one = await world.json('ingest --period 2025-06', 0);
    const two = await world.json('ingest --period 2025-06', 0);
    expect(one.run_id).toMatch(/\w{8,}/);
    expect(two.run_id).not.toBe(one.run_id);
  });

  it('--project and --config lead to another folder and another file', async () => {
    const world = makeWorld(
      register(june, { files: { 'rules/all.yml': CITIZENS_ONLY.replace('citizens:', 'people:') } }),
    );
    const answer = await world.run([
      'config',
      'check',
      '--project',
      world.root,
      '--config',
      join(world.root, 'rules/all.yml'),
    ]);
    expect(answer.stdout).toContain('people: citizens_{period}');
  });

  it('help and version go to stdout and end with 0', async () => {
    const world = makeWorld(register());
    const help = await world.run('load-stage --help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const flag of ['--allow-empty', '--file-id', '--dry-run', '--lock-timeout'])
      expect(help.stdout).toContain(flag);
    const version = await world.run('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
