import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { MODES } from './upsert-model.ts';
import { events, follow, looseEvents, registerOf } from './upsert-order.ts';
import { World } from './world.ts';

const RUNS = Number(process.env.RUNS ?? 5);
let world: World;
beforeAll(async () => {
  world = await World.open(MODES.map(registerOf), process.env.TESTPG ?? null);
});
afterAll(() => world.close());

describe.each(MODES)('covers $covers, missing $missing', (mode) => {
  test('core is what the deliveries say, in whatever order periods are promoted', async () => {
    await fc.assert(
      fc.asyncProperty(events, (list) => follow(world, mode, list)),
      { numRuns: RUNS },
    );
  }, 600_000);
  test('loads that wait for their promotion block older periods and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(looseEvents, (list) => follow(world, mode, list)),
      { numRuns: RUNS },
    );
  }, 600_000);
});
