import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { type Dataset, isRecordsDataset } from '../../domain/dataset.ts';
import { command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { coreModelPath } from '../../lake/core-model.ts';
import { packageRoot } from '../../lake/package-root.ts';
import type { Project } from '../../lake/project.ts';
import { raw, type Sql, sql } from '../../sql/sql.ts';
import type { SchemaChange, Session, Warehouse } from '../warehouse.ts';
import { carryOut } from './carry-out.ts';
import { claimSchemas, refuseTwoLogs } from './claim-schemas.ts';
import { claimTables } from './claim-tables.ts';
import { grantsForScripts, refuseUnknownRole, rightsBeyondScripts } from './grant-scripts.ts';
import { type MigrationFolder, migrationFolders, migrationSource, pendingIn } from './migration-folder.ts';
import { planTables } from './plan-tables.ts';
import { refuseMissingRights } from './rights.ts';

/** What a warehouse must fit. */
export interface MigrationSources {
  readonly packageMigrations: string;
  readonly pipelineMigrations: string;
  readonly config: Config;
  readonly hasCoreModel: (dataset: Dataset) => boolean;
  /**
   * The pipeline's name, which tells it from others in the same warehouse; null: no other pipeline uses the warehouse.
   */
  readonly pipeline: string | null;
}

export interface MigrationReport {
  /** Names of the migrations applied, in order. */
  readonly applied: readonly string[];
  /** Every statement that defines something, as it was run (or, in a dry run, would be). */
  readonly statements: readonly string[];
  readonly warnings: readonly string[];
}

export interface MigrateOptions {
  readonly dryRun?: boolean;
  readonly dropRaw?: boolean;
  /** The role that is to hand over records, on an engine that grants rights. */
  readonly grantScripts?: string | null;
}

export function migrationSources(project: Project, config: Config, warehouse: Warehouse): MigrationSources {
  const { dialect } = warehouse.capabilities;
  return {
    packageMigrations: join(packageRoot(), 'migrations'),
    pipelineMigrations: project.migrations,
    config,
    pipeline: config.name ?? (warehouse.isInProject ? null : basename(project.root)),
    hasCoreModel: (dataset) => coreModelPath(project, dataset, dialect) !== null,
  };
}

/**
 * Applies the package's migrations, then the pipeline's, then makes the tables fit the configuration: in one
 * transaction, one caller at a time. A dry run does the same and rolls it back.
 */
export function migrate(
  warehouse: Warehouse,
  sources: MigrationSources,
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  return warehouse.alter(!options.dryRun, async (schema) => {
    const statements: string[] = [];
    const applied: string[] = [];
    schema.knex.on('query', ({ sql: text }: { sql: string }) => {
      if (definesSomething(text)) statements.push(schema.session.schemas.text(text));
    });
    const run = async (statement: Sql): Promise<void> => {
      statements.push(shown(statement, schema.session));
      await schema.session.execute(statement);
    };
    const role = options.grantScripts ?? null;
    if (role !== null) await refuseUnknownRole(schema.session, role);
    const folders = migrationFolders(sources.packageMigrations, sources.pipelineMigrations);
    const [own] = folders;
    if (own && (await pendingIn(schema.session, own)).length > 0) await refuseMissingRights(schema.session);
    const { pipeline } = sources;
    const fresh = (await schema.session.columns({ schema: 'meta', name: 'ingestion_log' })) === null;
    const twoLogs = await refuseTwoLogs(schema.session, { fresh, pipeline });
    if (!(await schemaNames(schema.session)).has(schema.session.schemas.of('meta')))
      await run(raw('CREATE SCHEMA meta'));
    for (const folder of folders) applied.push(...(await applyFolder(schema, folder)));
    const { datasets } = sources.config;
    const named = await claimSchemas(schema.session, fresh);
    const claims = await claimTables(schema.session, pipeline, datasets.values());
    const plan = await planTables(schema.session, datasets.values(), sources.hasCoreModel);
    await carryOut(schema.session, [...plan.statements, ...claims], (statement) =>
      statements.push(shown(statement, schema.session)),
    );
    for (const statement of named.statements) await schema.session.execute(statement);
    if (options.dropRaw && (await schemaNames(schema.session)).has('raw'))
      await run(raw('DROP SCHEMA raw CASCADE'));
    await rememberFingerprint(schema.session, sources);
    if (named.isChange) statements.push(...named.statements.map((each) => shown(each, schema.session)));
    const recordsOf = [...datasets.values()].filter(isRecordsDataset);
    if (role !== null) for (const grant of grantsForScripts(role, recordsOf)) await run(grant);
    const beyond = role === null ? [] : await rightsBeyondScripts(schema.session, role, recordsOf);
    return { applied, statements, warnings: [...twoLogs, ...plan.warnings, ...beyond] };
  });
}

/** Names of pending migrations, then the statements needed to make the tables fit the configuration. */
export function pendingMigrations(warehouse: Warehouse, sources: MigrationSources): Promise<string[]> {
  return warehouse.read(async (session) => {
    const pending: string[] = [];
    for (const folder of migrationFolders(sources.packageMigrations, sources.pipelineMigrations)) {
      pending.push(...(await pendingIn(session, folder)));
    }
    if (pending.length > 0 || (await isReconciled(session, sources))) return pending;
    const { datasets } = sources.config;
    await refuseTwoLogs(session, { fresh: false, pipeline: sources.pipeline });
    const named = await claimSchemas(session, false);
    const claims = await claimTables(session, sources.pipeline, datasets.values());
    const plan = await planTables(session, datasets.values(), sources.hasCoreModel);
    return [...plan.statements, ...claims, ...named.statements].map((statement) => shown(statement, session));
  });
}

/**
 * Makes sure that a step finds its tables: applies what is pending where the warehouse belongs to the pipeline, else
 * throws `migration-pending`. Returns warnings.
 */
export async function prepareWarehouse(
  warehouse: Warehouse,
  sources: MigrationSources,
): Promise<readonly string[]> {
  const pending = await pendingMigrations(warehouse, sources);
  if (pending.length === 0) return [];
  if (warehouse.capabilities.appliesMigrationsItself) return (await migrate(warehouse, sources)).warnings;
  const more = pending.length > 3 ? ` and ${pending.length - 3} more` : '';
  throw new TidemarkError('migration-pending', {
    message: `The database ${warehouse.displayName} is not prepared: ${pending.slice(0, 3).join(', ')}${more} to be applied.`,
  });
}

/** Errors about tables or migrations that do not fit; not those about a warehouse that cannot be reached or read. */
const MISFITS: ReadonlySet<string> = new Set([
  'bad-config',
  'bad-model',
  'migration-needed',
  'migration-pending',
  'statement-failed',
]);

/**
 * Like `prepareWarehouse`, for calls that only read: tables that do not fit the configuration, or a migration of the
 * pipeline that fails, become a warning, if the log tables are those that this program knows.
 */
export async function prepareForReading(
  warehouse: Warehouse,
  sources: MigrationSources,
): Promise<readonly string[]> {
  try {
    return await prepareWarehouse(warehouse, sources);
  } catch (error) {
    if (!(error instanceof TidemarkError) || !MISFITS.has(error.code)) throw error;
    const [own] = migrationFolders(sources.packageMigrations, sources.pipelineMigrations);
    const pending = await warehouse.read((session) => pendingIn(session, own as MigrationFolder));
    if (pending.length > 0) throw error;
    return [`What only reads goes on, what writes will stop: ${error.message}`];
  }
}

async function applyFolder(schema: SchemaChange, folder: MigrationFolder): Promise<readonly string[]> {
  const pending = await pendingIn(schema.session, folder);
  const options = {
    tableName: folder.logTable,
    schemaName: 'meta',
    migrationSource: migrationSource(folder),
  };
  // Only this code changes the schema: a remaining lock of Knex's belongs to a process that was killed.
  await schema.knex.migrate.forceFreeMigrationsLock(options);
  if (pending.length > 0) await schema.knex.migrate.latest(options).catch((error) => failed(pending, error));
  return pending;
}

/** Knex does not say in a readable way which of several migrations failed. */
function failed(pending: readonly string[], error: Error): never {
  const known = [error, error.cause].find((each) => each instanceof TidemarkError);
  throw new TidemarkError(known?.code ?? 'statement-failed', {
    message: `A migration failed, and none was applied (${pending.join(', ')}): ${error.message}`,
    hint:
      known === undefined || known.code === 'statement-failed'
        ? words`Fix the migration and run \`${command('migrate')}\` again.`
        : known.hint,
    cause: error,
  });
}

function definesSomething(text: string): boolean {
  return (
    /^\s*(create|alter|drop|comment|grant|revoke|insert|update|delete)\b/i.test(text) &&
    !/knex_\w*migrations/.test(text)
  );
}

function shown(statement: Sql, { schemas }: Session): string {
  const { text, values } = schemas.statement(statement);
  return text.replace(/\$(\d+)/g, (_, n) => `'${values[Number(n) - 1]}'`);
}

async function schemaNames(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT nspname AS name FROM pg_catalog.pg_namespace`,
  );
  return new Set(rows.map((row) => row.name));
}

function fingerprint(sources: MigrationSources, { schemas }: Session): string {
  const datasets = [...sources.config.datasets.values()].map((dataset) => [
    dataset.name,
    dataset.fields.map((field) => [field.name, field.type, field.precision, field.scale]),
    dataset.sliceNames,
    dataset.core.table,
    dataset.core.key,
    dataset.core.strategy,
    dataset.core.missing,
    dataset.core.rollout,
    dataset.core.identity,
    dataset.core.references,
    dataset.distributeBy,
    ...(dataset.source.kind === 'records' ? ['records'] : []),
    sources.hasCoreModel(dataset),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([sources.pipeline, datasets, ...(schemas.isNone ? [] : [schemas.names])]))
    .digest('hex');
}

async function isReconciled(session: Session, sources: MigrationSources): Promise<boolean> {
  const rows = await session.query(
    sql`SELECT 1 AS there FROM meta.reconciled WHERE fingerprint = ${fingerprint(sources, session)}`,
  );
  return rows.length > 0;
}

/** Only for the last configuration: after a change and back the tables are examined again. */
async function rememberFingerprint(session: Session, sources: MigrationSources): Promise<void> {
  await session.execute(sql`DELETE FROM meta.reconciled`);
  const now = new Date().toISOString().replace('Z', '');
  await session.execute(
    sql`INSERT INTO meta.reconciled (fingerprint, reconciled_at) VALUES (${fingerprint(sources, session)}, CAST(${now} AS TIMESTAMP))`,
  );
}
