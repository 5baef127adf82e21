import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { tablesRead } from '../../../src/promotion/model-reads.ts';
import { parseModel } from '../../../src/promotion/model-sql.ts';

const payments = { name: 'payments' } as Dataset;

describe('the tables a promotion reads', () => {
  it('are the stage table alone without a model', () => {
    expect(tablesRead(payments, null)).toEqual([{ schema: 'stage', table: 'payments' }]);
  });

  it('are those that the model names, wherever it names them', () => {
    const model = parseModel(
      `WITH r AS (SELECT code FROM core.regions) -- FROM core.citizens
       SELECT p.*, 'stage.notes' AS note FROM stage.payments p JOIN r ON r.code = p.region
       WHERE p._data_period = :period;`,
      'models/core/payments.sql',
    );
    expect(tablesRead(payments, model)).toEqual([
      { schema: 'core', table: 'regions' },
      { schema: 'stage', table: 'payments' },
    ]);
  });
});
