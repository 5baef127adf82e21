import type { StepResult } from '../domain/result.ts';
import { resultJson } from '../domain/result-json.ts';
import { logInvocation } from '../ledger/runs.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Caller } from './caller.ts';
import { warehouseOf } from './open-for-call.ts';

/**
 * An interrupted call is still logged, through a second connection that the interruption does not stop and that waits
 * for locks only this long.
 */
const PARTING_LOCK_TIMEOUT_MS = 1000;

/** A row of meta.run_log. A failure to write it is reported and does not change the outcome. */
export async function logCall(
  caller: Caller,
  warehouse: Warehouse,
  startedAt: Date,
  result: StepResult,
): Promise<void> {
  const { runId, version, write } = caller;
  const resultText = JSON.stringify(resultJson(result, runId, write));
  const call = { runId, version, startedAt, finishedAt: caller.clock(), result, resultText, write };
  const parting = caller.signal.aborted ? partingWarehouse(caller) : null;
  try {
    await (parting ?? warehouse).transaction((tx) => logInvocation(tx, call));
  } catch (error) {
    caller.log.warn(`meta.run_log has no row for this call: ${(error as Error).message}`);
  } finally {
    await parting?.close();
  }
}

function partingWarehouse(caller: Caller): Warehouse {
  const lockTimeoutMs = Math.min(caller.lockTimeoutMs, PARTING_LOCK_TIMEOUT_MS);
  return warehouseOf({ ...caller, lockTimeoutMs, signal: new AbortController().signal });
}
