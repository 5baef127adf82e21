import { type Status, type StepResult, stepResult } from '../domain/result.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';

const STATUS_OF: Record<number, Status> = { 1: 'failed', 2: 'usage', 3: 'refused', 4: 'blocked', 5: 'retry' };

/**
 * The error of one unit as its result, so that a call with several units can continue. Any other error than a
 * TidemarkError is thrown again.
 */
export function unitOfError(
  step: string,
  error: unknown,
  unit: { readonly dataset: string | null; readonly period: string | null; readonly slice?: string | null },
): StepResult {
  if (!(error instanceof TidemarkError)) throw error;
  return stepResult({
    step,
    status: STATUS_OF[error.exitCode] ?? 'failed',
    dataset: error.where.dataset ?? unit.dataset,
    period: error.where.period ?? unit.period,
    slice: unit.slice ?? null,
    message: error.said,
    hint: error.hint,
  });
}
