import {
  migrationSources,
  pendingMigrations,
  prepareForReading,
  prepareWarehouse,
} from '../warehouse/migrate/migrate.ts';
import { openWarehouse } from '../warehouse/open-warehouse.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Caller } from './caller.ts';

/** The warehouse of a call, as it is: neither opened nor prepared yet. */
export function warehouseOf(caller: Caller): Warehouse {
  return openWarehouse(caller.warehouse, {
    projectRoot: caller.project.root,
    lockTimeoutMs: caller.lockTimeoutMs,
    environment: caller.environment,
    schemas: caller.config.schemas,
    signal: caller.signal,
  });
}

/** A warehouse with the steps that come before and after the work of a call. */
export interface Opened {
  readonly warehouse: Warehouse;
  /** Applies pending migrations, or demands them; the work cannot start before. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The warehouse for one call. One that only reads continues where the tables do not fit the configuration. A dry run
 * changes nothing: migrations that an embedded warehouse still lacks are applied to a copy that is thrown away.
 */
export async function openForCall(caller: Caller, onlyReads: boolean): Promise<Opened> {
  return caller.dryRun ? rehearsal(caller) : opened(caller, onlyReads ? prepareForReading : prepareWarehouse);
}

function opened(caller: Caller, prepare: typeof prepareWarehouse): Opened {
  const warehouse = warehouseOf(caller);
  return {
    warehouse,
    async prepare() {
      const sources = migrationSources(caller.project, caller.config, warehouse);
      for (const warning of await prepare(warehouse, sources)) caller.log.warn(warning);
    },
    close: () => warehouse.close(),
  };
}

async function rehearsal(caller: Caller): Promise<Opened> {
  const real = opened(caller, prepareWarehouse);
  try {
    const sources = migrationSources(caller.project, caller.config, real.warehouse);
    const pending = await pendingMigrations(real.warehouse, sources);
    if (pending.length === 0) return { ...real, async prepare() {} };
    const copy = await real.warehouse.rehearse();
    if (copy === null) return real;
    return {
      warehouse: copy,
      prepare: async () => void (await prepareWarehouse(copy, sources)),
      async close() {
        await copy.close();
        await real.close();
      },
    };
  } catch (error) {
    await real.close();
    throw error;
  }
}
