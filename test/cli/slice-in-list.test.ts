import { describe, expect, it } from 'vitest';
import { makeWorld } from './world.ts';

const CONFIG = `version: 1
datasets:
  regions: {period: none, source: {filename: "regions.csv"}, schema: {fields: [{name: code}], primaryKey: [code]}}
  sales:
    source: {filename: "sales_{region}_{period}.csv"}
    schema:
      fields: [{name: id}, {name: amount, type: integer}]
      primaryKey: [id]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
`;

describe('a slice that refers to a list', () => {
  it('is refused where the list lacks it, with the value and what was probably meant, and waits for nothing', async () => {
    const world = makeWorld({
      config: CONFIG,
      landed: { 'regions.csv': 'code\nNorth\nSouth\n', 'sales_north_2025-06.csv': 'id,amount\na,1\n' },
    });
    const said =
      "The file name says 'north' for region, which the list 'regions' lacks (did you mean 'North'?).";
    const first = await world.json('run --period 2025-06', 3);
    expect(first.results.map((one: { message: string }) => one.message)).toContain(said);
    expect((await world.json('validate --period 2025-06 --dataset sales', 3)).message).toBe(said);
    world.land('sales_North_2025-06.csv', 'id,amount\na,1\n');
    await world.json('run --period 2025-06 --dataset sales --slice region=North', 0);
    expect(await world.query('SELECT region, id FROM core.sales')).toEqual([{ region: 'North', id: 'a' }]);
  });
});
