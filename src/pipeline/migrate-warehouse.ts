import { type StepResult, stepResult } from '../domain/result.ts';
import { migrate, migrationSources } from '../warehouse/migrate/migrate.ts';
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

/** Prepares the warehouse: migrations, then the tables of every dataset. The call is logged where it did something. */
export async function migrateWarehouse(
  caller: Caller,
  { dropRaw }: { readonly dropRaw: boolean },
): Promise<MigrateOutcome> {
  const { dryRun } = caller;
  const startedAt = caller.clock();
  const warehouse = warehouseOf(caller);
  try {
    const sources = migrationSources(caller.project, caller.config, warehouse);
    const { applied, statements, warnings } = await migrate(warehouse, sources, { dryRun, dropRaw });
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
