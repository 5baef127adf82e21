import type { WriteWords } from '../errors/advice.ts';
import type { StepResult } from './result.ts';

/** The result as the orchestrator reads it: `tidemark.result.v1`, members in this order, unknown values null. */
export function resultJson(
  result: StepResult,
  runId: string,
  write: WriteWords,
  details?: unknown,
): Record<string, unknown> {
  return {
    schema: 'tidemark.result.v1',
    ...members(result, runId, write),
    results: result.results.map((unit) => ({ ...members(unit, runId, write), results: [] })),
    ...(details === undefined ? {} : { details }),
  };
}

function members(result: StepResult, runId: string, write: WriteWords): Record<string, unknown> {
  const written = (said: StepResult['message']) => (said === null ? null : write(said));
  return {
    step: result.step,
    status: result.status,
    exit_code: result.exitCode,
    run_id: runId || null,
    dataset: result.dataset,
    period: result.period,
    ...(result.slice ? { slice: result.slice } : {}),
    file_id: result.fileId,
    rows: result.rows,
    ...(result.records === undefined ? {} : { records: result.records }),
    ...(result.batchId === undefined ? {} : { batch_id: result.batchId }),
    outputs: result.outputs,
    findings: result.findings,
    message: written(result.message),
    hint: written(result.hint),
  };
}
