import type { StepResult } from '../domain/result.ts';
import { options, words } from '../errors/advice.ts';
import type { About, Surroundings } from '../pipeline/attempt.ts';
import { call } from '../pipeline/call.ts';
import type { Caller } from '../pipeline/caller.ts';
import type { CommonOptions } from './options.ts';

/** One call of a step, as a command makes it. */
export async function invoke(
  flags: CommonOptions,
  caller: Caller,
  about: About,
  work: (around: Surroundings) => Promise<StepResult>,
  onlyReads = false,
): Promise<StepResult> {
  const result = await call(caller, about, work, onlyReads);
  return flags.runId === undefined ? withRunId(caller, about, result) : result;
}

/** Steps that keep their answers. */
const DECISIONS = [
  ...['approve', 'correct', 'go-live', 'period close', 'period reopen', 'prune'],
  ...['rollback', 'unload', 'withdraw'],
];

/**
 * Where the answer was lost, the caller does not know whether the decision was made. Repeated under the same run id, it
 * is made once.
 */
function withRunId({ runId }: Caller, { step }: About, result: StepResult): StepResult {
  if (result.exitCode !== 5 || !DECISIONS.includes(step)) return result;
  const first = result.hint ?? 'Run the same command again.';
  return { ...result, hint: words`${first} Add ${options({ runId })}, so that nothing is done twice.` };
}
