import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { PROGRAM } from '../fixtures/pipelines/make-pipeline.ts';
import { RECORDS_CONFIG, SUBMIT } from '../fixtures/records.ts';
import { CITIZENS_ONLY, MART, register, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

const june = { 'citizens_2025-06.csv': THREE };

/** Exit codes, signals, streams and the help of every command as the shell sees them: all of it needs a process. */
describe('the program as a process', () => {
  it.each(COMMANDS.map(({ group, name }) => [group, name].filter(Boolean).join(' ')))(
    'has the command %s, whose help goes to stdout',
    async (name) => {
      const { code, stdout, stderr } = await makeWorld(register({}, { spawn: true })).run(`${name} --help`);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: tidemark ${name} `));
      expect(stdout).toContain('--dry-run');
    },
  );

  it.each([
    [0, 'run --period 2025-06', {}],
    [1, 'doctor', { config: 'version: 1\n' }],
    [2, 'run --period 2025-13', {}],
    [3, 'run --period 2025-06', { landed: { 'citizens_2025-06.csv': THREE.replace('\n1,', '\none,') } }],
    [
      4,
      'run --period 2025-06',
      { config: CITIZENS_ONLY.replace('strategy: upsert', 'strategy: upsert, review: required') },
    ],
    [5, 'load-stage --period 2025-06 --dataset citizens', {}],
  ])('ends with %i, and its last line on stdout says the same', async (code, args, over) => {
    const world = makeWorld(register(june, { spawn: true, ...over }));
    await world.json(args, code);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that is told to stop by %s ends with %i', async (signal, code) => {
    const world = makeWorld(register(june, { files: { 'models/mart/incomes.sql': MART } }));
    await world.json('ingest --period 2025-06', 0);
    // While we hold the warehouse, the other process waits for it.
    const held = await DuckDBInstance.create(join(world.root, 'data/warehouse.duckdb'));
    try {
      const running = world.start('validate --period 2025-06 --json --run-id stopped');
      while (!existsSync(join(world.root, 'data/runs/stopped')) || !recordsOf(world.root)) await sleep(5);
      running.process.kill(signal);
      const answer = await running.answer;
      expect(answer, answer.stderr).toMatchObject({ code, signal: null });
      expect(answer.json).toMatchObject({ status: 'interrupted', exit_code: code, step: 'validate' });
    } finally {
      held.closeSync();
    }
  });
});

describe('a script that hands records over to the program', () => {
  const world = () => makeWorld({ config: RECORDS_CONFIG, spawn: true });

  it('is stopped while it keeps the program waiting: nothing is stored', async () => {
    const one = world();
    const open = new PassThrough();
    open.write('{"job_id":"a"}\n');
    const running = one.start(`${SUBMIT} --json --run-id stopped`, open);
    const scratch = join(one.root, 'data/stage/.scratch');
    const begun = () => existsSync(scratch) && readdirSync(scratch).length > 0;
    while (!begun()) await sleep(5);
    running.process.kill('SIGTERM');
    const answer = await running.answer;
    expect(answer, answer.stderr).toMatchObject({ code: 143, signal: null });
    expect(answer.json).toMatchObject({ status: 'interrupted', step: 'records submit' });
    expect(await one.query('SELECT 1 FROM stage.postings_records')).toEqual([]);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('may close its end at once, or give none: there is no record then', async () => {
    for (const input of ['', undefined]) {
      const { code, json } = await world().run(`${SUBMIT} --json`, input);
      expect([code, json.status]).toEqual([0, 'skipped']);
    }
  });

  it('may hand a pipe over as the file', async () => {
    const one = world();
    const run = `echo '{"job_id":"a"}' | "$0" "$1" ${SUBMIT} --print-ids /dev/stdin`;
    const out = execFileSync('sh', ['-c', run, process.execPath, PROGRAM], {
      cwd: one.root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(out).toBe('1\n');
  });
});

function recordsOf(root: string): number {
  return readdirSync(join(root, 'data/runs/stopped')).length;
}
