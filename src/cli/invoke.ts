import type { Config } from '../config/config.ts';
import type { StepResult } from '../domain/result.ts';
import { resultJson } from '../domain/result-json.ts';
import { logInvocation } from '../ledger/runs.ts';
import { attempt, type Surroundings } from '../pipeline/attempt.ts';
import type { StepContext } from '../steps/step.ts';
import {
  type MigrationSources,
  migrationSources,
  pendingMigrations,
  prepareWarehouse,
} from '../warehouse/migrate/migrate.ts';
import { openWarehouse } from '../warehouse/open-warehouse.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { App } from './app.ts';

const DEFAULT_DATABASE = 'duckdb:data/warehouse.duckdb';

/** Which warehouse: the flag, the environment, the configuration, the embedded one; in this order. */
export function databaseUrl(app: App, config: Config): string {
  return (
    app.options.databaseUrl ??
    (app.environment['DATABASE_URL'] || null) ??
    config.databaseUrl ??
    DEFAULT_DATABASE
  );
}

export function openFor(app: App, config: Config): Warehouse {
  return openWarehouse(databaseUrl(app, config), {
    projectRoot: app.project.root,
    lockTimeoutMs: app.options.lockTimeout * 1000,
    environment: app.environment,
    signal: app.signal,
  });
}

function contextOf(app: App, config: Config, warehouse: Warehouse): StepContext {
  return {
    project: app.project,
    config,
    warehouse,
    runId: app.runId,
    clock: app.clock,
    log: app.log,
    dryRun: app.options.dryRun ?? false,
    signal: app.signal,
    version: app.version,
  };
}

type About = Parameters<App['invoke']>[0];

/** One call of a step: opens and prepares the warehouse, runs the work as an attempt, and logs the call, failed or not. */
export async function invoke(
  app: App,
  config: Config,
  about: About,
  work: (around: Surroundings) => Promise<StepResult>,
): Promise<StepResult> {
  const startedAt = app.clock();
  const opened = await prepared(app, config);
  try {
    const ctx = contextOf(app, config, opened.warehouse);
    const around: Surroundings = {
      ctx,
      lineageUrl: app.environment['OPENLINEAGE_URL'],
      onError: app.onError,
    };
    const result = await attempt(around, about, () => work(around));
    if (!ctx.dryRun) await logCall(app, opened.warehouse, startedAt, result);
    return result;
  } finally {
    await opened.close();
  }
}

async function logCall(app: App, warehouse: Warehouse, startedAt: Date, result: StepResult): Promise<void> {
  const resultText = JSON.stringify(resultJson(result, app.runId));
  try {
    await warehouse.transaction((tx) =>
      logInvocation(tx, {
        runId: app.runId,
        version: app.version,
        startedAt,
        finishedAt: app.clock(),
        result,
        resultText,
      }),
    );
  } catch (error) {
    app.log.warn(`meta.run_log has no row for this call: ${(error as Error).message}`);
  }
}

interface Opened {
  readonly warehouse: Warehouse;
  close(): Promise<void>;
}

async function prepared(app: App, config: Config): Promise<Opened> {
  const warehouse = openFor(app, config);
  try {
    const sources = migrationSources(app.project, config, warehouse);
    if (app.options.dryRun) return await rehearsal(warehouse, sources);
    for (const warning of await prepareWarehouse(warehouse, sources)) app.log.warn(warning);
    return { warehouse, close: () => warehouse.close() };
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

/** A dry run changes nothing, so what an embedded warehouse still lacks is prepared in a copy that is thrown away. */
async function rehearsal(warehouse: Warehouse, sources: MigrationSources): Promise<Opened> {
  const pending = await pendingMigrations(warehouse, sources);
  if (pending.length === 0) return { warehouse, close: () => warehouse.close() };
  const copy = await warehouse.rehearse();
  if (copy === null) await prepareWarehouse(warehouse, sources);
  else await prepareWarehouse(copy, sources);
  return {
    warehouse: copy ?? warehouse,
    async close() {
      await copy?.close();
      await warehouse.close();
    },
  };
}

/** A look into the warehouse: prepared like for a step, but the call is not logged. */
export async function look<T>(app: App, config: Config, work: (ctx: StepContext) => Promise<T>): Promise<T> {
  const opened = await prepared(app, config);
  try {
    return await work(contextOf(app, config, opened.warehouse));
  } finally {
    await opened.close();
  }
}
