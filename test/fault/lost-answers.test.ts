import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FAULT_ENGINES } from './fault-engines.ts';
import type { CopiedWorld } from './lost-answers/copied-world.ts';
import { type Act, REPEATED } from './lost-answers/decided-pipeline.ts';
import { decidedWorld, told } from './lost-answers/decided-world.ts';
import { type Loss, losingAnswers } from './lost-answers/lossy-warehouse.ts';

const loss = vi.hoisted((): Loss => ({ commits: 0, at: 0 }));
vi.mock('../../src/warehouse/open-warehouse.ts', async (original) => {
  const { openWarehouse } = await original<typeof import('../../src/warehouse/open-warehouse.ts')>();
  return {
    openWarehouse: (...args: Parameters<typeof openWarehouse>) => losingAnswers(openWarehouse(...args), loss),
  };
});

/** Which of so many commits lose their answer: a few of many, or with `TIDEMARK_FUZZ` each of them. */
function tried(commits: number): readonly number[] {
  const all = Array.from({ length: commits }, (_, i) => i + 1);
  if (commits <= 3 || process.env.TIDEMARK_FUZZ !== undefined) return all;
  return [1, Math.ceil((commits + 1) / 2), commits];
}

describe.each(FAULT_ENGINES)('a commit whose answer is lost on %s', (_name, engine) => {
  let base: CopiedWorld;
  beforeAll(async () => {
    loss.at = 0;
    base = await decidedWorld(await engine.make());
  }, 600_000);
  afterAll(() => base.remove());

  /** Runs a call in a copy of the world, losing the answer to one commit; tells how many there were, and the answer. */
  async function losing(
    at: number,
    { land, command }: Act,
    work: (world: CopiedWorld) => Promise<void>,
  ): Promise<{ readonly commits: number; readonly first: string }> {
    const world = await base.copy();
    try {
      world.land(land ?? {});
      Object.assign(loss, { commits: 0, at });
      const first = await world.run(command);
      const { commits } = loss;
      loss.at = 0;
      // The last commit of a call is its row of the run log, and of that alone nothing is said.
      expect([0, 5], `${command}\n${first.stdout}${first.stderr}`).toContain(first.code);
      await work(world);
      return { commits, first: told(first) };
    } finally {
      loss.at = 0;
      await world.remove();
    }
  }

  it.each(REPEATED.map((act) => [act.command, act] as const))(
    'leaves the same as if it had been answered, and the repeat says the same: %s',
    async (_command, act) => {
      const command = `${act.command} --run-id night`;
      let state: Record<string, unknown> = {};
      const { commits, first } = await losing(0, { ...act, command }, async (world) => {
        state = await world.state();
      });
      expect(JSON.parse(first)).toMatchObject({ exit_code: 0, status: 'done' });
      expect(commits).toBeGreaterThan(0);
      for (const at of tried(commits)) {
        await losing(at, { ...act, command }, async (world) => {
          const again = await world.run(command);
          expect(again.code, `${command}, commit ${at}\n${again.stdout}${again.stderr}`).toBe(0);
          expect(told(again), `commit ${at}`).toBe(first);
          expect(await world.state(), `${command}, commit ${at}`).toEqual(state);
        });
      }
    },
    600_000,
  );
});
