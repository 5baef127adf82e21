import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase, makeWorld, type World } from './world.ts';

const config = (amount: object) => ({
  version: 1,
  datasets: {
    s: {
      source: { filename: 's_{period}.csv' },
      schema: { fields: [{ name: 'id' }, { name: 'amount', ...amount }], primaryKey: ['id'] },
      core: { strategy: 'replace_period' },
    },
  },
});
const landed = { 's_2025-05.csv': 'id,amount\na,5\nb,7\n' };
const WIDER = { type: 'number', precision: 21, scale: 2 };

const widen = (world: World) =>
  writeFileSync(join(world.root, 'datasets_config.yml'), JSON.stringify(config(WIDER)));
const typeOf = async (world: World, schema: string) => {
  const [row] = await world.query(
    `SELECT data_type FROM information_schema.columns WHERE table_schema = '${schema}' AND table_name = 's' AND column_name = 'amount'`,
  );
  return String(row?.data_type);
};
/** The commands of a hint, without what is told beside them. */
const commands = (hint: string, word: 'DROP' | 'CREATE') => {
  const [before = '', after = ''] = hint.split('-- then, when the columns are changed');
  return (word === 'DROP' ? before : after)
    .split('\n')
    .filter((line) => /^(DROP|CREATE|ALTER|GRANT|COMMENT) /.test(line));
};

