import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from './validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer' },
  { name: 'price', type: 'string' },
  { name: 'product', type: 'string' },
];
const DATASET = datasetOf(FIELDS, { accept: { max_rejected: 3 }, schema: { primaryKey: ['id'] } });

describe('a row whose quotes make no sense', () => {
  test('is rejected with its line, and no cell of it is told', async () => {
    const found = await validateText(
      DATASET,
      'id,price,product\n1,10.00,"Shirt, Plaid"\n2,33.83"Shirt, Plaid"\n3,1.00,10" nail\n',
    );
    expect(found.status).toBe('passed');
    expect(found.rows).toEqual({ read: 3, accepted: 2, rejected: 1, blank: 0 });
    expect(found.accepted.map(({ id, product }) => [id, product])).toEqual([
      ['1', 'Shirt, Plaid'],
      ['3', '10" nail'],
    ]);
    expect(found.report.findings).toMatchObject([
      { code: 'unsure-cells', severity: 'error', cell: '3:1', row: 3, key: null, value: null },
    ]);
    expect(found.rejectedCsv).toContain('33.83""Shirt');
  });

  test('is a row that is rejected, also where the columns hold no text of it', async () => {
    const found = await validateText(DATASET, 'id,price,product\n1,1.00,x\n,,,33.83"Shirt, Plaid"\n');
    expect(found.rows).toEqual({ read: 2, accepted: 1, rejected: 1, blank: 0 });
    expect(found.told).toEqual(['unsure-cells 3:1 -']);
  });

  test('is found in a file of very many columns', async () => {
    const fields = Array.from({ length: 200 }, (_, i) => ({ name: `f${i}`, type: 'string' }));
    const header = fields.map(({ name }) => name).join(',');
    const cells = (first: string) => [first, ...fields.slice(2).map(() => 'x')].join(',');
    const found = await validateText(
      datasetOf(fields, { accept: { max_rejected: 1 } }),
      `${header}\n${cells('"a",b')}\n${cells('33"Shirt, Plaid"')}\n`,
    );
    expect(found.rows).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    expect(found.told).toEqual(['unsure-cells 3:1 -']);
  });
});
