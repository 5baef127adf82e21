import type { Command } from 'commander';
import type { StepResult } from '../domain/result.ts';
import type { App } from './app.ts';

/** What a command returns: the result for machines and, where the plain lines are not enough, a text for people. */
export interface Outcome {
  readonly result: StepResult;
  readonly text?: string;
  /** More data for machines, as `details` of the JSON line. */
  readonly details?: unknown;
}

/** One command: its name, its flags, and its work. */
export interface CommandSpec<Options = Record<string, unknown>> {
  readonly name: string;
  readonly summary: string;
  /** Name of the group, for a command such as `config check`. */
  readonly group?: string;
  configure(command: Command): Command;
  run(app: App, options: Options, args: readonly string[]): Promise<Outcome>;
}
