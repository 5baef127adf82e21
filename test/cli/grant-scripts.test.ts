import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { POSTINGS } from './postings.ts';
import { register } from './registers.ts';
import { emptyDatabase, makeWorld, type World } from './world.ts';

const servers = [inject('postgresUrl')].filter((url) => url !== null);
const REFUSED = /permission denied|must be owner|non-DEFAULT value/;

interface Script {
  readonly role: string;
  readonly client: pg.Client;
  /** The error with which a statement ends; null where it works. */
  refusal(statement: string): Promise<string | null>;
}

async function as(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

/** A role that may do nothing but log in; it goes with its rights when the test ends. */
async function newRole(url: string): Promise<string> {
  const role = `Script ${randomBytes(6).toString('hex')}`;
  await as(url, (client) => client.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'for-the-test'`));
  onTestFinished(() => as(url, (client) => client.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`)));
  return role;
}

async function logIn(url: string, role: string): Promise<Script> {
  const own = new URL(url);
  own.username = encodeURIComponent(role);
  own.password = 'for-the-test';
  const client = new pg.Client({ connectionString: own.href });
  await client.connect();
  onTestFinished(() => client.end());
  const refusal = (statement: string) =>
    client.query(statement).then(
      () => null,
      (error: Error) => error.message,
    );
  return { role, client, refusal };
}

/** A database with one posting in it, promoted as far as core is concerned, and a role with the rights of scripts. */
async function granted(config = POSTINGS): Promise<{ world: World; script: Script; url: string }> {
  const url = String(await emptyDatabase());
  const world = makeWorld({ config, databaseUrl: url });
  const role = await newRole(url);
  await world.json(['migrate', '--grant-scripts', role], 0);
  return { world, script: await logIn(url, role), url };
}

