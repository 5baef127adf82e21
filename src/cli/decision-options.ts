import type { Command } from 'commander';
import type { StepResult } from '../domain/result.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import type { App } from './app.ts';
import { usage } from './datasets.ts';
import { nonEmpty } from './options.ts';

export interface DecisionOptions {
  readonly reason?: string;
  readonly by?: string;
}

/** Who decided and why: flags of every command that carries out a decision of a person. */
export function decisionOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why; goes into the log', nonEmpty)
    .option('--by <name>', 'who decided; goes into the log', nonEmpty);
}

/** In a dry run nobody decides; the command that it proposes has placeholders for these. */
const NOBODY: WhoAndWhy = { by: 'NAME', reason: '…' };

/**
 * Returns both, or throws a usage error that names the missing flags; a dry run needs neither. `what`: the command, or
 * one of its flags.
 */
export function requireDecision(
  app: Pick<App, 'options'>,
  what: string,
  { reason, by }: DecisionOptions,
): WhoAndWhy {
  if (reason !== undefined && by !== undefined) return { by, reason };
  if (app.options.dryRun) return { by: by ?? NOBODY.by, reason: reason ?? NOBODY.reason };
  const missing = [by === undefined ? '--by' : null, reason === undefined ? '--reason' : null].filter(
    (flag) => flag !== null,
  );
  throw usage(`${what} needs ${missing.join(' and ')}.`, 'Add --by "your name" --reason "why".');
}

/** Binds the decision to a preview. */
export function seenOption(command: Command): Command {
  return command.option(
    '--seen <fingerprint>',
    'the fingerprint that the same call printed with --dry-run; if it would do anything else by now, it does nothing',
    nonEmpty,
  );
}

/** What a preview answers for the decision. */
export function seenDetails({ seen }: StepResult): { readonly details?: { readonly seen: string } } {
  return seen === undefined ? {} : { details: { seen } };
}
