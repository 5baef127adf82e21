import { randomBytes } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase, makeWorld } from './world.ts';

const config = (more: object = {}) => ({
  version: 1,
  ...more,
  datasets: {
    s: {
      source: { filename: 's_{period}.csv' },
      schema: { fields: [{ name: 'id' }, { name: 'amount', type: 'integer' }], primaryKey: ['id'] },
    },
  },
});
const landed = { 's_2025-06.csv': 'id,amount\na,5\n' };

async function as(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A role that may do nothing but log in, and the address under which it does. */
async function role(url: string): Promise<{ readonly name: string; readonly url: string }> {
  const name = `r${randomBytes(6).toString('hex')}`;
  await as(url, `CREATE ROLE ${name} LOGIN PASSWORD 'for-the-test'`);
  const own = new URL(url);
  own.username = name;
  own.password = 'for-the-test';
  return { name, url: own.href };
}

const servers = [inject('postgresUrl')].filter((url) => url !== null);

describe.each(servers)('a database that others use too', () => {
  const owned = ['meta', 'stage', 'core', 'history', 'mart'];

  it('tells the GRANT of every right that is missing, and what was granted then suffices', async () => {
    const url = String(await emptyDatabase());
    const own = await role(url);
    await as(
      url,
      ...owned.map((name) => `CREATE SCHEMA ${name}`),
      `GRANT USAGE ON SCHEMA meta TO ${own.name}`,
    );
    const world = makeWorld({ config: config(), landed, databaseUrl: own.url });
    const refused = await world.run('migrate --json');
    expect([refused.code, refused.json.message]).toEqual([
      2,
      `The role ${own.name} may not make tables in meta, stage, core, history, mart; nothing was changed.`,
    ]);
    expect(refused.stderr).not.toMatch(/^\s+at /m);
    await as(url, String(refused.json.hint).replace('Have an administrator run: ', ''));
    await world.json('migrate', 0);
    await world.json('run --period 2025-06', 0);
  });

  it('tells the GRANT where the schemas are still to be made', async () => {
    const url = String(await emptyDatabase());
    const own = await role(url);
    const world = makeWorld({ config: config(), landed, databaseUrl: own.url });
    const refused = await world.json('migrate', 2);
    expect(refused.hint).toMatch(/GRANT CREATE ON DATABASE "cli_\w+" TO "r\w+";/);
    await as(url, String(refused.hint).replace('Have an administrator run: ', ''));
    await world.json('migrate', 0);
  });

  it('tells the GRANT of a right that was taken away later', async () => {
    const url = String(await emptyDatabase());
    const own = await role(url);
    const world = makeWorld({ config: config(), landed, databaseUrl: url });
    await world.json('migrate', 0);
    await as(url, `GRANT USAGE ON SCHEMA meta TO ${own.name}`);
    const refused = await world.json(['status', '--database-url', own.url], 2);
    expect(refused.hint).toMatch(/GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "\w+" TO "r\w+";/);
  });

  it('names the owner of a table of someone else, and proposes no change of it', async () => {
    const url = String(await emptyDatabase());
    const [own, other] = [await role(url), await role(url)];
    await as(
      url,
      ...owned.map((name) => `CREATE SCHEMA ${name}`),
      `GRANT ALL ON SCHEMA ${owned.join(', ')} TO ${own.name}, ${other.name}`,
      'CREATE TABLE stage.s (old TEXT)',
      `ALTER TABLE stage.s OWNER TO ${other.name}`,
    );
    const world = makeWorld({ config: config(), landed, databaseUrl: own.url });
    const refused = await world.json('migrate', 2);
    expect(refused.message).toContain(`Table stage.s belongs to ${other.name}`);
    expect(refused.message).toContain('it has no column _data_period');
    expect(refused.hint).not.toMatch(/ALTER|knex/);
  });

  it('sets aside a table of its own that Tidemark did not make, by the migration it gives', async () => {
    const url = String(await emptyDatabase());
    await as(
      url,
      'CREATE SCHEMA stage',
      'CREATE TABLE stage.s (old TEXT)',
      "INSERT INTO stage.s VALUES ('kept')",
    );
    const world = makeWorld({
      config: config(),
      landed,
      databaseUrl: url,
      files: { 'migrations/.keep': '' },
    });
    const refused = await world.json('migrate', 2);
    const text = String(refused.hint);
    writeFileSync(join(world.root, 'migrations/1_s.js'), text.slice(text.indexOf('export async')));
    await world.json('migrate', 0);
    expect(await world.query('SELECT old FROM stage.s_before')).toEqual([{ old: 'kept' }]);
    await world.json('run --period 2025-06', 0);
  });
});

const engines: readonly (readonly [name: string, database: (root: string) => Promise<string>])[] = [
  ['DuckDB', async (root) => `duckdb:${join(root, 'data/warehouse.duckdb')}`],
  ...(inject('postgresUrl') === null
    ? []
    : [['PostgreSQL', async () => String(await emptyDatabase())] as const]),
];

describe.each(engines)('two pipelines with one warehouse on %s', (_, database) => {
  it('never write the same tables, and a table that one gives up is free for the other', async () => {
    const first = makeWorld({ config: config({ name: 'census' }), landed });
    const url = ['--database-url', await database(first.root)];
    await first.json(['migrate', ...url], 0);
    await first.json(['run', '--period', '2025-06', ...url], 0);

    const second = makeWorld({
      config: config({ name: 'other' }),
      landed: { 's_2025-06.csv': 'id,amount\nz,100\n' },
    });
    for (const command of [['migrate'], ['run', '--period', '2025-06'], ['status']]) {
      const refused = await second.json([...command, ...url], 2);
      expect(refused.message).toBe(
        'The pipeline census writes core.s, stage.s in this warehouse, and this is the pipeline other.',
      );
      expect(refused.hint).toContain('`name: census`');
    }
    await first.json(['run', '--period', '2025-06', ...url], 0);

    const moved = {
      ...config({ name: 'census' }),
      datasets: { t: { ...config().datasets.s, source: { filename: 't_{period}.csv' } } },
    };
    writeFileSync(join(first.root, 'datasets_config.yml'), JSON.stringify(moved));
    await first.json(['migrate', ...url], 0);
    await second.json(['migrate', ...url], 0);
    await second.json(['status', ...url], 0);
  });

  it('are one pipeline under one name, in whatever folder', async () => {
    const first = makeWorld({ config: config({ name: 'census' }), landed });
    const url = ['--database-url', await database(first.root)];
    await first.json(['migrate', ...url], 0);
    const again = makeWorld({ config: config({ name: 'census' }), landed });
    expect((await again.json(['migrate', ...url], 0)).status).toBe('skipped');
    const unnamed = makeWorld({ config: config(), landed });
    expect((await unnamed.json(['migrate', ...url], 2)).message).toContain(
      'this is the pipeline tidemark-pipeline-',
    );
  });
});

it('a pipeline without a name goes on when its folder, with the warehouse in it, has moved', async () => {
  const first = makeWorld({ config: config(), landed });
  await first.json('run --period 2025-06', 0);
  const moved = makeWorld({ config: config(), landed });
  cpSync(join(first.root, 'data'), join(moved.root, 'data'), { recursive: true });
  expect((await moved.json('status', 0)).message).toMatch(/^1 line/);
});