describe.each(servers)('migrate --grant-scripts', () => {
  const DATA = `'{"job": {"id": "1"}}'`;
  const insert = (columns: string, values: string) =>
    `INSERT INTO stage.postings_records (run_id, actor, raw_data, ${columns}) VALUES ('r', 'a', ${DATA}, ${values})`;
  const HANDED = `INSERT INTO stage.postings_records (run_id, actor, raw_data) VALUES ('r', 'a', ${DATA})`;

  const FORBIDDEN: readonly (readonly [what: string, statement: string])[] = [
    ['read what was handed over', 'SELECT raw_data FROM stage.postings_records'],
    ['read whole rows', 'SELECT * FROM stage.postings_records'],
    ['get back more than numbers', `${HANDED} RETURNING raw_data`],
    ['change a record', `UPDATE stage.postings_records SET raw_data = '{}'`],
    ['change a mark', 'UPDATE stage.postings_records SET promoted = true'],
    [
      'change a record on a conflict',
      `${HANDED} ON CONFLICT (submit_key) DO UPDATE SET raw_data = excluded.raw_data`,
    ],
    ['delete records', 'DELETE FROM stage.postings_records'],
    ['empty the table', 'TRUNCATE stage.postings_records'],
    ['forge that it was promoted', insert('promoted', 'true')],
    ['forge that it was validated', insert('validated', 'true')],
    ['forge that it does not wait', insert('waits', 'false')],
    ['forge its time', insert('created_at', "'2001-01-01'")],
    ['forge who it is from', insert('submitted_by', "'somebody'")],
    ['forge the promotion', insert('promotion_id', '1')],
    ['forge its number', insert('staging_id', '7')],
    [
      'forge its number over the identity',
      `INSERT INTO stage.postings_records (staging_id, run_id, actor, raw_data) OVERRIDING SYSTEM VALUE VALUES (7, 'r', 'a', ${DATA})`,
    ],
    ['draw numbers', "SELECT nextval('stage.postings_records_staging_id_seq')"],
    ['set the next number', "SELECT setval('stage.postings_records_staging_id_seq', 900)"],
    ['read core', 'SELECT * FROM core.postings'],
    ['read the identities', 'SELECT * FROM core.postings_identity'],
    ['write core', "INSERT INTO core.postings (job_id) VALUES ('1')"],
    ['delete from core', 'DELETE FROM core.postings'],
    ['read the log', 'SELECT * FROM meta.run_log'],
    ['write the log', "INSERT INTO meta.run_log (run_id) VALUES ('1')"],
    ['read the journal', 'SELECT * FROM history.postings'],
    ['write the journal', 'DELETE FROM history.postings'],
    ['make a table in stage', 'CREATE TABLE stage.mine (a INT)'],
    ['make a table in core', 'CREATE TABLE core.mine (a INT)'],
    ['make a table in meta', 'CREATE TABLE meta.mine (a INT)'],
    ['make a schema', 'CREATE SCHEMA mine'],
    ['change the table', 'ALTER TABLE stage.postings_records ADD COLUMN mine INT'],
    ['index the table', 'CREATE INDEX ON stage.postings_records (run_id)'],
    ['lock the table', 'DO $$ BEGIN LOCK TABLE stage.postings_records IN ACCESS EXCLUSIVE MODE; END $$'],
  ];

  it('lets the role hand over records with nothing but run, actor and data, and get their numbers', async () => {
    const { world, script } = await granted();
    const { rows } = await script.client.query(`${HANDED} RETURNING staging_id`);
    expect(rows).toEqual([{ staging_id: '1' }]);
    expect(
      await world.query(
        'SELECT run_id, actor, raw_data, submitted_by, waits, attempt FROM stage.postings_records',
      ),
    ).toEqual([
      {
        run_id: 'r',
        actor: 'a',
        raw_data: '{"job": {"id": "1"}}',
        submitted_by: script.role,
        waits: 'true',
        attempt: '0',
      },
    ]);
  });

  it('lets the role repeat a submit by its key without handing over twice', async () => {
    const { world, script } = await granted();
    const keyed = `INSERT INTO stage.skills_records (run_id, actor, interaction, batch_id, submit_key, raw_data)
      VALUES ('r', 'a', 'i', 'b', 'one', '{}') ON CONFLICT (submit_key) DO NOTHING RETURNING staging_id, submit_key`;
    const answers = [await script.client.query(keyed), await script.client.query(keyed)];
    expect(answers.map(({ rowCount }) => rowCount)).toEqual([1, 0]);
    expect(await world.query('SELECT count(*) AS n FROM stage.skills_records')).toEqual([{ n: '1' }]);
    expect((await script.client.query('SELECT staging_id FROM stage.skills_records')).rowCount).toBe(1);
  });

  it('lets the role read, forge, change, delete and make nothing', async () => {
    const { world, script } = await granted();
    await script.client.query(HANDED);
    const before = await world.query('SELECT * FROM stage.postings_records');
    const refusals: [string, string | null][] = [];
    for (const [what, statement] of FORBIDDEN) refusals.push([what, await script.refusal(statement)]);
    expect(refusals.filter(([, refusal]) => !REFUSED.test(refusal ?? ''))).toEqual([]);
    expect(await world.query('SELECT * FROM stage.postings_records')).toEqual(before);
  });

  it('gives nothing that the role could pass on', async () => {
    const { world, script } = await granted();
    await script.client.query('GRANT INSERT (run_id) ON stage.postings_records TO pg_monitor');
    expect(
      await world.query(
        "SELECT 1 AS given FROM information_schema.column_privileges WHERE grantee = 'pg_monitor'",
      ),
    ).toEqual([]);
  });

  it('shows the statements in a dry run, and grants nothing', async () => {
    const { url, world } = await granted();
    const role = await newRole(url);
    const { details } = await world.json(['migrate', '--grant-scripts', role, '--dry-run'], 0);
    expect(details.statements).toEqual([
      `GRANT USAGE ON SCHEMA stage TO "${role}"`,
      ...['postings', 'skills'].map(
        (name) =>
          `GRANT INSERT ("run_id", "actor", "interaction", "batch_id", "submit_key", "raw_data"), SELECT ("staging_id", "submit_key") ON "stage"."${name}_records" TO "${role}"`,
      ),
    ]);
    expect(await (await logIn(url, role)).refusal(HANDED)).toMatch(/permission denied for schema stage/);
  });

  it('can be repeated, and reaches the tables that were added since', async () => {
    const { url, world, script } = await granted(POSTINGS.slice(0, POSTINGS.indexOf('  skills:')));
    writeFileSync(join(world.root, 'datasets_config.yml'), POSTINGS);
    for (let i = 0; i < 2; i++) await world.json(['migrate', '--grant-scripts', script.role], 0);
    const skill = `INSERT INTO stage.skills_records (run_id, actor, raw_data) VALUES ('r', 'a', '{}')`;
    expect(await (await logIn(url, script.role)).refusal(skill)).toBeNull();
    expect(await script.refusal('UPDATE stage.skills_records SET promoted = true')).toMatch(REFUSED);
  });

  it('grants on the schema by the name that it has in the database', async () => {
    const { script } = await granted(POSTINGS.replace('datasets:', 'schemas: {stage: hr_stage}\ndatasets:'));
    expect(await script.refusal(HANDED.replace('stage.', 'hr_stage.'))).toBeNull();
  });

  it('refuses a role that the database does not have, with the statement that makes it', async () => {
    const { world } = await granted();
    const refused = await world.json(['migrate', '--grant-scripts', 'no "such" role'], 2);
    expect(refused.message).toBe('The database has no role no "such" role. Nothing was changed.');
    expect(refused.hint).toBe(
      `Have an administrator make it: CREATE ROLE "no ""such"" role" LOGIN PASSWORD '…';`,
    );
  });

  it('names the role that was meant where only the case of its letters differs', async () => {
    const { world, script } = await granted();
    const refused = await world.json(['migrate', '--grant-scripts', script.role.toLowerCase()], 2);
    expect(refused.message).toContain(`; did you mean ${script.role}? Nothing was changed.`);
  });

  it('warns of a role that has more rights than scripts need', async () => {
    const { url, world, script } = await granted();
    await as(url, (client) =>
      client.query(`GRANT SELECT, DELETE ON stage.skills_records TO "${script.role}"`),
    );
    const { stderr } = await world.run(['migrate', '--grant-scripts', script.role]);
    expect(stderr).toContain(
      `The role ${script.role} also has SELECT, DELETE on all of stage."skills_records", so it can forge marks or lose records: give scripts a role of their own.`,
    );
    expect(stderr).not.toContain('postings_records');
  });

  it('refuses where no dataset takes records', async () => {
    const world = makeWorld({ ...register(), databaseUrl: String(await emptyDatabase()) });
    const refused = await world.json('migrate --grant-scripts postgres', 2);
    expect(refused.message).toBe(
      'No dataset takes records, so there is nothing that a script could write to.',
    );
  });
});

it('migrate refuses to grant rights in a file, and says why', async () => {
  const world = makeWorld({ config: POSTINGS });
  const refused = await world.json('migrate --grant-scripts fetcher', 2);
  expect(refused).toMatchObject({ status: 'usage' });
  expect(refused.message).toMatch(
    /is a file, and has no roles: whoever may write the file may change everything in it\.$/,
  );
  expect(refused.hint).toContain('tidemark records submit');
});
