import type { Config } from '../config/config.ts';
import { isRecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { migrate, migrationSources } from '../warehouse/migrate/migrate.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Caller } from './caller.ts';
import { logCall } from './log-call.ts';
import { warehouseOf } from './open-for-call.ts';

export interface MigrateOutcome {
  readonly result: StepResult;
  /** Names of the migrations, and what was done to tables. */
  readonly applied: readonly string[];
  /** What a dry run would execute. */
  readonly statements: readonly string[];
  /** The warehouse, without a password. */
  readonly warehouse: string;
}

/**
 * Prepares the warehouse: migrations, then the tables of every dataset, then the rights of the role of scripts, if one is given.
 * The call is logged where it did something.
 */
export async function migrateWarehouse(
  caller: Caller,
  { dropRaw, grantScripts }: { readonly dropRaw: boolean; readonly grantScripts: string | null },
): Promise<MigrateOutcome> {
  const { dryRun } = caller;
  const startedAt = caller.clock();
  const warehouse = warehouseOf(caller);
  try {
    if (grantScripts !== null) refuseGrants(warehouse, caller.config);
    const sources = migrationSources(caller.project, caller.config, warehouse);
    const { applied, statements, warnings } = await migrate(warehouse, sources, {
      dryRun,
      dropRaw,
      grantScripts,
    });
    for (const warning of warnings) caller.log.warn(warning);
    const nothing = applied.length === 0 && statements.length === 0;
    const message = nothing
      ? 'The warehouse is up to date.'
      : dryRun
        ? 'This would be done.'
        : 'The warehouse is prepared.';
    const result = stepResult({ step: 'migrate', status: nothing ? 'skipped' : 'done', message });
    if (!dryRun && !nothing) await logCall(caller, warehouse, startedAt, result);
    return { result, applied, statements, warehouse: warehouse.displayName };
  } finally {
    await warehouse.close();
  }
}

/** Throws `usage` where there are no rights to grant, or no tables to grant them on. */
function refuseGrants({ capabilities, displayName }: Warehouse, { datasets }: Config): void {
  if (!capabilities.grantsRights) {
    throw new TidemarkError('usage', {
      message: `${displayName} is a file, and has no roles: whoever may write the file may change everything in it.`,
      hint: words`Let scripts call ${command('records submit')}, or move the pipeline to PostgreSQL, where rights can be granted.`,
    });
  }
  if (![...datasets.values()].some(isRecordsDataset)) {
    throw new TidemarkError('usage', {
      message: 'No dataset takes records, so there is nothing that a script could write to.',
      hint: 'Give a dataset source: {records: {}} in datasets_config.yml.',
    });
  }
}
