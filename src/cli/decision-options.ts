import type { Command } from 'commander';
import { usage } from './datasets.ts';
import { nonEmpty } from './options.ts';

export interface DecisionOptions {
  readonly reason?: string;
  readonly by?: string;
}

/** Who decided and why: flags of every command that carries out what a person decided. */
export function decisionOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why; goes into the log', nonEmpty)
    .option('--by <name>', 'who decided; goes into the log', nonEmpty);
}

/** Both, or a usage error that names what is missing. */
export function requireDecision(
  command: string,
  options: DecisionOptions,
): { readonly reason: string; readonly by: string } {
  const { reason, by } = options;
  if (reason !== undefined && by !== undefined) return { reason, by };
  const missing = [reason === undefined ? '--reason' : null, by === undefined ? '--by' : null].filter(
    (flag) => flag !== null,
  );
  throw usage(`${command} needs ${missing.join(' and ')}.`, 'Add --reason "why" --by "your name".');
}
