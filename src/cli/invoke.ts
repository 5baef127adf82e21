import type { Config } from '../config/config.ts';
import type { StepResult } from '../domain/result.ts';
import { resultJson } from '../domain/result-json.ts';
import { BETWEEN_LOOKS_MS } from '../gate/arriving.ts';
import { logInvocation } from '../ledger/runs.ts';
import { lineageOf } from '../lineage/lineage.ts';
import { attempt, type Surroundings } from '../pipeline/attempt.ts';
import type { StepContext } from '../steps/step.ts';
import {
  migrationSources,
  pendingMigrations,
  prepareForReading,
  prepareWarehouse,
} from '../warehouse/migrate/migrate.ts';
import { openWarehouse } from '../warehouse/open-warehouse.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { App } from './app.ts';

const DEFAULT_DATABASE = 'duckdb:data/warehouse.duckdb';

/** The address of the warehouse, in this order: the flag, the environment, the configuration, the embedded one. */
function databaseUrl(app: App, config: Config): string {
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
    schemas: config.schemas,
    signal: app.signal,
  });
}

/**
 * An interrupted call is still logged, through a second connection that the interruption does not stop and that waits
 * for locks only this long.
 */
const PARTING_LOCK_TIMEOUT_MS = 1000;

function openParting(app: App, config: Config): Warehouse {
  return openWarehouse(databaseUrl(app, config), {
    projectRoot: app.project.root,
    lockTimeoutMs: Math.min(app.options.lockTimeout * 1000, PARTING_LOCK_TIMEOUT_MS),
    environment: app.environment,
    schemas: config.schemas,
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
    betweenLooksMs: app.betweenLooksMs ?? BETWEEN_LOOKS_MS,
    version: app.version,
  };
}

type About = Parameters<App['invoke']>[0];

/**
 * One call of a step: prepares the warehouse, runs the work as one attempt, and logs the call, failed or not. A step
 * that only reads continues where the tables do not fit the configuration.
 */
export async function invoke(
  app: App,
  config: Config,
  about: About,
  work: (around: Surroundings) => Promise<StepResult>,
  onlyReads = false,
): Promise<StepResult> {
  const startedAt = app.clock();
  const opened = app.options.dryRun ? await rehearsal(app, config) : openedFor(app, config, onlyReads);
  try {
    const ctx = contextOf(app, config, opened.warehouse);
    const lineage = lineageOf(app.environment['OPENLINEAGE_URL'], ctx);
    const around: Surroundings = {
      ctx: lineage === null ? ctx : { ...ctx, touched: lineage },
      lineage,
      onError: app.onError,
    };
    let isPrepared = false;
    const result = await attempt(around, about, async () => {
      await opened.prepare();
      isPrepared = true;
      return work(around);
    });
    if (isPrepared && !app.options.dryRun) await logCall(app, config, opened.warehouse, startedAt, result);
    return withRunId(app, about, result);
  } finally {
    await opened.close();
  }
}

/** Steps that keep their answers. */
const DECISIONS = [
  ...['approve', 'correct', 'go-live', 'period close', 'period reopen', 'prune'],
  ...['rollback', 'unload', 'withdraw'],
];

/**
 * Where the answer was lost, the caller does not know whether the decision was made. Repeated under the same run id, it
 * is made once.
 */
function withRunId(app: App, { step }: About, result: StepResult): StepResult {
  if (result.exitCode !== 5 || app.options.runId !== undefined || !DECISIONS.includes(step)) return result;
  const hint = `${result.hint ?? 'Run the same command again.'} Add --run-id ${app.runId}, so that nothing is done twice.`;
  return { ...result, hint };
}

/** A row of meta.run_log. A failure to write it is reported and does not change the outcome. */
export async function logCall(
  app: App,
  config: Config,
  warehouse: Warehouse,
  startedAt: Date,
  result: StepResult,
): Promise<void> {
  const call = { runId: app.runId, version: app.version, startedAt, finishedAt: app.clock(), result };
  const resultText = JSON.stringify(resultJson(result, app.runId));
  const parting = app.signal.aborted ? openParting(app, config) : null;
  try {
    await (parting ?? warehouse).transaction((tx) => logInvocation(tx, { ...call, resultText }));
  } catch (error) {
    app.log.warn(`meta.run_log has no row for this call: ${(error as Error).message}`);
  } finally {
    await parting?.close();
  }
}

interface Opened {
  readonly warehouse: Warehouse;
  /** Applies pending migrations, or demands them; the work cannot start before. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

function openedFor(app: App, config: Config, onlyReads = false): Opened {
  const warehouse = openFor(app, config);
  const prepare = onlyReads ? prepareForReading : prepareWarehouse;
  return {
    warehouse,
    async prepare() {
      const sources = migrationSources(app.project, config, warehouse);
      for (const warning of await prepare(warehouse, sources)) app.log.warn(warning);
    },
    close: () => warehouse.close(),
  };
}

/**
 * A dry run changes nothing: migrations that an embedded warehouse still lacks are applied to a copy that is thrown
 * away.
 */
async function rehearsal(app: App, config: Config): Promise<Opened> {
  const opened = openedFor(app, config);
  try {
    const sources = migrationSources(app.project, config, opened.warehouse);
    const pending = await pendingMigrations(opened.warehouse, sources);
    if (pending.length === 0) return { ...opened, async prepare() {} };
    const copy = await opened.warehouse.rehearse();
    if (copy === null) return opened;
    return {
      warehouse: copy,
      prepare: async () => void (await prepareWarehouse(copy, sources)),
      async close() {
        await copy.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** A look into the warehouse: prepared as for a step, but the call is not logged. */
export async function look<T>(app: App, config: Config, work: (ctx: StepContext) => Promise<T>): Promise<T> {
  const opened = app.options.dryRun ? await rehearsal(app, config) : openedFor(app, config, true);
  try {
    await opened.prepare();
    return await work(contextOf(app, config, opened.warehouse));
  } finally {
    await opened.close();
  }
}
