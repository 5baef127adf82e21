import { describe, expect, it } from 'vitest';
import { bindModel, parseModel } from '../../../src/promotion/model-sql.ts';

const bound = (text: string) => {
  const { text: statement, values } = bindModel(parseModel(text, 'models/core/x.sql'), '2025-06');
  return { statement: statement.replace(/\s+/g, ' '), values };
};

describe('a model', () => {
  it('has its period bound, wherever it stands and as often as it stands', () => {
    expect(bound('SELECT :period AS p FROM t WHERE q = :period')).toEqual({
      statement: '(SELECT CAST($1 AS VARCHAR) AS p FROM t WHERE q = CAST($2 AS VARCHAR))',
      values: ['2025-06', '2025-06'],
    });
  });

  it.each([
    ["SELECT ':period'", "(SELECT ':period')"],
    ['SELECT ":period"', '(SELECT ":period")'],
    ['SELECT 1 -- :period; here\n', '(SELECT 1 )'],
    ['SELECT 1 /* ; :period */', '(SELECT 1 )'],
    ["SELECT $$a;:period$$, 'it''s; :period'", "(SELECT $$a;:period$$, 'it''s; :period')"],
    ['SELECT x::period_type', '(SELECT x::period_type)'],
    ['SELECT :periods', '(SELECT :periods)'],
  ])('leaves %j as it is', (text, statement) => {
    expect(bound(text)).toEqual({ statement, values: [] });
  });

  it('may end with a semicolon and a comment', () => {
    expect(bound('WITH a AS (SELECT 1) SELECT * FROM a;\n-- the end').statement).toBe(
      '(WITH a AS (SELECT 1) SELECT * FROM a )',
    );
  });

  it.each([
    ['SELECT 1;\nDROP TABLE t', 'models/core/x.sql:2: it holds more than one statement.'],
    ['DELETE FROM t', 'models/core/x.sql:1: it has to be one SELECT (or WITH … SELECT).'],
    ['-- nothing', 'models/core/x.sql:1: it has to be one SELECT (or WITH … SELECT).'],
  ])('is refused where it reads %j', (text, message) => {
    expect(() => parseModel(text, 'models/core/x.sql')).toThrow(message);
  });
});
