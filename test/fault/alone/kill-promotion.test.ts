import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Running } from '../../fixtures/pipelines/make-pipeline.ts';
import { FEWER_MOMENTS, ROWS } from '../entries.ts';
import { FAULT_ENGINES } from '../fault-engines.ts';
import { type PromotedPeriod, promotedPeriod, ROLLBACK, TRANSFORM } from '../promoted-period.ts';

type Step = 'transform' | 'rollback';
const COMMANDS = { transform: TRANSFORM, rollback: ROLLBACK };

describe.each(FAULT_ENGINES)('transform and rollback killed on %s', (name, engine) => {
  let world: PromotedPeriod;
  let runs = 0;
  beforeAll(async () => {
    world = await promotedPeriod(engine, Math.round(ROWS / 4));
  }, 300_000);
  afterAll(() => world.remove());

  /** Starts a call and answers when its work begins, which its record tells: how long a program takes to start varies. */
  async function begun(step: Step): Promise<Running> {
    const runId = `kill-${++runs}`;
    const running = world.pipeline.start(`${COMMANDS[step]} --run-id ${runId}`);
    const ended = running.answer.then(() => true);
    const record = join(world.pipeline.root, 'data/runs', runId);
    while (!existsSync(record)) if (await Promise.race([ended, wait(2, false)])) break;
    return running;
  }

  /** How long the work of a whole call takes, in ms. */
  async function timeOf(step: Step): Promise<number> {
    const running = await begun(step);
    const started = Date.now();
    const answer: Answer = await running.answer;
    expect([answer.code, answer.json?.status], answer.stderr).toEqual([0, 'done']);
    return Date.now() - started;
  }

  it(`leave core wholly before or wholly after at each of ${FEWER_MOMENTS} random moments, and the next run converges`, async () => {
    expect(await world.standing()).toBe('before');
    const times = { transform: [await timeOf('transform')], rollback: [await timeOf('rollback')] };
    const ends = { transform: none(), rollback: none() };
    for (let moment = 0; moment < FEWER_MOMENTS; moment++) {
      for (const step of ['transform', 'rollback'] as const) {
        const [old, fresh] = step === 'transform' ? ['before', 'after'] : ['after', 'before'];
        // One random moment in every equal part of the work.
        const afterMs = ((moment + Math.random()) / FEWER_MOMENTS) * typical(times[step]);
        const running = await begun(step);
        await wait(afterMs);
        running.process.kill('SIGKILL');
        const { signal } = await running.answer;
        const stands = await world.standing();
        ends[step][signal === null ? 'unkilled' : stands === old ? 'old' : 'fresh']++;

        // The next run does all of it only where the killed one did nothing.
        if (stands === old) times[step].push(await timeOf(step));
        else {
          const again = await world.pipeline.run(`${COMMANDS[step]} --run-id kill-${runs}`);
          // The same call again is answered as the killed one would have been.
          expect(again.json.status, again.stderr).toBe('done');
        }
        expect(await world.standing(), `${step} killed after ${afterMs} ms`).toBe(fresh);
      }
    }
    process.stdout.write(`${name}: ${JSON.stringify(ends)} of ${FEWER_MOMENTS} kills each\n`);
    expect(ends.transform.old).toBeGreaterThan(0);
    expect(ends.rollback.old).toBeGreaterThan(0);
  }, 1_800_000);
});

const none = () => ({ old: 0, fresh: 0, unkilled: 0 });

/** Of the last few: how fast they are depends on what else the machine does. */
function typical(times: readonly number[]): number {
  const last = times.slice(-3);
  return last.reduce((sum, one) => sum + one, 0) / last.length;
}
