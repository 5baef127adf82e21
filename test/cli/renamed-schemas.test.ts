import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SCHEMAS, SCHEMA_WORDS, type SchemaNames } from '../../src/domain/schema-names.ts';
import { config, database, FILES, LANDED, OTHER, reconfigure, SOURCES, WHO } from './census.ts';
import { contentOf } from './warehouse-content.ts';
import { ENGINES, emptyDatabase, makeWorld, type World } from './world.ts';

/** Commands of a pipeline's life: what it takes from landed files to a mart, back again, and what only looks. */
const LIFE: readonly (readonly [command: readonly string[], code: number])[] = [
  [['run', '--period', '2025-05'], 0],
  [['go-live', '--dataset', 'payments', ...WHO], 0],
  [['publish', '--period', '2025-05'], 0],
  [['run', '--period', '2025-06'], 0],
  [['go-live', '--dataset', 'payments', '--where', "stage = 'c' OR core.stage = 'x'", ...WHO], 2],
  [['go-live', '--dataset', 'payments', '--where', "stage = 'c'", ...WHO], 0],
  [
    [
      ...'correct --dataset payments --period 2025-06 --key id=3 --set amount=8 --expect 7.25'.split(' '),
      ...WHO,
    ],
    0,
  ],
  [['diff', '--dataset', 'payments', '--period', '2025-06'], 0],
  [['run', '--period', '2025-06'], 0],
  [['trace', 'core.payments', '3'], 0],
  [['trace', 'mart.totals', 'label=South', '_data_period=2025-06'], 0],
  [['rollback', '--dataset', 'payments', '--period', '2025-06', '--yes', '--run-id', 'night', ...WHO], 0],
  [['publish', '--period', '2025-06'], 0],
  [['export', 'mart.totals', '--format', 'csv', '--file', 'totals.csv'], 0],
  [['export', 'history.payments', '--format', 'csv', '--file', 'images.csv'], 0],
  [['unload', '--dataset', 'history', '--period', '2025-05', ...WHO], 0],
  [['status'], 0],
  [['history', '--dataset', 'payments'], 0],
  [['doctor'], 0],
  [['prune', '--older-than', '1d', '--dry-run'], 0],
  [['migrate'], 0],
];

/** What a command says, without what differs between two calls of the same command. */
function said(text: string, world: World, names: SchemaNames): string {
  return text
    .replaceAll(world.root, 'ROOT')
    .replace(/\d{4}-\d{2}-\d{2}[ T][\d:.]{5,}Z?/g, 'TIME')
    .replace(/\b\d{8}T\d{6}Z?-\w+|\d+(\.\d+)? GiB|cli_\w+/g, 'ID')
    .replace(
      new RegExp(Object.values(names).join('|'), 'g'),
      (name) => SCHEMA_WORDS.find((word) => names[word] === name) as string,
    );
}

async function lead(world: World, names: SchemaNames): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [i, [command, code]] of LIFE.entries()) {
    const answer = await world.run(command);
    expect(answer.code, `${command.join(' ')}\n${answer.stdout}${answer.stderr}`).toBe(code);
    told[`${i} ${command.join(' ')}`] = said(answer.stdout, world, names);
  }
  for (const file of ['totals.csv', 'images.csv'])
    told[file] = said(readFileSync(join(world.root, file), 'utf8'), world, names)
      .split('\n')
      .sort()
      .join('\n');
  return told;
}

