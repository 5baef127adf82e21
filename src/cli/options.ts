import { type Command, InvalidArgumentError } from 'commander';
import { type Period, parsePeriod } from '../domain/period.ts';
import type { SliceFilter } from '../domain/slice.ts';

/** The flags every command takes. */
export interface CommonOptions {
  readonly project: string;
  readonly config?: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
  readonly logFormat: 'text' | 'json';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly runId?: string;
  /** Seconds. */
  readonly lockTimeout: number;
}

export function addCommonOptions(command: Command): Command {
  return command
    .optionsGroup('Everywhere:')
    .option('--project <dir>', "the pipeline's folder", '.')
    .option('--config <file>', 'the configuration, if it is not datasets_config.yml in the project')
    .option('--database-url <url>', 'the warehouse: duckdb:path or postgres://…')
    .option('--json', 'the last line of stdout is the result as one JSON object')
    .option('--log-format <format>', 'log lines as text or json', choice('text', 'json'), 'text')
    .option('--quiet', 'no log lines, only the result and errors')
    .option('--verbose', 'more log lines, and stacks of errors')
    .option('--no-color', 'no colours (the variable NO_COLOR does the same)')
    .option('--yes', 'do not ask questions')
    .option('--dry-run', 'all reads and checks, but nothing is changed')
    .option(
      '--run-id <id>',
      "the orchestrator's name for this run; the same call made again under it goes on with what is left, and answers with what the run did before",
      nonEmpty,
    )
    .option('--lock-timeout <seconds>', 'how long to wait for a lock', seconds, 60);
}

export function choice(...allowed: string[]) {
  return (text: string): string => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return text;
  };
}

export function nonEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Give seconds, such as 60.');
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

export function rowNumber(text: string): number {
  const row = wholeNumber(text);
  if (row === 0) throw new InvalidArgumentError('The first row is 1.');
  return row;
}

export function periodOption(text: string): Period {
  const period = parsePeriod(text);
  if (!period) throw new InvalidArgumentError('Write 2025-06, 2025-Q2 or 2025.');
  return period;
}

/** `--slice board=AQA --slice level=gcse`, collected into one map; a name given twice asks for either value. */
export function sliceOption(text: string, before: SliceFilter = new Map()): SliceFilter {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  const earlier = before.get(name);
  return new Map([...before, [name, earlier === undefined ? value : [earlier, value].flat()]]);
}

export function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(text)];
}

export function gatherNumbers(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, wholeNumber(text)];
}
