import { CommanderError } from 'commander';
import { stepResult } from '../domain/result.ts';
import { interruptedResult, resultOfError } from '../pipeline/attempt.ts';
import type { Environment } from '../pipeline/caller.ts';
import type { Outcome } from './command.ts';
import { COMMANDS } from './commands.ts';
import { buildProgram } from './program.ts';
import { reportOutcome } from './report-outcome.ts';
import type { Streams } from './streams.ts';

/**
 * How long an interrupted call may take to roll back before its result is returned; an open transaction ends with its
 * process.
 */
const ROLLBACK_WITHIN_MS = 5000;

/** One call of the program, with everything that it uses of the process around it. */
export interface ProgramCall {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Absolute path of the folder that relative paths among the words start from. */
  readonly calledFrom: string;
  readonly environment: Environment;
  readonly streams: Streams;
  /** Aborted with an `Interruption`: the call rolls back and returns that it was interrupted. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at a landed file that may still be growing; the gate's own by default. */
  readonly betweenLooksMs?: number;
}

/**
 * Runs one command to its end, writes its result to the streams and returns the exit code of the contract. It reads and
 * changes nothing of the process except what the call passes in, and it closes the warehouse, so that any number of
 * calls may follow.
 */
export async function runProgram(asked: ProgramCall): Promise<number> {
  const { argv, signal, streams } = asked;
  const errors: unknown[] = [];
  let runId = givenRunId(argv);
  const called = call(asked, errors, (id) => {
    runId = id;
  });
  const patience = outOfPatience(signal);
  const settled = await Promise.race([called, patience.ended]);
  patience.stop();
  const outcome = signal.aborted ? asInterrupted(settled, signal, argv) : settled;
  if (outcome === null) return 0;
  const how = { wantsJson: argv.includes('--json'), verbose: argv.includes('--verbose'), runId, errors };
  reportOutcome(streams, outcome, how);
  return outcome.result.exitCode;
}

/** The run id that the caller gave, for results of calls that could not be parsed. */
function givenRunId(argv: readonly string[]): string {
  const at = argv.indexOf('--run-id');
  const joined = argv.find((word) => word.startsWith('--run-id='));
  return (at >= 0 ? argv[at + 1] : joined?.slice('--run-id='.length)) ?? '';
}

async function call(
  { argv, ...around }: ProgramCall,
  errors: unknown[],
  onRunId: (id: string) => void,
): Promise<Outcome | null> {
  let outcome: Outcome | null = null;
  const program = buildProgram({
    ...around,
    onError: (error) => errors.push(error),
    onRunId,
    onOutcome: (answered) => {
      outcome = answered;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    return failedCall(error, argv, errors);
  }
  return outcome;
}

function failedCall(error: unknown, argv: readonly string[], errors: unknown[]): Outcome | null {
  const step = commandIn(argv);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return null;
    const message =
      error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /, '');
    const hint =
      error.code === 'commander.help'
        ? 'Run `tidemark --help` for the list.'
        : `Run \`tidemark ${step === 'tidemark' ? '' : `${step} `}--help\`.`;
    return { result: stepResult({ step, status: 'usage', message, hint }) };
  }
  errors.push(error);
  return { result: resultOfError(error, { step, dataset: null, period: null }) };
}

/** The command that was called, as far as it is known; `tidemark` where there was none. */
function commandIn(argv: readonly string[]): string {
  const called = COMMANDS.find(({ name, group }) =>
    group === undefined ? argv.includes(name) : argv.includes(group) && argv.includes(name),
  );
  return called === undefined ? 'tidemark' : [called.group, called.name].filter(Boolean).join(' ');
}

/** Resolves to null some time after the signal was aborted. */
function outOfPatience(signal: AbortSignal): { readonly ended: Promise<null>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let begin: () => void = () => {};
  const ended = new Promise<null>((resolve) => {
    begin = () => {
      timer = setTimeout(resolve, ROLLBACK_WITHIN_MS, null);
    };
  });
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    ended,
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', begin);
    },
  };
}

/** Work that was done before the signal stays done; everything else is reported as an interruption. */
function asInterrupted(settled: Outcome | null, signal: AbortSignal, argv: readonly string[]): Outcome {
  const before = settled?.result;
  if (settled && before?.exitCode === 0) return settled;
  const step = before?.step ?? commandIn(argv);
  const about = { step, dataset: before?.dataset ?? null, period: before?.period ?? null };
  return { result: { ...interruptedResult(signal, about), results: before?.results ?? [] } };
}
