import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { raw } from '../../src/sql/sql.ts';
import { ENGINES } from './empty-warehouses.ts';
import { payments } from './promoted-datasets.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('transform on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [payments]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  describe('with a model', () => {
    afterEach(async () => {
      world.write(
        'models/core/payments.sql',
        'SELECT no, amount, _file_id, _source_row FROM stage.payments WHERE _data_period = :period',
      );
    });

    it('promotes what the model selects, with its own columns', async () => {
      world.write(
        'models/core/payments.sql',
        '-- :period; in a comment\nSELECT no, amount, amount * 2 AS "double", \';:period\' AS note\nFROM stage.payments WHERE _data_period = :period;\n',
      );
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      expect((await world.transform('2025-01', ['payments'])).message).toContain('2 added');
      const [row] = await world.core('payments', raw('no'));
      expect(row).toMatchObject({ no: 'a', double: 2, note: ';:period', _source_row: null });
      expect(row?._file_id).not.toBeNull();
    });

    it('notices that the model changed, though the load did not', async () => {
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      await world.transform('2025-01', ['payments']);
      world.write(
        'models/core/payments.sql',
        'SELECT no, amount + 1 AS amount FROM stage.payments WHERE _data_period = :period',
      );
      expect((await world.transform('2025-01', ['payments'])).rows).toMatchObject({ modified: 2 });
      expect(await world.transform('2025-01', ['payments'])).toMatchObject({ status: 'skipped' });
    });

    it('refuses a model that the engine does not understand, by file', async () => {
      world.write('models/core/payments.sql', 'SELECT nothing FROM stage.payments');
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      const result = await world.transform('2025-01', ['payments']);
      expect(result).toMatchObject({ status: 'usage', exitCode: 2 });
      expect(result.message).toContain('models/core/payments.sql:1');
    });

    it('refuses a model without the key', async () => {
      world.write('models/core/payments.sql', 'SELECT amount FROM stage.payments');
      await world.load('payments', '2025-01', [
        { no: 'a', amount: 1 },
        { no: 'b', amount: 2 },
      ]);
      expect((await world.transform('2025-01', ['payments'])).message).toContain(
        "lacks the key or slice column 'no'",
      );
    });
  });
});