describe.each([inject('postgresUrl')].filter((url) => url !== null))('views on PostgreSQL', () => {
  async function promoted() {
    const url = String(await emptyDatabase());
    const roles = [1, 2].map((n) => `v${n}_${randomBytes(6).toString('hex')}`);
    const [own, other] = roles as [string, string];
    const as = async (...statements: readonly string[]) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    };
    await as(
      ...roles.map((role) => `CREATE ROLE ${role} LOGIN PASSWORD 'for-the-test'`),
      `GRANT CREATE ON DATABASE ${new URL(url).pathname.slice(1)} TO ${own}`,
    );
    const address = new URL(url);
    [address.username, address.password] = [own, 'for-the-test'];
    const world = makeWorld({ config: config({ type: 'integer' }), landed, databaseUrl: address.href });
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
    await as('CREATE SCHEMA bi', `GRANT USAGE, CREATE ON SCHEMA bi TO ${own}, ${other}`);
    return { world, as, own, other };
  }

  it('of others and materialized ones are named all at once, with commands that work as they are given', async () => {
    const { world, as, own, other } = await promoted();
    await as(
      `CREATE MATERIALIZED VIEW bi.sums AS SELECT sum(amount) AS total FROM core.s`,
      `CREATE UNIQUE INDEX sums_total ON bi.sums (total)`,
      `ALTER MATERIALIZED VIEW bi.sums OWNER TO ${own}`,
      `CREATE VIEW bi."odd name" AS SELECT id, amount FROM stage.s`,
      `ALTER VIEW bi."odd name" OWNER TO ${other}`,
      `CREATE VIEW bi.mine AS SELECT id FROM bi."odd name"`,
      `ALTER VIEW bi.mine OWNER TO ${own}`,
      `COMMENT ON VIEW bi.mine IS 'Ann''s'`,
      `GRANT SELECT (id) ON bi.mine TO ${other}`,
      `CREATE VIEW bi.untouched AS SELECT id FROM core.s`,
      `ALTER VIEW bi.untouched OWNER TO ${other}`,
    );
    widen(world);
    const refused = await world.json('migrate', 2);
    expect(refused.message).toBe(
      `Columns of stage.s and core.s get another type, and the server changes no column that these read: view bi.odd name of ${other}; ` +
        `view bi.mine of ${own}; materialized view bi.sums of ${own}. Nothing was changed.`,
    );
    expect((await world.json('run --period 2025-05', 2)).message).toBe(refused.message);
    expect([await typeOf(world, 'stage'), await typeOf(world, 'core')]).toEqual(['bigint', 'bigint']);

    const drop = commands(refused.hint, 'DROP');
    expect(drop).toEqual([
      'DROP MATERIALIZED VIEW "bi"."sums";',
      'DROP VIEW "bi"."mine";',
      'DROP VIEW "bi"."odd name";',
    ]);
    await as(...drop);
    await world.json('migrate', 0);
    expect([await typeOf(world, 'stage'), await typeOf(world, 'core')]).toEqual(['numeric', 'numeric']);
    // A query stands on several lines.
    await as(refused.hint.slice(refused.hint.indexOf('-- then')));
    expect(
      await world.query(
        `SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'bi' ORDER BY 1`,
      ),
    ).toEqual([
      { name: 'mine', owner: own },
      { name: 'odd name', owner: other },
      { name: 'sums', owner: own },
      { name: 'sums_total', owner: own },
      { name: 'untouched', owner: other },
    ]);
    expect(
      await world.query(
        `SELECT obj_description('bi.mine'::regclass) AS told, has_column_privilege('${other}', 'bi.mine', 'id', 'SELECT') AS seen`,
      ),
    ).toEqual([{ told: "Ann's", seen: 'true' }]);
    expect(await world.query('SELECT total FROM bi.sums')).toEqual([{ total: '12.00' }]);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
  });

  it('of the role itself come back with comments, rights of columns, defaults, triggers and rules', async () => {
    const { world, as, own, other } = await promoted();
    await as(
      `CREATE VIEW bi.mine AS SELECT id, amount FROM core.s`,
      `COMMENT ON COLUMN bi.mine.amount IS 'in cents; not euros'`,
      `ALTER VIEW bi.mine ALTER COLUMN amount SET DEFAULT 3`,
      `GRANT SELECT (amount) ON bi.mine TO ${other} WITH GRANT OPTION`,
      `CREATE FUNCTION bi.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      `CREATE TRIGGER keep INSTEAD OF INSERT ON bi.mine FOR EACH ROW EXECUTE FUNCTION bi.keep()`,
      `CREATE RULE none AS ON DELETE TO bi.mine DO INSTEAD NOTHING`,
      `ALTER VIEW bi.mine OWNER TO ${own}`,
    );
    const parts = `SELECT col_description('bi.mine'::regclass, 2) AS told,
        (SELECT string_agg(attacl::text, '') FROM pg_attribute WHERE attrelid = 'bi.mine'::regclass) AS rights,
        (SELECT count(*) FROM pg_attrdef WHERE adrelid = 'bi.mine'::regclass) AS defaults,
        (SELECT string_agg(tgname, '') FROM pg_trigger WHERE tgrelid = 'bi.mine'::regclass) AS triggers,
        (SELECT string_agg(rulename, ' ' ORDER BY rulename) FROM pg_rewrite WHERE ev_class = 'bi.mine'::regclass) AS rules`;
    const before = await world.query(parts);
    widen(world);
    await world.json('migrate', 0);
    expect(await typeOf(world, 'core')).toBe('numeric');
    expect(await world.query(parts)).toEqual(before);
    expect(before[0]).toMatchObject({ told: 'in cents; not euros', defaults: '1', rules: '_RETURN none' });
  });

  it('whose query does not take the wider type are named, and so is what is no view', async () => {
    const { world, as, own } = await promoted();
    await as(
      `CREATE VIEW bi.bits AS SELECT amount & 1 AS bit FROM core.s`,
      `ALTER VIEW bi.bits OWNER TO ${own}`,
    );
    widen(world);
    const refused = await world.json('migrate', 2);
    expect(refused.message).toContain('view bi.bits (');
    expect(refused.hint).toContain('DROP VIEW "bi"."bits";');
    await as('DROP VIEW bi.bits', 'CREATE POLICY mine ON core.s USING (amount > 0)');
    expect((await world.json('migrate', 2)).message).toContain('policy mine on table core.s');
    expect(await typeOf(world, 'stage')).toBe('bigint');
  });
});

describe('views on DuckDB', () => {
  async function promoted(...statements: readonly string[]): Promise<World> {
    const world = makeWorld({ config: config({ type: 'integer' }), landed });
    await world.json('run --period 2025-05', 0);
    await change(world, 'CREATE SCHEMA bi', ...statements);
    return world;
  }

  async function change(world: World, ...statements: readonly string[]): Promise<void> {
    const instance = await DuckDBInstance.create(join(world.root, 'data/warehouse.duckdb'));
    const connection = await instance.connect();
    for (const statement of statements) await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
  }

  it('go on working after a table was made anew with wider columns', async () => {
    const world = await promoted(
      'CREATE VIEW bi.big AS SELECT id, amount FROM core.s_live WHERE amount > 5',
      'CREATE VIEW bi."the top" AS SELECT max(amount) AS most FROM bi.big',
      'CREATE TABLE bi.gone (n BIGINT)',
      'CREATE VIEW bi.long_broken AS SELECT n FROM bi.gone',
      'DROP TABLE bi.gone',
    );
    widen(world);
    await world.json('migrate', 0);
    expect(await typeOf(world, 'core')).toBe('DECIMAL(21,2)');
    expect(await world.query('SELECT id, CAST(amount AS VARCHAR) AS amount FROM bi.big')).toEqual([
      { id: 'b', amount: '7.00' },
    ]);
    expect(await world.query('SELECT CAST(most AS VARCHAR) AS most FROM bi."the top"')).toEqual([
      { most: '7.00' },
    ]);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
  });

  it('whose query does not take the wider type are named all at once, and nothing is changed', async () => {
    const world = await promoted(
      'CREATE VIEW bi.bits AS SELECT amount & 1 AS bit FROM core.s',
      'CREATE VIEW bi.more AS SELECT bit FROM bi.bits',
    );
    widen(world);
    const refused = await world.json('migrate', 2);
    expect(refused.message).toMatch(/view bi\.bits \(.*\); view bi\.more \(.*\)\. Nothing was changed\.$/);
    expect((await world.json('run --period 2025-05', 2)).message).toBe(refused.message);
    expect([await typeOf(world, 'stage'), await typeOf(world, 'core')]).toEqual(['BIGINT', 'BIGINT']);
    expect(await world.query('SELECT count(*) AS n FROM bi.more')).toEqual([{ n: '2' }]);

    expect(commands(refused.hint, 'DROP')).toEqual(['DROP VIEW "bi"."more";', 'DROP VIEW "bi"."bits";']);
    await change(world, ...commands(refused.hint, 'DROP'));
    await world.json('migrate', 0);
    const [bits = '', more = ''] = commands(refused.hint, 'CREATE');
    await change(world, bits.replace('amount &', 'CAST(amount AS BIGINT) &'), more);
    expect(await world.query('SELECT count(*) AS n FROM bi.more')).toEqual([{ n: '2' }]);
  });
});
