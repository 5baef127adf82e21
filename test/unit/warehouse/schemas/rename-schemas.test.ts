import { describe, expect, it } from 'vitest';
import type { SchemaNames } from '../../../../src/domain/schema-names.ts';
import { renameSchemas } from '../../../../src/warehouse/schemas/rename-schemas.ts';

const NAMES: SchemaNames = {
  meta: 't_meta',
  stage: 't_stage',
  core: 't_core',
  history: 'T_old',
  mart: 't_mart',
};
const renamed = (sql: string) => renameSchemas(sql, NAMES).text;

/** Both ways of writing: what is given, and what it becomes. */
function becomes(cases: readonly (readonly [given: string, made: string])[]): void {
  for (const [given, made] of cases) expect(renamed(given)).toBe(made);
}
const stays = (...texts: readonly string[]) => becomes(texts.map((text) => [text, text]));

describe('a name that is qualified by a schema', () => {
  it('gets the name that is configured, with quotes, whatever the case it is written in', () => {
    becomes([
      ['SELECT * FROM core.x', 'SELECT * FROM "t_core".x'],
      ['SELECT * FROM CORE . x, "stage"."y"', 'SELECT * FROM "t_core" . x, "t_stage"."y"'],
      ['DELETE FROM history.x', 'DELETE FROM "T_old".x'],
      ['SELECT core.x.a FROM core.x', 'SELECT "t_core".x.a FROM "t_core".x'],
      ['SELECT core.f(1)', 'SELECT "t_core".f(1)'],
    ]);
  });

  it('stays where the word stands after a point, in another case within quotes, or is part of a longer one', () => {
    stays('SELECT * FROM db.core.x', 'SELECT * FROM "Core".x', 'SELECT * FROM core_x.y, my_core.z, core$.a');
    stays('SELECT 1.core', 'SELECT * FROM "core.x"', 'SELECT * FROM U&"core".x');
  });

  it('stays in texts, comments and dollar quotes', () => {
    stays(
      "SELECT 'core.x', 'it''s core.x', E'\\' core.x', $$ core.x $$, $a$ core.x $$ core.y $a$",
      '-- core.x\nSELECT 1 /* core.x /* meta.y */ mart.z */',
      'SELECT "a "" core.x "',
    );
    becomes([
      ["SELECT 'it''s' FROM core.x -- of core.x", "SELECT 'it''s' FROM \"t_core\".x -- of core.x"],
      ["SELECT E'\\'' FROM core.x", "SELECT E'\\'' FROM \"t_core\".x"],
      ['SELECT $1 /* */ FROM core.x WHERE b=$2', 'SELECT $1 /* */ FROM "t_core".x WHERE b=$2'],
    ]);
  });

  it('keeps every line where it is', () => {
    expect(renamed('SELECT *\n\nFROM core.x\n-- é 漢\nJOIN mart.y').split('\n')).toEqual([
      ...['SELECT *', '', 'FROM "t_core".x', '-- é 漢', 'JOIN "t_mart".y'],
    ]);
  });
});

