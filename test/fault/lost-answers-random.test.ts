import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trials } from '../fixtures/trials.ts';
import { FAULT_ENGINES } from './fault-engines.ts';
import type { CopiedWorld } from './lost-answers/copied-world.ts';
import type { Act } from './lost-answers/decided-pipeline.ts';
import { decidedWorld, figures, figuresBeforeMarts, told } from './lost-answers/decided-world.ts';
import { type Loss, losingAnswers } from './lost-answers/lossy-warehouse.ts';

const loss = vi.hoisted((): Loss => ({ commits: 0, at: 0 }));
vi.mock('../../src/warehouse/open-warehouse.ts', async (original) => {
  const { openWarehouse } = await original<typeof import('../../src/warehouse/open-warehouse.ts')>();
  return {
    openWarehouse: (...args: Parameters<typeof openWarehouse>) => losingAnswers(openWarehouse(...args), loss),
  };
});

/** How often marts were published. */
const publishes = async ({ root, database }: CopiedWorld) =>
  Number((await database.query(root, 'SELECT count(*) AS n FROM meta.publish_log'))[0]?.n);

const WHO = '--by Vera --reason audit';
const period = fc.constantFrom('2025-05', '2025-06', '2025-07');
const board = fc.constantFrom('A', 'B');
const names = fc.array(fc.constantFrom('Ada', 'Bob', 'Cy', 'Eva'), { minLength: 1, maxLength: 3 });
const people = (all: readonly string[]) =>
  `id,name,income\n${all.map((name, i) => `${i + 1},${name},30\n`).join('')}`;

/** A delivery, a step or a decision; each of one dataset, so that numbers are given in one order. */
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(period, names, fc.nat(99)).map(([month, all, n]) => ({
    land: { [`people_${month}_v${n + 3}.csv`]: people(all) },
    command: `run --period ${month} --dataset people`,
  })),
  period.map((month) => ({ command: `run --period ${month} --dataset people` })),
  fc.tuple(period, fc.constantFrom('people', 'topics')).map(([month, dataset]) => ({
    command: `rollback --dataset ${dataset} --period ${month} --cascade --yes ${WHO}`,
  })),
  fc.integer({ min: 1, max: 13 }).map((n) => ({ command: `rollback --promotion ${n} --yes ${WHO}` })),
  fc.integer({ min: 1, max: 13 }).map((n) => ({ command: `withdraw --file-id ${n} ${WHO}` })),
  fc.tuple(period, fc.nat(3)).map(([month, n]) => ({
    command: `correct --dataset people --period ${month} --key id=1 --set income=${n} --expect 30 ${WHO}`,
  })),
  fc.constantFrom(1, 2).map((n) => ({ command: `correct --undo ${n} ${WHO}` })),
  period.map((month) => ({ command: `approve --dataset people --period ${month} --yes ${WHO}` })),
  board.map((each) => ({ command: `go-live --dataset topics --slice board=${each} ${WHO}` })),
  fc.tuple(period, board).map(([month, each]) => ({
    command: `unload --dataset topics --period ${month} --slice board=${each} ${WHO}`,
  })),
  fc.tuple(period, fc.constantFrom('close', 'reopen')).map(([month, action]) => ({
    command: `period ${action} --period ${month} ${WHO}`,
  })),
  period.map((month) => ({ command: `publish --period ${month}` })),
);
const step = fc.record({ act, at: fc.integer({ min: 1, max: 4 }) });

describe.each(FAULT_ENGINES)(
  'any calls, each with the answer to one of its commits lost, on %s',
  (_name, engine) => {
    let base: CopiedWorld;
    beforeAll(async () => {
      loss.at = 0;
      base = await decidedWorld(await engine.make());
    }, 600_000);
    afterAll(() => base.remove());

    it(
      'end as they would have with every answer, once each is repeated',
      () =>
        fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
            const [sure, unsure] = [await base.copy(), await base.copy()];
            try {
              for (const [n, { act, at }] of steps.entries()) {
                const command = `${act.command} --run-id night-${n}`;
                for (const world of [sure, unsure]) world.land(act.land ?? {});
                const wanted = await sure.run(command);
                Object.assign(loss, { commits: 0, at });
                let got = await unsure.run(command);
                const isLost = loss.commits >= at;
                loss.at = 0;
                if (isLost) got = await unsure.run(command);
                expect(got.code, `${command}\n${got.stdout}${got.stderr}`).toBe(wanted.code);
                // A run whose load lost its answer publishes what core has then, and once more when it is repeated: its
                // figures of the mart are those of two publishes, and the mart itself is compared at the end.
                const asOften = (await publishes(sure)) === (await publishes(unsure));
                const said = act.command.startsWith('run') ? (asOften ? figures : figuresBeforeMarts) : told;
                expect(said(got), command).toBe(said(wanted));
              }
              const [ends, wanted] = [await unsure.state(), await sure.state()];
              // The log tells what was published on the way too; the marts themselves are among the tables.
              if ((await publishes(sure)) !== (await publishes(unsure)))
                for (const state of [ends, wanted]) delete state['meta.publish_log'];
              expect(ends).toEqual(wanted);
            } finally {
              loss.at = 0;
              await sure.remove();
              await unsure.remove();
            }
          }),
          trials(2),
        ),
      3_600_000,
    );
  },
);
