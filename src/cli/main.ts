import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { stepResult } from '../domain/result.ts';
import { resultJson } from '../domain/result-json.ts';
import { Interruption } from '../errors/interruption.ts';
import { asTidemarkError, interruptedResult, resultOfError } from '../pipeline/attempt.ts';
import type { Outcome } from './command.ts';
import { COMMANDS } from './commands.ts';
import { buildProgram } from './program.ts';
import { renderProblem, renderResult } from './render-result.ts';

/** How long an interrupted call may take to roll back before the process ends; an open transaction ends with it. */
const ROLLBACK_WITHIN_MS = 5000;

/** What is written in clear is nobody else's to read. The engine sets no mode of its own on the warehouse and its log. */
const NOT_FOR_OTHERS = 0o027;

/** The program: reads argv, runs one command, writes its result, ends the process with the contract's exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  process.umask(process.umask() | NOT_FOR_OTHERS);
  const wantsJson = argv.includes('--json');
  const verbose = argv.includes('--verbose');
  const aborter = new AbortController();
  const errors: unknown[] = [];
  let runId = givenRunId(argv);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1));
  const interrupted = interruption(aborter);
  const called = call(argv, aborter.signal, errors, (id) => {
    runId = id;
  });
  const settled = await Promise.race([called, interrupted.then(outOfPatience)]);
  const outcome = aborter.signal.aborted ? asInterrupted(settled, aborter.signal, argv) : settled;
  if (outcome === null) return endProcess(0);
  report(outcome, { wantsJson, verbose, runId, errors });
  return endProcess(outcome.result.exitCode);
}

/** What the caller named the run, for results of calls that were never understood. */
function givenRunId(argv: readonly string[]): string {
  const at = argv.indexOf('--run-id');
  const joined = argv.find((word) => word.startsWith('--run-id='));
  return (at >= 0 ? argv[at + 1] : joined?.slice('--run-id='.length)) ?? '';
}

type Call = Promise<Outcome | null>;

async function call(
  argv: readonly string[],
  signal: AbortSignal,
  errors: unknown[],
  onRunId: (id: string) => void,
): Call {
  let outcome: Outcome | null = null;
  const program = buildProgram({
    streams: { stdout: process.stdout, stderr: process.stderr },
    environment: process.env,
    signal,
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

/** The command that was called, as far as it can be told; `tidemark` where none was. */
function commandIn(argv: readonly string[]): string {
  const called = COMMANDS.find(({ name, group }) =>
    group === undefined ? argv.includes(name) : argv.includes(group) && argv.includes(name),
  );
  return called === undefined ? 'tidemark' : [called.group, called.name].filter(Boolean).join(' ');
}

function interruption(aborter: AbortController): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        aborter.abort(new Interruption(128 + constants.signals[name]));
        resolve();
      });
    }
  });
}

function outOfPatience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ROLLBACK_WITHIN_MS, null));
}

/** What was done before the signal came stays done; everything else is told as the interruption it is. */
function asInterrupted(settled: Outcome | null, signal: AbortSignal, argv: readonly string[]): Outcome {
  const before = settled?.result;
  if (settled && before?.exitCode === 0) return settled;
  const step = before?.step ?? commandIn(argv);
  const about = { step, dataset: before?.dataset ?? null, period: before?.period ?? null };
  return { result: { ...interruptedResult(signal, about), results: before?.results ?? [] } };
}

function report(
  outcome: Outcome,
  how: { wantsJson: boolean; verbose: boolean; runId: string; errors: readonly unknown[] },
): void {
  const { result } = outcome;
  const failed = result.exitCode !== 0;
  if (failed || result.results.some((unit) => unit.exitCode !== 0))
    process.stderr.write(renderProblem(result));
  if (how.verbose || result.exitCode === 1) {
    for (const error of how.errors) process.stderr.write(`${stackOf(error)}\n`);
  }
  if (how.wantsJson)
    process.stdout.write(`${JSON.stringify(resultJson(result, how.runId, outcome.details))}\n`);
  else if (outcome.text !== undefined) process.stdout.write(outcome.text);
  else if (!failed || result.results.length > 0) process.stdout.write(renderResult(result));
}

function stackOf(error: unknown): string {
  const known = asTidemarkError(error);
  const cause =
    known.cause instanceof Error ? `\n  caused by ${known.cause.stack ?? known.cause.message}` : '';
  return `${known.stack ?? known.message}${cause}`;
}

/** Ends when both streams have taken everything, so that no line is lost in a pipe. */
function endProcess(code: number): Promise<never> {
  return new Promise(() => {
    process.stderr.write('', () => process.stdout.write('', () => process.exit(code)));
  });
}
