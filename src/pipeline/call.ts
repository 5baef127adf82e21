import type { StepResult } from '../domain/result.ts';
import { BETWEEN_LOOKS_MS } from '../gate/arriving.ts';
import { lineageOf } from '../lineage/lineage.ts';
import type { StepContext } from '../steps/step.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type About, attempt, type Surroundings } from './attempt.ts';
import type { Caller } from './caller.ts';
import { logCall } from './log-call.ts';
import { openForCall } from './open-for-call.ts';

/**
 * One call of a step: opens and prepares the warehouse, runs the work as one attempt with its record and lineage,
 * writes the row of meta.run_log, failed or not, and closes the warehouse. A step that only reads continues where the
 * tables do not fit the configuration. Errors of the work become the result; a warehouse that cannot be addressed, or a
 * dry run that cannot look at it, is thrown.
 */
export async function call(
  caller: Caller,
  about: About,
  work: (around: Surroundings) => Promise<StepResult>,
  onlyReads = false,
): Promise<StepResult> {
  const startedAt = caller.clock();
  const opened = await openForCall(caller, onlyReads);
  try {
    const ctx = contextOf(caller, opened.warehouse);
    const lineage = lineageOf(caller.environment['OPENLINEAGE_URL'], ctx);
    const around: Surroundings = {
      ctx: lineage === null ? ctx : { ...ctx, touched: lineage },
      lineage,
      onError: caller.onError,
    };
    let isPrepared = false;
    const result = await attempt(around, about, async () => {
      await opened.prepare();
      isPrepared = true;
      return work(around);
    });
    if (isPrepared && !caller.dryRun) await logCall(caller, opened.warehouse, startedAt, result);
    return result;
  } finally {
    await opened.close();
  }
}

/** Reads something in the warehouse, prepared as for a step; the call leaves no record, log row or lineage. */
export async function readUnlogged<T>(caller: Caller, work: (ctx: StepContext) => Promise<T>): Promise<T> {
  const opened = await openForCall(caller, true);
  try {
    await opened.prepare();
    return await work(contextOf(caller, opened.warehouse));
  } finally {
    await opened.close();
  }
}

function contextOf(caller: Caller, warehouse: Warehouse): StepContext {
  const { project, config, runId, clock, log, write, dryRun, signal, betweenLooksMs, version } = caller;
  return {
    ...{ project, config, warehouse, runId, clock, log, write, dryRun, signal, version },
    betweenLooksMs: betweenLooksMs ?? BETWEEN_LOOKS_MS,
  };
}
