import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOMENTS, ROWS } from '../entries.ts';
import { FAULT_ENGINES } from '../fault-engines.ts';
import { loadOf, type ReplacedPeriod, replacedPeriod } from '../replaced-period.ts';

describe.each(FAULT_ENGINES)('load-stage killed on %s', (name, engine) => {
  let world: ReplacedPeriod;
  beforeAll(async () => {
    world = await replacedPeriod(engine, ROWS);
  }, 300_000);
  afterAll(() => world.remove());

  it(`leaves the period wholly old or wholly new at each of ${MOMENTS} random moments, and the next run converges`, async () => {
    const before = await world.standing();
    const times = [await timeOfReplacement(world, world.otherOf(before))];
    const ends = { old: 0, fresh: 0, unkilled: 0 };
    for (let moment = 0; moment < MOMENTS; moment++) {
      const old = await world.standing();
      const fresh = world.otherOf(old);
      // One random moment in every equal part of the work, the last part a little past its end.
      const { workMs, endMs } = typical(times);
      const afterMs = workMs + ((moment + Math.random()) / MOMENTS) * (endMs * 1.05 - workMs);
      const running = world.pipeline.start(loadOf(fresh));
      await wait(afterMs);
      running.process.kill('SIGKILL');
      const { signal } = await running.answer;

      const stands = await world.standing();
      expect([old, fresh], `killed after ${afterMs} ms`).toContain(stands);
      ends[signal === null ? 'unkilled' : stands === old ? 'old' : 'fresh']++;

      // The next run is a whole replacement only where the killed one changed nothing.
      if (stands === old) times.push(await timeOfReplacement(world, fresh));
      else {
        expect((await world.load(fresh)).json.status).toBe('skipped');
        // The kill came after the work: the machine has become faster than it was.
        times.push({ workMs: workMs * 0.75, endMs: endMs * 0.75 });
      }
      expect(await world.standing()).toBe(fresh);
    }
    const { workMs, endMs } = typical(times);
    process.stdout.write(
      `${name}: ${ROWS} rows, work from ${Math.round(workMs)} to ${Math.round(endMs)} ms; after kill: ${JSON.stringify(ends)}\n`,
    );
    expect(ends.old).toBeGreaterThan(0);
  }, 1_800_000);
});

interface Times {
  readonly workMs: number;
  readonly endMs: number;
}

/** Of the last few replacements: how fast they are depends on what else the machine does. */
function typical(times: readonly Times[]): Times {
  const last = times.slice(-3);
  const mean = (pick: (one: Times) => number) => last.reduce((sum, one) => sum + pick(one), 0) / last.length;
  return { workMs: mean(({ workMs }) => workMs), endMs: mean(({ endMs }) => endMs) };
}

/** When, after its start, the program begins to work on the load, and when it ends; in ms. */
async function timeOfReplacement(world: ReplacedPeriod, fileId: number): Promise<Times> {
  const started = Date.now();
  const answer = await world.load(fileId);
  const endMs = Date.now() - started;
  expect(answer.code, answer.stderr).toBe(0);
  const [log] = await world.query(
    'SELECT CAST(1000 * EXTRACT(epoch FROM max(started_at)) AS DOUBLE PRECISION) AS at FROM meta.load_log',
  );
  return { workMs: Number(log?.at) - started, endMs };
}