const schemasOf = async (world: World) =>
  (
    await world.query(
      "SELECT DISTINCT table_schema AS s FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    )
  ).map(({ s }) => s);

describe.each(ENGINES)('a pipeline whose schemas have other names on %s', (engine) => {
  it('goes its whole way as under the usual names, and leaves nothing elsewhere', async () => {
    const plain = makeWorld({
      config: config(undefined),
      landed: LANDED,
      files: FILES,
      ...(await database(engine)),
    });
    const renamed = makeWorld({
      config: config(OTHER),
      landed: LANDED,
      files: FILES,
      ...(await database(engine)),
    });
    const dry = await renamed.run('migrate --dry-run');
    expect(dry.stdout).toContain('CREATE TABLE "Census_Stage"."payments"');
    expect(dry.stdout).toContain(`DEFAULT nextval('"census_log".file_id_seq')`);
    expect(dry.stdout).not.toMatch(/(?<!['])\b(meta|stage|core|history|mart)"?\./);
    for (const world of [plain, renamed]) {
      await world.json('config check', 0);
      await world.json('migrate', 0);
    }
    expect(await lead(renamed, OTHER)).toEqual(await lead(plain, DEFAULT_SCHEMAS));
    expect(await contentOf(renamed, OTHER)).toEqual(await contentOf(plain));
    expect(await schemasOf(renamed)).toEqual(Object.values(OTHER).sort());
    expect((await renamed.query('SELECT word, name FROM census_log.schema_name ORDER BY 1')).length).toBe(5);
  });
});

async function asOwner(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describe.each(ENGINES.slice(1))('SQL that messages give where schemas have other names on %s', () => {
  it('renames the schemas as it says, and the pipeline goes on', async () => {
    const url = String(await emptyDatabase());
    const world = makeWorld({ config: config(undefined), landed: LANDED, databaseUrl: url });
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
    reconfigure(world, { core: 'census_core' });
    const { hint } = await world.json('migrate', 2);
    await asOwner(url, String(/ALTER SCHEMA .*;/.exec(hint)?.[0]));
    await world.json('migrate', 0);
    expect((await world.json('run --period 2025-05', 0)).status).toBe('skipped');
    await world.json('run --period 2025-06', 0);
    // The log itself goes under another name with all that it tells.
    await asOwner(url, 'ALTER SCHEMA meta RENAME TO census_log');
    reconfigure(world, { core: 'census_core', meta: 'census_log' });
    const again = await world.run('migrate');
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect((await world.json('run --period 2025-06', 0)).status).toBe('skipped');
    expect(await world.query("SELECT name FROM census_log.schema_name WHERE word = 'meta'")).toEqual([
      { name: 'census_log' },
    ]);
  });

  it('grants rights on the schemas of the pipeline', async () => {
    const url = String(await emptyDatabase());
    const role = `r${randomBytes(6).toString('hex')}`;
    const schemas = Object.values(OTHER).map((name) => `"${name}"`);
    await asOwner(
      url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'for-the-test'`,
      ...schemas.map((name) => `CREATE SCHEMA ${name}`),
    );
    // The log of another pipeline, into which the role may not look.
    await makeWorld({ config: config(undefined, { name: 'first' }), databaseUrl: url }).json('migrate', 0);
    const own = new URL(url);
    Object.assign(own, { username: role, password: 'for-the-test' });
    const world = makeWorld({ config: config(OTHER), landed: LANDED, databaseUrl: own.href });
    const refused = await world.json('migrate', 2);
    expect(refused.hint).toBe(
      `Have an administrator run: GRANT USAGE, CREATE ON SCHEMA ${schemas.join(', ')} TO "${role}";`,
    );
    await asOwner(url, String(refused.hint).replace('Have an administrator run: ', ''));
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
  });
});

describe.each(ENGINES)('a migration that is given where schemas have other names on %s', (engine) => {
  it('works as it is given, with views that others made', async () => {
    const at = await database(engine);
    const world = makeWorld({
      config: config(OTHER),
      landed: LANDED,
      ...at,
      files: { 'migrations/.keep': '' },
    });
    await world.json('migrate', 0);
    await world.json('run --period 2025-05', 0);
    if (at.databaseUrl !== undefined) {
      await asOwner(
        at.databaseUrl,
        'CREATE SCHEMA core',
        'CREATE TABLE core.payments (id BIGINT)',
        'CREATE VIEW core.seen AS SELECT p.amount, o.id FROM census_core.payments p LEFT JOIN core.payments o USING (id)',
      );
    }
    const narrower = structuredClone(SOURCES);
    Object.assign(narrower.payments.schema.fields[2] as object, { precision: 8 });
    reconfigure(world, OTHER, { datasets: narrower });
    const { hint } = await world.json('migrate', 2);
    expect(hint).not.toMatch(/"core"\."payments"/);
    writeFileSync(join(world.root, 'migrations/2_narrower.js'), hint.slice(hint.indexOf('export async')));
    await world.json('migrate', 0);
    await world.json('run --period 2025-06', 0);
  });
});
