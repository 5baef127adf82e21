import { describe, expect, it } from 'vitest';
import { needsSession } from '../../../../src/warehouse/postgres/needs-session.ts';

describe('a migration behind a pooler', () => {
  it.each([
    'SET search_path = core',
    "CREATE TABLE a (n INTEGER); set session datestyle = 'ISO'",
    "SELECT set_config('a.b', 'x', false)",
    'RESET ALL',
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_try_advisory_lock_shared(1)',
    'PREPARE p AS SELECT 1',
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
    'LISTEN news',
    'DISCARD ALL',
    '/* first */ CREATE TEMP TABLE x (n INTEGER)',
  ])('needs its session for %s', (text) => {
    expect(needsSession(text)).not.toBeNull();
  });

  it.each([
    "SET LOCAL search_path = core; SELECT set_config('a.b', 'x', true)",
    'SET CONSTRAINTS ALL DEFERRED',
    'UPDATE core.t SET n = 1',
    'ALTER TABLE core.t ALTER COLUMN n SET NOT NULL',
    'SELECT pg_advisory_xact_lock(1)',
    "INSERT INTO core.t VALUES ('a; SET x = 1; -- LISTEN')",
    '-- SET x = 1\nSELECT 1',
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN SET x = 1; END $f$',
    'CREATE TEMP TABLE x ON COMMIT DROP AS SELECT 1',
    "PREPARE TRANSACTION 'a'",
  ])('needs none for %s', (text) => {
    expect(needsSession(text)).toBeNull();
  });
});
