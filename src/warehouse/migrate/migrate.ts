import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { packageRoot } from '../../lake/package-root.ts';
import { modelPath, type Project } from '../../lake/project.ts';
import { raw, type Sql, sql } from '../sql.ts';
import type { SchemaChange, Session, Warehouse } from '../warehouse.ts';
import { carryOut } from './carry-out.ts';
import { claimTables } from './claim-tables.ts';
import { type MigrationFolder, migrationFolders, migrationSource, pendingIn } from './migration-folder.ts';
import { planTables } from './reconcile.ts';
import { refuseMissingRights } from './rights.ts';

/** What a warehouse is brought in line with. */
export interface MigrationSources {
  readonly packageMigrations: string;
  readonly pipelineMigrations: string;
  readonly config: Config;
  readonly hasCoreModel: (dataset: Dataset) => boolean;
  /** The pipeline's name, by which it is told from others in the same warehouse; null: the warehouse is its own alone. */
  readonly pipeline: string | null;
}

export interface MigrationReport {
  /** Names of the migrations applied, in order. */
  readonly applied: readonly string[];
  /** Every statement that defines something, as run (or, in a dry run, as it would be). */
  readonly statements: readonly string[];
  readonly warnings: readonly string[];
}

export function migrationSources(project: Project, config: Config, warehouse: Warehouse): MigrationSources {
  const { dialect } = warehouse.capabilities;
  return {
    packageMigrations: join(packageRoot(), 'migrations'),
    pipelineMigrations: project.migrations,
    config,
    pipeline: config.name ?? (warehouse.isInProject ? null : basename(project.root)),
    hasCoreModel: (dataset) => modelPath(project, 'core', dataset.name, dialect) !== null,
  };
}

/**
 * Applies the package's migrations, then the pipeline's, then fits the tables to the configuration: all of it in one
 * transaction, one caller at a time. A dry run does the same and rolls it back.
 */
export function migrate(
  warehouse: Warehouse,
  sources: MigrationSources,
  options: { readonly dryRun?: boolean; readonly dropRaw?: boolean } = {},
): Promise<MigrationReport> {
  return warehouse.alter(!options.dryRun, async (schema) => {
    const statements: string[] = [];
    const applied: string[] = [];
    schema.knex.on('query', ({ sql: text }: { sql: string }) => {
      if (definesSomething(text)) statements.push(text);
    });
    const run = async (statement: Sql): Promise<void> => {
      statements.push(shown(statement));
      await schema.session.execute(statement);
    };
    const folders = migrationFolders(sources.packageMigrations, sources.pipelineMigrations);
    const [own] = folders;
    if (own && (await pendingIn(schema.session, own)).length > 0) await refuseMissingRights(schema.session);
    if (!(await schemaNames(schema.session)).has('meta')) await run(raw('CREATE SCHEMA meta'));
    for (const folder of folders) applied.push(...(await applyFolder(schema, folder)));
    const { datasets } = sources.config;
    const claims = await claimTables(schema.session, sources.pipeline, datasets.values());
    const plan = await planTables(schema.session, datasets.values(), sources.hasCoreModel);
    await carryOut(schema.session, [...plan.statements, ...claims], (statement) =>
      statements.push(shown(statement)),
    );
    if (options.dropRaw && (await schemaNames(schema.session)).has('raw'))
      await run(raw('DROP SCHEMA raw CASCADE'));
    await rememberFingerprint(schema.session, sources);
    return { applied, statements, warnings: plan.warnings };
  });
}

/** Names of pending migrations, then the statements that fitting the tables to the configuration takes. */
export function pendingMigrations(warehouse: Warehouse, sources: MigrationSources): Promise<string[]> {
  return warehouse.read(async (session) => {
    const pending: string[] = [];
    for (const folder of migrationFolders(sources.packageMigrations, sources.pipelineMigrations)) {
      pending.push(...(await pendingIn(session, folder)));
    }
    if (pending.length > 0 || (await isReconciled(session, sources))) return pending;
    const { datasets } = sources.config;
    const claims = await claimTables(session, sources.pipeline, datasets.values());
    const plan = await planTables(session, datasets.values(), sources.hasCoreModel);
    return [...plan.statements, ...claims].map(shown);
  });
}

/**
 * Makes sure that a step finds its tables: applies what is pending where the warehouse is the pipeline's own, else
 * throws `migration-pending`. Answers warnings.
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

/** Errors that say that tables or migrations do not fit, not that the warehouse cannot be reached or read. */
const MISFITS: ReadonlySet<string> = new Set([
  'bad-config',
  'migration-needed',
  'migration-pending',
  'statement-failed',
]);

/**
 * Like `prepareWarehouse`, for what only reads: where the tables do not fit the configuration, or a migration of the
 * pipeline fails, that becomes a warning, as long as the log tables are those that this program knows.
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
  // We alone change the schema: a lock of Knex's that still stands belongs to a process that was killed.
  await schema.knex.migrate.forceFreeMigrationsLock(options);
  if (pending.length > 0) await schema.knex.migrate.latest(options).catch((error) => failed(pending, error));
  return pending;
}

/** Knex does not say which of several migrations failed in a way that can be read. */
function failed(pending: readonly string[], error: Error): never {
  const known = [error, error.cause].find((each) => each instanceof TidemarkError);
  throw new TidemarkError(known?.code ?? 'statement-failed', {
    message: `A migration failed, and none was applied (${pending.join(', ')}): ${error.message}`,
    hint:
      known === undefined || known.code === 'statement-failed'
        ? 'Fix the migration and run `tidemark migrate` again.'
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

function shown(statement: Sql): string {
  return statement.text.replace(/\$(\d+)/g, (_, n) => `'${statement.values[Number(n) - 1]}'`);
}

async function schemaNames(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT nspname AS name FROM pg_catalog.pg_namespace`,
  );
  return new Set(rows.map((row) => row.name));
}

function fingerprint(sources: MigrationSources): string {
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
    sources.hasCoreModel(dataset),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([sources.pipeline, datasets]))
    .digest('hex');
}

async function isReconciled(session: Session, sources: MigrationSources): Promise<boolean> {
  const rows = await session.query(
    sql`SELECT 1 AS there FROM meta.reconciled WHERE fingerprint = ${fingerprint(sources)}`,
  );
  return rows.length > 0;
}

/** Of the last configuration alone: after a change and back the tables are looked at again. */
async function rememberFingerprint(session: Session, sources: MigrationSources): Promise<void> {
  await session.execute(sql`DELETE FROM meta.reconciled`);
  const now = new Date().toISOString().replace('Z', '');
  await session.execute(
    sql`INSERT INTO meta.reconciled (fingerprint, reconciled_at) VALUES (${fingerprint(sources)}, CAST(${now} AS TIMESTAMP))`,
  );
}
