import { describe, expect, it } from 'vitest';
import { refuseUnreplayable } from '../../../src/warehouse/duckdb/replayable.ts';

describe('a change of a column that the log of DuckDB cannot give back', () => {
  it.each([
    "ALTER TABLE core.s ADD COLUMN n BIGINT DEFAULT a_function('core.q')",
    'alter table "a default b"."s" alter column "n" set default another_function()',
    'ALTER TABLE core.s ADD n TIMESTAMP DEFAULT ANOTHER_WORD',
    'ALTER TABLE core.s ADD n TIMESTAMP DEFAULT (a_function())',
  ])('is refused with what to write instead: %s', (statement) => {
    expect(() => refuseUnreplayable(statement)).toThrow(/cannot read back after a kill/);
  });

  it.each([
    'ALTER TABLE core.s ADD COLUMN n DECIMAL(12,2) DEFAULT 0',
    "ALTER TABLE core.s ADD COLUMN n VARCHAR DEFAULT 'it''s default now()'",
    'ALTER TABLE core.s ADD COLUMN n BOOLEAN DEFAULT true, ADD COLUMN m INTEGER',
    'ALTER TABLE core.s ADD COLUMN "default now()" INTEGER',
    'ALTER TABLE core.s ALTER COLUMN n DROP DEFAULT',
    "CREATE TABLE core.n (id BIGINT DEFAULT nextval('core.q'))",
    "INSERT INTO core.n VALUES ('alter table x add y default now()')",
  ])('is none: %s', (statement) => {
    expect(() => refuseUnreplayable(statement)).not.toThrow();
  });
});