describe('an alias, a column or a WITH query that is called like a schema', () => {
  it('stays, and the table beside it is renamed', () => {
    becomes([
      [
        'SELECT core.a FROM core.x AS core WHERE core.b = 1',
        'SELECT core.a FROM "t_core".x AS core WHERE core.b = 1',
      ],
      ['SELECT core.* FROM core.x core', 'SELECT core.* FROM "t_core".x core'],
      [
        'SELECT stage.n FROM core.y JOIN stage.z AS "stage" ON stage.id = y.id AND f(stage.q, stage.r)',
        'SELECT stage.n FROM "t_core".y JOIN "t_stage".z AS "stage" ON stage.id = y.id AND f(stage.q, stage.r)',
      ],
      [
        'WITH history AS (SELECT * FROM history.x) SELECT history.a, history.b FROM history, history.y',
        'WITH history AS (SELECT * FROM "T_old".x) SELECT history.a, history.b FROM history, "T_old".y',
      ],
      ['SELECT core.a, x.core FROM core.core', 'SELECT core.a, x.core FROM "t_core".core'],
      ['SELECT stage FROM stage.x', 'SELECT stage FROM "t_stage".x'],
    ]);
  });

  it('stays where FROM divides arguments or compares', () => {
    becomes([
      [
        'SELECT extract(year FROM core.d) FROM core.x AS core WHERE core.a IS NOT DISTINCT FROM core.b',
        'SELECT extract(year FROM core.d) FROM "t_core".x AS core WHERE core.a IS NOT DISTINCT FROM core.b',
      ],
      [
        'SELECT trim(both FROM core.t), (SELECT max(m.a) FROM core.m) FROM core.x core',
        'SELECT trim(both FROM core.t), (SELECT max(m.a) FROM "t_core".m) FROM "t_core".x core',
      ],
    ]);
  });

  it('stays in a list of tables, in lateral functions and in ORDER BY, and tables in brackets are renamed', () => {
    becomes([
      [
        'SELECT 1 FROM (core.a JOIN core.b AS core USING (id)), unnest(core.list), core.c ORDER BY core.id, core.n',
        'SELECT 1 FROM ("t_core".a JOIN "t_core".b AS core USING (id)), unnest(core.list), "t_core".c ORDER BY core.id, core.n',
      ],
      [
        'SELECT core.x.a, core.s.t FROM core.x JOIN y AS core ON true',
        'SELECT "t_core".x.a, core.s.t FROM "t_core".x JOIN y AS core ON true',
      ],
      [
        'SELECT 1 FROM a AS core WHERE EXISTS (SELECT 1 FROM core.b WHERE core.id = b.id) UNION SELECT core.z FROM core.q core',
        'SELECT 1 FROM a AS core WHERE EXISTS (SELECT 1 FROM "t_core".b WHERE core.id = b.id) UNION SELECT core.z FROM "t_core".q core',
      ],
    ]);
  });

  it('stays after USING with brackets and CASE WHEN, with which a list of tables goes on', () => {
    becomes([
      [
        'SELECT 1 FROM core.a JOIN core.b AS core USING (core), core.c',
        'SELECT 1 FROM "t_core".a JOIN "t_core".b AS core USING (core), "t_core".c',
      ],
      [
        'SELECT 1 FROM a AS core JOIN b ON CASE WHEN core.x THEN core.y END, core.c',
        'SELECT 1 FROM a AS core JOIN b ON CASE WHEN core.x THEN core.y END, "t_core".c',
      ],
    ]);
  });

  it('stays in statements that change rows or tables', () => {
    becomes([
      [
        'INSERT INTO core.x (core, b) SELECT core.core, 1 FROM stage.x AS core',
        'INSERT INTO "t_core".x (core, b) SELECT core.core, 1 FROM "t_stage".x AS core',
      ],
      [
        'UPDATE core.x AS core SET a = core.b FROM core.y WHERE core.id = y.id',
        'UPDATE "t_core".x AS core SET a = core.b FROM "t_core".y WHERE core.id = y.id',
      ],
      [
        'MERGE INTO core.x AS core USING core.y ON core.id = y.id WHEN MATCHED THEN DELETE',
        'MERGE INTO "t_core".x AS core USING "t_core".y ON core.id = y.id WHEN MATCHED THEN DELETE',
      ],
      [
        'CREATE INDEX core ON core.x (a); DROP TABLE core.y, core.z',
        'CREATE INDEX core ON "t_core".x (a); DROP TABLE "t_core".y, "t_core".z',
      ],
      [
        'CREATE VIEW core.v AS SELECT core.a FROM core.x AS core JOIN core.y ON core.id = y.id',
        'CREATE VIEW "t_core".v AS SELECT core.a FROM "t_core".x AS core JOIN "t_core".y ON core.id = y.id',
      ],
      ['ALTER TABLE core.x ADD COLUMN core BIGINT', 'ALTER TABLE "t_core".x ADD COLUMN core BIGINT'],
      [
        'CREATE TABLE core.p (core INT) INHERITS (core.q); CREATE TABLE core.r PARTITION OF core.p DEFAULT',
        'CREATE TABLE "t_core".p (core INT) INHERITS ("t_core".q); CREATE TABLE "t_core".r PARTITION OF "t_core".p DEFAULT',
      ],
    ]);
  });
});

