import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../fixtures/pipelines/make-pipeline.ts';
import { ROWS } from '../entries.ts';
import { FAULT_ENGINES, SERVER_ENGINES } from '../fault-engines.ts';
import { copyingProcess } from '../mid-copy.ts';
import { loadOf, type ReplacedPeriod, replacedPeriod } from '../replaced-period.ts';

function expectInterrupted(answer: Answer, code: number): void {
  expect(answer.code, answer.stderr).toBe(code);
  expect(answer.json).toMatchObject({ schema: 'tidemark.result.v1', status: 'interrupted', exit_code: code });
  expect(answer.stdout.trimEnd().split('\n').length).toBe(1);
}

/** Starts a replacement, waits for a moment in it, and asks the program to stop. */
async function stopped(world: ReplacedPeriod, signal: NodeJS.Signals, moment: () => Promise<unknown>) {
  const old = await world.standing();
  const runId = `stop-${Date.now()}`;
  const running = world.pipeline.start(loadOf(world.otherOf(old), `--run-id ${runId}`));
  await atWork(join(world.pipeline.root, 'data', 'runs', runId));
  await moment();
  running.process.kill(signal);
  return { old, answer: await running.answer };
}

describe.each(FAULT_ENGINES)('load-stage told to stop on %s', (_name, engine) => {
  let world: ReplacedPeriod;
  beforeAll(async () => {
    world = await replacedPeriod(engine, ROWS);
  }, 300_000);
  afterAll(() => world.remove());

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'by %s: answers %i with the result line last, keeps the old rows, and the next run converges',
    async (signal, code) => {
      const { old, answer } = await stopped(world, signal, async () => {});
      expectInterrupted(answer, code);
      expect(await world.standing()).toBe(old);
      expect((await world.load(world.otherOf(old))).code).toBe(0);
      expect(await world.standing()).toBe(world.otherOf(old));
    },
  );
});

describe.each(SERVER_ENGINES)('load-stage told to stop while it copies into %s', (_name, engine) => {
  let world: ReplacedPeriod;
  beforeAll(async () => {
    world = await replacedPeriod(engine, ROWS);
  }, 300_000);
  afterAll(() => world.remove());

  it('keeps the old rows and logs the call', async () => {
    const { old, answer } = await stopped(world, 'SIGTERM', () =>
      copyingProcess(world.database.url as string),
    );
    expectInterrupted(answer, 143);
    expect(await world.standing()).toBe(old);
    const logged = await world.query('SELECT status, exit_code FROM meta.run_log ORDER BY id DESC LIMIT 1');
    expect(logged).toEqual([{ status: 'interrupted', exit_code: 143 }]);
  });
});

/** Waits for the record that says a step is running. */
async function atWork(records: string): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if (existsSync(records) && readdirSync(records).length > 0) return;
    await wait(5);
  }
  throw new Error(`no record in ${records}`);
}
