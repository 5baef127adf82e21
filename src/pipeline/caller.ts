import type { Config } from '../config/config.ts';
import type { WriteWords } from '../errors/advice.ts';
import type { Project } from '../lake/project.ts';
import type { Log } from '../steps/step.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Everything that a surface gives with a call. A call reads and keeps nothing else, so that one process may make any
 * number of them, for several projects too.
 */
export interface Caller {
  readonly project: Project;
  readonly config: Config;
  /** `duckdb:path`, relative to the project, or `postgres://…`. */
  readonly warehouse: string;
  /** The source of libpq's PG* variables, and of OPENLINEAGE_URL. */
  readonly environment: Environment;
  readonly lockTimeoutMs: number;
  /** Everything is read and checked; nothing under the project or in the warehouse changes. */
  readonly dryRun: boolean;
  readonly runId: string;
  readonly clock: () => Date;
  readonly log: Log;
  /** How this surface writes commands, for what is kept of the call. */
  readonly write: WriteWords;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at a landed file that may still be growing; undefined: the default of the gate. */
  readonly betweenLooksMs: number | undefined;
  readonly version: string;
  /** Called with every error that became a result, so that a stack can be shown where it helps. */
  readonly onError: (error: unknown) => void;
}

const DEFAULT_WAREHOUSE = 'duckdb:data/warehouse.duckdb';

/** The address of the warehouse: as the call names it, the environment, the configuration, or the embedded one. */
export function warehouseAddress(
  named: string | undefined,
  environment: Environment,
  config: Config,
): string {
  return named ?? (environment['DATABASE_URL'] || null) ?? config.databaseUrl ?? DEFAULT_WAREHOUSE;
}
