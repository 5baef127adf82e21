import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { trials } from '../fixtures/trials.ts';
import { ENGINES } from './empty-warehouses.ts';
import { MODES } from './upsert-model.ts';
import { events, follow, looseEvents, registerOf } from './upsert-order.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('order of promotions on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, MODES.map(registerOf));
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  describe.each(MODES)('covers $covers, missing $missing', (mode) => {
    test('core is what the deliveries say, in whatever order periods are promoted', async () => {
      await fc.assert(
        fc.asyncProperty(events, (list) => follow(world, mode, list)),
        trials(2),
      );
    }, 3_600_000);

    test('loads that wait for their promotion block older periods and nothing else', async () => {
      await fc.assert(
        fc.asyncProperty(looseEvents, (list) => follow(world, mode, list)),
        trials(2),
      );
    }, 3_600_000);
  });
});
