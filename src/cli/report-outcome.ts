import { resultJson } from '../domain/result-json.ts';
import { writtenBy } from '../errors/advice.ts';
import { asTidemarkError } from '../pipeline/attempt.ts';
import type { Outcome } from './command.ts';
import { renderProblem, renderResult } from './render-result.ts';
import type { Streams } from './streams.ts';
import { writeWords } from './write-words.ts';

/** How the outcome of a call is reported: as its flags ask, with its errors. */
interface Manner {
  readonly wantsJson: boolean;
  readonly verbose: boolean;
  readonly runId: string;
  readonly errors: readonly unknown[];
}

/** Problems go to stderr, the result to stdout, and the JSON line is written last. */
export function reportOutcome(streams: Streams, outcome: Outcome, how: Manner): void {
  const { stdout, stderr } = streams;
  const { result } = outcome;
  const failed = result.exitCode !== 0;
  if (failed || result.results.some((unit) => unit.exitCode !== 0)) stderr.write(renderProblem(result));
  if (how.verbose || result.exitCode === 1) {
    for (const error of how.errors) stderr.write(`${stackOf(error)}\n`);
  }
  if (how.wantsJson) stdout.write(`${jsonLine(outcome, how.runId)}\n`);
  else if (outcome.text !== undefined) stdout.write(outcome.text);
  else if (!failed || result.results.length > 0) stdout.write(renderResult(result));
}

function jsonLine({ result, details }: Outcome, runId: string): string {
  return JSON.stringify(resultJson(result, runId, writeWords, details), writtenBy(writeWords));
}

function stackOf(error: unknown): string {
  const known = asTidemarkError(error);
  const cause =
    known.cause instanceof Error ? `\n  caused by ${known.cause.stack ?? known.cause.message}` : '';
  return `${known.stack ?? known.message}${cause}`;
}
