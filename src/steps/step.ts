import type { Config } from '../config/config.ts';
import type { Project } from '../lake/project.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** What people and log files are told while a step works; never the result. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  /** Only with --verbose. */
  detail(message: string, fields?: Record<string, unknown>): void;
  /** A unit of a longer work begins; shown as progress where a person looks on. */
  progress(message: string): void;
}

/** Everything a step may reach; it reads no argv, no environment and no clock of its own. */
export interface StepContext {
  readonly project: Project;
  readonly config: Config;
  readonly warehouse: Warehouse;
  readonly runId: string;
  readonly clock: () => Date;
  readonly log: Log;
  /** All reads and checks, and counts computed; nothing under the project or in the warehouse changes. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at a file in data/landed that may still be growing. */
  readonly betweenLooksMs: number;
  readonly version: string;
}
