import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import {
  type MigrationSources,
  migrate,
  migrationSources,
  pendingMigrations,
  prepareWarehouse,
} from '../../src/warehouse/migrate/migrate.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { TableRef, Warehouse } from '../../src/warehouse/warehouse.ts';
import { ENGINES, type Engine, type OpenedWarehouse } from './empty-warehouses.ts';

const FIELDS = `{name: id, type: integer}, {name: name, type: string}, {name: amount, type: number, precision: 12, scale: 2},
  {name: share, type: number}, {name: day, type: date}, {name: at, type: datetime}, {name: hour, type: time},
  {name: year, type: year}, {name: month, type: yearmonth}, {name: ok, type: boolean}, {name: more, type: object}`;

interface Place {
  readonly project: Project;
  readonly opened: OpenedWarehouse;
  readonly warehouse: Warehouse;
  sources(fields?: string, key?: string): MigrationSources;
  columns(table: TableRef): Promise<string>;
  close(): Promise<void>;
}

async function place(engine: Engine): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'tidemark-migrate-'));
  const project = openProject(root);
  const opened = await engine.open(root);
  const { warehouse } = opened;
  return {
    ...{ project, opened, warehouse },
    sources(fields = FIELDS, key = 'id') {
      writeFileSync(
        project.configPath,
        `version: 1
datasets:
  things:
    title: Things
    period: month
    source: {filename: "things_{region}_{period}.csv"}
    schema: {fields: [${fields.replace(/\s+/g, ' ')}]}
    core: {key: [region, ${key}], strategy: upsert, covers: all, missing: close}
`,
      );
      return migrationSources(project, loadConfig(project.configPath, {}), warehouse);
    },
    async columns(table) {
      const columns = (await warehouse.read((session) => session.columns(table))) ?? [];
      // The one difference: the embedded engine keeps no length of texts.
      return columns
        .map(
          ({ name, type, nullable }) =>
            `${name} ${type.replace(/^VARCHAR\(\d+\)/, 'VARCHAR')}${nullable ? '' : '!'}`,
        )
        .join(', ');
    },
    async close() {
      await opened.release();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const META = [
  ...[
    'ingestion_log',
    'validation_log',
    'current_delivery',
    'load_log',
    'promotion_log',
    'publish_log',
    'run_log',
  ],
  ...['lock', 'reconciled', 'knex_migrations'],
].map((name): TableRef => ({ schema: 'meta', name }));
const DATA = (['stage', 'core', 'history'] as const).map((schema): TableRef => ({ schema, name: 'things' }));

describe.each(ENGINES)('migrate on %s', (_, engine) => {
  let at: Place;
  const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: TidemarkError) => error);

  beforeEach(async () => {
    at = await place(engine);
  });
  afterEach(() => at.close());

  function pipelineMigration(name: string, text: string): void {
    mkdirSync(at.project.migrations, { recursive: true });
    writeFileSync(join(at.project.migrations, name), text);
  }

  it('makes the tables of a dataset, and has nothing to do afterwards', async () => {
    const report = await migrate(at.warehouse, at.sources());
    expect(report.applied.length).toBeGreaterThan(0);
    expect(await at.columns(DATA[0] as TableRef)).toBe(
      `id BIGINT, name VARCHAR, amount DECIMAL(12,2), share DOUBLE, day DATE, at TIMESTAMP, hour TIME, year SMALLINT, ` +
        `month VARCHAR, ok BOOLEAN, more JSON, region VARCHAR, _data_period VARCHAR!, _file_id BIGINT!, ` +
        `_source_row BIGINT!, _load_id BIGINT!`,
    );
    expect(await migrate(at.warehouse, at.sources())).toEqual({ applied: [], statements: [], warnings: [] });
    expect(await pendingMigrations(at.warehouse, at.sources())).toEqual([]);
  });

  it('shows in a dry run what it would do, and does none of it', async () => {
    const dry = await migrate(at.warehouse, at.sources(), { dryRun: true });
    expect(dry.statements.join('\n')).toMatch(
      /CREATE TABLE meta.load_log[\s\S]*CREATE TABLE "stage"."things"/,
    );
    expect(await at.warehouse.read((session) => session.columns(META[0] as TableRef))).toBeNull();
    const real = await migrate(at.warehouse, at.sources());
    expect(real.statements).toEqual(dry.statements);
  });

  it('is applied by a step itself, or asked for, as the warehouse says', async () => {
    const error = await thrown(prepareWarehouse(at.warehouse, at.sources()));
    if (at.warehouse.capabilities.appliesMigrationsItself) expect(error).toBeNull();
    else {
      expect([error?.code, error?.exitCode]).toEqual(['migration-pending', 2]);
      expect(writeWords(error?.hint ?? '')).toContain('tidemark migrate');
      await migrate(at.warehouse, at.sources());
    }
    await prepareWarehouse(at.warehouse, at.sources());
    expect(await pendingMigrations(at.warehouse, at.sources())).toEqual([]);
  });

  it('runs the migrations of the pipeline, with the words of the schema builder, in a log of their own', async () => {
    pipelineMigration(
      '20250101_notes.js',
      `export async function up(knex) {
        await knex.schema.withSchema('core').createTable('notes', (table) => {
          table.increments('id');
          table.string('word', 20).notNullable();
          table.jsonb('more');
          table.decimal('price', 10, 2);
          table.timestamp('at').defaultTo(knex.fn.now());
        });
        const [row] = await knex('core.notes').insert({ word: 'a', more: '{"b":1}' }).returning('id');
        await knex.transaction((trx) => trx('core.notes').where({ id: row.id }).update({ word: 'c' }));
      }`,
    );
    pipelineMigration(
      '20250102_old.cjs',
      `exports.up = (knex) => knex.raw('CREATE TABLE core.old (n INTEGER)');`,
    );
    const report = await migrate(at.warehouse, at.sources());
    expect(report.applied.slice(-2)).toEqual(['20250101_notes.js', '20250102_old.cjs']);
    const rows = await at.warehouse.read((session) =>
      session.query(raw('SELECT id, word, more, price FROM core.notes')),
    );
    expect(rows).toEqual([{ id: 1, word: 'c', more: '{"b":1}', price: null }]);
    const logged = await at.warehouse.read((session) =>
      session.query(raw('SELECT name FROM meta.knex_pipeline_migrations ORDER BY id')),
    );
    expect(logged).toEqual([{ name: '20250101_notes.js' }, { name: '20250102_old.cjs' }]);
  });

  it("knows Tidemark's own migrations in a pipeline's folder by name and content, and applies the others beside them", async () => {
    const sources = at.sources();
    cpSync(sources.packageMigrations, at.project.migrations, { recursive: true });
    const [first = ''] = readdirSync(at.project.migrations).sort();
    const text = readFileSync(join(at.project.migrations, first), 'utf8');
    pipelineMigration(first, text.replaceAll('\n', '\r\n'));
    pipelineMigration(
      '29990101_own.js',
      `export const up = (knex) => knex.raw('CREATE TABLE core.own (n INTEGER)');`,
    );
    const report = await migrate(at.warehouse, sources);
    expect(report.applied.at(-1)).toBe('29990101_own.js');
    expect(report.applied).toHaveLength(new Set(report.applied).size);
    expect(await pendingMigrations(at.warehouse, at.sources())).toEqual([]);

    pipelineMigration(first, `${text}// changed`);
    const error = await thrown(migrate(at.warehouse, at.sources()));
    expect([error?.code, error?.message]).toEqual(['bad-config', expect.stringContaining(first)]);
  });

  it('applies none where one fails', async () => {
    pipelineMigration(
      '1_good.js',
      `export const up = (knex) => knex.raw('CREATE TABLE core.good (n INTEGER)');`,
    );
    await thrown(migrate(at.warehouse, at.sources()));
    rmSync(join(at.project.migrations, '1_good.js'));
    await at.warehouse.transaction((tx) => tx.execute(raw('DELETE FROM meta.knex_pipeline_migrations')));
    pipelineMigration(
      '2_half.js',
      `export const up = async (knex) => {
      await knex.raw('CREATE TABLE core.half (n INTEGER)');
      await knex.raw('SELECT nonsense');
    };`,
    );
    const error = await thrown(migrate(at.warehouse, at.sources()));
    expect(error?.code).toBe('statement-failed');
    expect(error?.message).toContain('2_half.js');
    expect(
      await at.warehouse.read((session) => session.columns({ schema: 'core', name: 'half' })),
    ).toBeNull();
    expect(
      await at.warehouse.read((session) => session.columns({ schema: 'core', name: 'good' })),
    ).not.toBeNull();
  });

  it('adds a column for a new field and keeps that of a field that is gone, with a warning', async () => {
    await migrate(at.warehouse, at.sources());
    const report = await migrate(
      at.warehouse,
      at.sources('{name: id, type: integer}, {name: fresh, type: date}'),
    );
    expect(report.statements.slice(0, 2)).toEqual([
      'ALTER TABLE "stage"."things" ADD COLUMN "fresh" DATE',
      'ALTER TABLE "core"."things" ADD COLUMN "fresh" DATE',
    ]);
    expect(report.statements.slice(2)).toEqual([
      expect.stringMatching(/^CREATE OR REPLACE VIEW "core"\."things_live"/),
    ]);
    expect(report.warnings.join(' ')).toContain('stage.things has a column amount');
    expect(await at.columns(DATA[0] as TableRef)).toMatch(/amount DECIMAL\(12,2\).*fresh DATE$/);
  });

  it('refuses another type and another key, and gives the migration to write', async () => {
    await migrate(at.warehouse, at.sources());
    const error = await thrown(
      migrate(at.warehouse, at.sources(FIELDS.replace('precision: 12', 'precision: 11'))),
    );
    expect([error?.code, error?.exitCode]).toEqual(['migration-needed', 2]);
    expect(writeWords(error?.hint ?? '')).toMatch(/CAST\("amount" AS DECIMAL\(11,2\)\)/);
    expect(await at.columns(DATA[0] as TableRef)).toContain('amount DECIMAL(12,2)');
    const other = await thrown(migrate(at.warehouse, at.sources(FIELDS, 'name')));
    expect(other?.code).toBe('migration-needed');
    expect(writeWords(other?.hint ?? '')).toMatch(/DROP INDEX "core"\."things_key_/);
  });

  it('refuses a schema that is newer than the program', async () => {
    await migrate(at.warehouse, at.sources());
    await at.warehouse.transaction((tx) =>
      tx.execute(sql`INSERT INTO meta.knex_migrations (name, batch) VALUES (${'29990101_new.js'}, ${9})`),
    );
    for (const work of [prepareWarehouse, migrate, pendingMigrations]) {
      expect((await thrown(work(at.warehouse, at.sources())))?.code).toBe('newer-schema');
    }
  });

  it('applies everything once for callers at the same time', async () => {
    const options = { projectRoot: at.project.root, lockTimeoutMs: 20_000, environment: {} };
    const second = openWarehouse(at.opened.url, options);
    const sources = at.sources();
    const reports = await Promise.all(
      [at.warehouse, second, at.warehouse].map((each) => migrate(each, sources)),
    );
    await second.close();
    const all = readdirSync(sources.packageMigrations).filter((name) => name.endsWith('.js')).length;
    expect(reports.map((report) => report.applied.length).sort()).toEqual([0, 0, all]);
  });

  it("goes on where a killed process left Knex's own lock behind", async () => {
    await migrate(at.warehouse, at.sources());
    await at.warehouse.transaction((tx) =>
      tx.execute(raw('UPDATE meta.knex_migrations_lock SET is_locked = 1')),
    );
    pipelineMigration(
      '1_more.js',
      `export const up = (knex) => knex.raw('CREATE TABLE core.more (n INTEGER)');`,
    );
    expect((await migrate(at.warehouse, at.sources())).applied).toEqual(['1_more.js']);
  });

  it('removes a legacy raw schema only when asked to', async () => {
    await at.warehouse.transaction((tx) => tx.execute(raw('CREATE SCHEMA raw')));
    await at.warehouse.transaction((tx) => tx.execute(raw('CREATE TABLE raw.old (n INTEGER)')));
    const schemas = () =>
      at.warehouse.read((session) =>
        session.query(raw(`SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = 'raw'`)),
      );
    await migrate(at.warehouse, at.sources());
    expect(await schemas()).toHaveLength(1);
    await migrate(at.warehouse, at.sources(), { dropRaw: true });
    expect(await schemas()).toHaveLength(0);
  });
});

describe('both engines', () => {
  it('have the same tables after migrating', async () => {
    const shapes: string[][] = [];
    for (const [, engine] of ENGINES) {
      const at = await place(engine);
      await migrate(at.warehouse, at.sources());
      const shape: string[] = [];
      for (const table of [...META, ...DATA])
        shape.push(`${table.schema}.${table.name}: ${await at.columns(table)}`);
      shapes.push(shape);
      await at.close();
    }
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
    expect(shapes[0]?.every((line) => line.includes(' BIGINT') || line.includes(' VARCHAR'))).toBe(true);
  });
});
