import { describe, expect, it } from 'vitest';
import type { Mart } from '../../../src/marts/mart.ts';
import { parseModel } from '../../../src/promotion/model-sql.ts';
import { periodAliases } from '../../../src/trace/period-alias.ts';

function mart(text: string, grain: readonly string[], reads: readonly string[] = ['a', 'b']): Mart {
  const model = parseModel(text, 'models/mart/x.sql');
  return { name: 'x', title: null, grain, mode: 'full', periodKind: 'month', reads, checks: [], model };
}

describe('the period of core rows under another name', () => {
  it.each([
    ['SELECT _data_period AS period FROM core.a', 'period', null],
    ['select _DATA_PERIOD as "The month" from core.a', 'The month', null],
    ['SELECT "_data_period" month FROM core.a', 'month', null],
    ['SELECT x._data_period AS period FROM core.a AS x JOIN core.b y USING (id)', 'period', 'a'],
    ['SELECT y._data_period AS period FROM core.a x JOIN core."b" y USING (id)', 'period', 'b'],
    ['SELECT b._data_period AS period FROM core.a JOIN core.b USING (id)', 'period', 'b'],
  ])('%s', (text, column, table) => {
    expect(periodAliases(mart(text, [column]))).toEqual([{ column, table }]);
  });

  it('is none that the grain does not have, and none in a comment', () => {
    expect(periodAliases(mart('SELECT _data_period AS period FROM core.a', ['id']))).toEqual([]);
    expect(periodAliases(mart('SELECT id -- _data_period AS period\nFROM core.a', ['period']))).toEqual([]);
    expect(periodAliases(mart('SELECT id FROM core.a WHERE _data_period = :period', ['id']))).toEqual([]);
  });
});
