import { type Status, type StepResult, stepResult } from '../domain/result.ts';
import { resultJson } from '../domain/result-json.ts';
import { Interruption } from '../errors/interruption.ts';
import type { ErrorPlace } from '../errors/tidemark-error.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { startRecord } from '../lake/run-records.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { StepContext } from '../steps/step.ts';

export interface About {
  readonly step: string;
  readonly dataset: string | null;
  readonly period: string | null;
}

/** What an attempt needs besides the step's own context. */
export interface Surroundings {
  readonly ctx: StepContext;
  /** Null where nobody follows the data. */
  readonly lineage: Lineage | null;
  /** Called with every error that became a result, so that a stack can be shown where it helps. */
  readonly onError: (error: unknown) => void;
}

const STATUS_OF: Record<number, Status> = { 1: 'failed', 2: 'usage', 3: 'refused', 4: 'blocked', 5: 'retry' };

/**
 * Runs one step once: its record under data/runs, lineage events, and every error turned into a result. Nothing is
 * thrown. A record or an event that cannot be written never fails the step.
 */
export async function attempt(
  around: Surroundings,
  about: About,
  work: () => Promise<StepResult>,
): Promise<StepResult> {
  const { ctx } = around;
  const record = ctx.dryRun ? null : beginRecord(ctx, about);
  around.lineage?.begin(about);
  let result: StepResult;
  try {
    result = await work();
  } catch (error) {
    // The database may describe a statement that was cut off in any words.
    if (!ctx.signal.aborted) around.onError(error);
    result = ctx.signal.aborted ? interruptedResult(ctx.signal, about) : resultOfError(error, about);
  }
  const json = resultJson(result, ctx.runId, ctx.write);
  try {
    record?.finish(result.status, result.exitCode, json, ctx.clock());
  } catch (error) {
    ctx.log.warn(`The record of this attempt could not be written: ${(error as Error).message}`);
  }
  await around.lineage?.end(result, json['message'] as string | null);
  return result;
}

function beginRecord(ctx: StepContext, about: About): ReturnType<typeof startRecord> | null {
  try {
    return startRecord(ctx.project, { runId: ctx.runId, ...about }, ctx.clock());
  } catch (error) {
    ctx.log.warn(`The record of this attempt could not be written: ${(error as Error).message}`);
    return null;
  }
}

/** The result of a call that was interrupted before its work was done. */
export function interruptedResult(signal: AbortSignal, about: About): StepResult {
  const { reason } = signal as { reason: unknown };
  return stepResult({
    ...about,
    status: 'interrupted',
    ...(reason instanceof Interruption ? { exitCode: reason.exitCode } : {}),
    message: 'Interrupted; what was not finished was rolled back.',
    hint: 'Run the same command again.',
  });
}

/** An error as a result: its code decides status and exit code; an unknown error is a defect of the program (1). */
export function resultOfError(error: unknown, about: About): StepResult {
  const known = asTidemarkError(error);
  const where: ErrorPlace = known.where;
  return stepResult({
    step: about.step,
    status: STATUS_OF[known.exitCode] ?? 'failed',
    dataset: where.dataset ?? about.dataset,
    period: where.period ?? about.period,
    message: known.said,
    hint: known.hint,
  });
}

export function asTidemarkError(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return new TidemarkError('disk-full', {
      message: 'The disk is full; nothing was changed.',
      cause: error,
    });
  }
  return new TidemarkError('internal', { message: `Unexpected: ${message}`, cause: error });
}
