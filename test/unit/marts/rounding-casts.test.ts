import { describe, expect, it } from 'vitest';
import { type Decimals, decimalsOf } from '../../../src/marts/column-decimals.ts';
import { readCasts, roundingCasts } from '../../../src/marts/rounding-casts.ts';
import { parseModel } from '../../../src/promotion/model-sql.ts';

const SALES: Decimals = new Map([
  ['n', decimalsOf('BIGINT')],
  ['amount', decimalsOf('DECIMAL(18,2)')],
  ['share', decimalsOf('DOUBLE')],
]);
const tables = (schema: string, name: string) => (schema === 'core' && name === 'sales' ? SALES : null);

async function told(text: string): Promise<readonly string[]> {
  const model = parseModel(text, 'models/mart/m.sql');
  return roundingCasts(model, await readCasts(model), tables);
}

describe('casts that no longer fit what they cast', () => {
  it('are told with line, column and what to do', async () => {
    expect(
      await told(
        '-- title: Sums\n-- grain: none\nSELECT\n  CAST(sum(amount) AS BIGINT) AS amount\nFROM core.sales',
      ),
    ).toEqual([
      "models/mart/m.sql:4: the cast to BIGINT rounds 'amount', which has 2 decimals. Take the cast out, or write round(…) in it if that is meant.",
    ]);
  });

  it.each([
    ['a cast of another notation', 'SELECT sum(amount)::bigint AS a FROM core.sales', 'amount'],
    ['fewer decimals', 'SELECT CAST(amount AS DECIMAL(18, 1)) AS a FROM core.sales', 'amount'],
    ['a binary number', 'SELECT CAST(max(share) AS DECIMAL(9,4)) AS a FROM core.sales', 'share'],
    ['an alias', 'SELECT CAST(s.amount + s.n AS INTEGER) AS a FROM core.sales AS s', 'amount'],
    [
      'a case',
      'SELECT CAST(sum(CASE WHEN n > 1 THEN amount ELSE 0 END) AS BIGINT) AS a FROM core.sales',
      'amount',
    ],
    [
      'WITH',
      'WITH x AS (SELECT amount AS paid FROM core.sales) SELECT CAST(sum(paid) AS BIGINT) AS a FROM x',
      'paid',
    ],
    [
      'a query in FROM',
      'SELECT CAST(b AS BIGINT) AS a FROM (SELECT sum(amount) AS b FROM core.sales) AS q',
      'b',
    ],
    ['a star', 'SELECT CAST(amount AS BIGINT) AS a FROM (SELECT * FROM core.sales) AS q', 'amount'],
    [
      'a join',
      'SELECT CAST(s.amount AS BIGINT) AS a FROM core.towns AS t JOIN core.sales AS s ON t.id = s.n',
      'amount',
    ],
    ['a union', 'SELECT 1 AS a UNION ALL SELECT CAST(amount AS BIGINT) FROM core.sales', 'amount'],
  ])('are found in %s', async (_what, text, column) => {
    expect(await told(text)).toEqual([expect.stringContaining(`rounds '${column}'`)]);
  });

  it.each([
    [
      'a cast that fits',
      'SELECT CAST(sum(amount) AS DECIMAL(38, 2)) AS a, CAST(sum(n) AS BIGINT) AS n FROM core.sales',
    ],
    [
      'rounding on purpose',
      'SELECT CAST(round(amount) AS BIGINT) AS a, CAST(floor(share) AS BIGINT) AS b FROM core.sales',
    ],
    [
      'a mean',
      'SELECT CAST(avg(amount) AS DECIMAL(14, 1)) AS a, CAST(count(amount) AS INTEGER) AS c FROM core.sales',
    ],
    ['a text', 'SELECT CAST(amount AS VARCHAR) AS a FROM core.sales'],
    ['a binary number made of decimals', 'SELECT CAST(amount AS DOUBLE) AS a FROM core.sales'],
    ['another table', 'SELECT CAST(amount AS BIGINT) AS a FROM core.towns'],
    [
      'a name of WITH that was rounded',
      'WITH x AS (SELECT round(amount) AS amount FROM core.sales) SELECT CAST(amount AS BIGINT) AS a FROM x',
    ],
    [
      'words of PostgreSQL alone',
      "SELECT amount::bigint AS a FROM core.sales WHERE n OPERATOR(pg_catalog.=) ANY ('{1}'::int[])",
    ],
    ['the period', 'SELECT CAST(:period AS VARCHAR) AS a FROM core.sales'],
  ])('are none in %s', async (_what, text) => expect(await told(text)).toEqual([]));
});