describe('a schema by itself', () => {
  it('is renamed after SCHEMA and in the search path, and nowhere else', () => {
    becomes([
      ['CREATE SCHEMA IF NOT EXISTS core', 'CREATE SCHEMA IF NOT EXISTS "t_core"'],
      ['GRANT USAGE ON SCHEMA core, mart TO core', 'GRANT USAGE ON SCHEMA "t_core", "t_mart" TO core'],
      ['SET LOCAL search_path TO core, stage', 'SET LOCAL search_path TO "t_core", "t_stage"'],
      ['ALTER TABLE core.x SET SCHEMA mart', 'ALTER TABLE "t_core".x SET SCHEMA "t_mart"'],
    ]);
    stays(
      'SELECT stage, core FROM x',
      'SELECT schema, stage FROM x',
      'SELECT 1 FROM x core WHERE schema = core.a',
    );
  });

  it('is renamed as a text where a catalogue is asked for it', () => {
    becomes([
      [
        "SELECT 1 FROM t WHERE table_schema = 'core' AND a = 'core'",
        "SELECT 1 FROM t WHERE table_schema = 't_core' AND a = 'core'",
      ],
      ["WHERE n.nspname NOT IN ('core', 'x', 'mart')", "WHERE n.nspname NOT IN ('t_core', 'x', 't_mart')"],
      ["SELECT has_schema_privilege('core', 'USAGE')", "SELECT has_schema_privilege('t_core', 'USAGE')"],
    ]);
    stays("SELECT * FROM t WHERE kind IN ('core', 'mart')", "SELECT 'core' AS schema");
  });

  it('is renamed where a text names a table or a sequence', () => {
    becomes([
      ["SELECT nextval('meta.file_id_seq')", `SELECT nextval('"t_meta".file_id_seq')`],
      [`SELECT nextval('"core"."x"')`, `SELECT nextval('"t_core"."x"')`],
      ["SELECT 'core.core'::regclass", `SELECT '"t_core".core'::regclass`],
      ["SELECT CAST('mart.x' AS regclass)", `SELECT CAST('"t_mart".x' AS regclass)`],
      ["SELECT setval('core.s', 7), f('core.s')", `SELECT setval('"t_core".s', 7), f('core.s')`],
    ]);
  });

  it('is renamed in the body of a function and of DO, and in no other text in dollar quotes', () => {
    becomes([
      ['DO $$ BEGIN DELETE FROM core.x; END $$', 'DO $$ BEGIN DELETE FROM "t_core".x; END $$'],
      [
        'DO LANGUAGE plpgsql $a$ SELECT 1 FROM core.x $a$',
        'DO LANGUAGE plpgsql $a$ SELECT 1 FROM "t_core".x $a$',
      ],
      [
        "CREATE FUNCTION core.f() RETURNS int LANGUAGE sql AS 'SELECT ''core.x'' FROM core.x'",
        `CREATE FUNCTION "t_core".f() RETURNS int LANGUAGE sql AS 'SELECT ''core.x'' FROM "t_core".x'`,
      ],
    ]);
    stays('INSERT INTO notes VALUES ($$ core.x $$)');
  });
});

describe('bound values', () => {
  it('are told apart: those that name a schema, those that name something in one, and all others', () => {
    expect([...renameSchemas('SELECT 1 FROM t WHERE name = $1 AND table_schema = $2', NAMES).holes]).toEqual([
      [1, 'schema'],
    ]);
    expect([...renameSchemas('SELECT create_distributed_table($1, $2)', NAMES).holes]).toEqual([
      [0, 'relation'],
      [1, 'relation'],
    ]);
    expect(renameSchemas('SELECT core.x FROM a WHERE b = $1', NAMES).holes.size).toBe(0);
  });
});
