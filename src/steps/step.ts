import type { Config } from '../config/config.ts';
import type { Touched } from '../domain/place.ts';
import type { WriteWords } from '../errors/advice.ts';
import type { Project } from '../lake/project.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** What people and log files are told while a step works; never the result. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  /** Only with --verbose. */
  detail(message: string, fields?: Record<string, unknown>): void;
  /** A part of a longer work begins; shown as progress where a person watches. */
  progress(message: string): void;
}

/** Everything that a step may use; it never reads argv, environment or clock itself. */
export interface StepContext {
  readonly project: Project;
  readonly config: Config;
  readonly warehouse: Warehouse;
  readonly runId: string;
  readonly clock: () => Date;
  readonly log: Log;
  /** How commands are written in what is kept of the call: answers, findings, warnings. */
  readonly write: WriteWords;
  /** Everything is read and checked, and counts are computed; nothing under the project or in the warehouse changes. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at a file in data/landed that may still be growing. */
  readonly betweenLooksMs: number;
  readonly version: string;
  /** Told what the step reads and writes, where somebody follows the data. */
  readonly touched?: Touched;
}
