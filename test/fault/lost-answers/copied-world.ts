import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../fixtures/pipelines/in-process.ts';
import type { Answer } from '../../fixtures/pipelines/make-pipeline.ts';
import type { Database } from '../fault-engines.ts';
import { queryPostgres } from '../fault-engines.ts';

/** A pipeline's folder with its database, of which copies can be made. */
export interface CopiedWorld {
  readonly root: string;
  readonly database: Database;
  run(command: string): Promise<Omit<Answer, 'signal'>>;
  land(files: Readonly<Record<string, string>>): void;
  copy(): Promise<CopiedWorld>;
  /** Every table but what tells of time and calls, and every file that stays. */
  state(): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

const FOLDERS = ['data/stage/cleaned', 'data/stage/rejected', 'data/exports', 'data/reports'];

export function worldAt(root: string, database: Database): CopiedWorld {
  const environment = { ...process.env, DATABASE_URL: database.url };
  return {
    root,
    database,
    async run(command) {
      const said = await runInProcess(root, [...command.split(' '), '--json', '--quiet'], environment);
      return { ...said, json: JSON.parse(said.stdout.trimEnd().split('\n').at(-1) ?? '{}') };
    },
    land(files) {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'data/landed', name), text);
    },
    async copy() {
      const other = mkdtempSync(join(tmpdir(), 'lost-'));
      cpSync(root, other, { recursive: true });
      return worldAt(other, await copyOf(database));
    },
    state: () => stateOf(root, database),
    async remove() {
      rmSync(root, { recursive: true, force: true });
      await database.drop();
    },
  };
}

async function copyOf(database: Database): Promise<Database> {
  if (database.url === undefined) return database;
  const from = new URL(database.url);
  const name = `copy_${randomBytes(6).toString('hex')}`;
  const admin = new URL('/postgres', from).href;
  await queryPostgres(admin, `CREATE DATABASE ${name} TEMPLATE ${from.pathname.slice(1)}`);
  const url = new URL(`/${name}`, from).href;
  return {
    url,
    query: (_root, statement) => queryPostgres(url, statement),
    drop: async () => void (await queryPostgres(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

/** Of calls, locks and migrations; and what was answered, which a call that is not a decision does not keep. */
const APART = ['run_log', 'lock', 'reconciled', 'answer_log'];

/**
 * Of marts what stands: a run that loses an answer at a dataset publishes what core has then, and once more when it is
 * repeated.
 */
const NEWEST: Readonly<Record<string, string>> = {
  'meta.publish_log':
    ' WHERE publish_id IN (SELECT max(n.publish_id) FROM meta.publish_log n GROUP BY n.mart, n.period)',
};

async function stateOf(root: string, database: Database): Promise<Record<string, unknown>> {
  const columns = await database.query(
    root,
    `SELECT table_schema AS s, table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns
     WHERE table_schema IN ('meta', 'stage', 'core', 'history', 'mart') ORDER BY 1, 2, ordinal_position`,
  );
  const tables = new Map<string, string[]>();
  for (const { s, t, c, d } of columns) {
    if (APART.includes(String(t)) || String(t).startsWith('knex')) continue;
    const shown = tables.get(`${s}.${t}`) ?? [];
    tables.set(`${s}.${t}`, shown);
    if (!/^timestamp/i.test(String(d)) && c !== 'run_id' && c !== 'publish_id') shown.push(`"${c}"`);
  }
  const state: Record<string, unknown> = Object.fromEntries([...tables.keys()].map((table) => [table, []]));
  // One statement, because each is a connection of its own.
  const selects = [...tables].map(
    ([table, shown]) =>
      `SELECT '${table}' AS t, CAST(to_json(q) AS VARCHAR) AS r FROM (SELECT ${shown.join(', ')} FROM ${table}${NEWEST[table] ?? ''}) AS q`,
  );
  for (const { t, r } of await database.query(root, `${selects.join(' UNION ALL ')} ORDER BY 1, 2`))
    (state[String(t)] as unknown[]).push(r);
  for (const folder of FOLDERS) {
    const path = join(root, folder);
    state[folder] = existsSync(path) ? readdirSync(path, { recursive: true }).map(String).sort() : [];
  }
  const listed = join(root, 'data/stage/cleaned/datapackage.json');
  state.datapackage = existsSync(listed) ? readFileSync(listed, 'utf8') : null;
  return state;
}
