import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import { sliceText } from '../domain/slice.ts';
import { words } from '../errors/advice.ts';
import { validate } from '../steps/validate.ts';
import { attempt, type Surroundings } from './attempt.ts';
import type { DueDeliveries, DueDelivery } from './due-deliveries.ts';

/** Validates what is due, oldest first; of a slice's deliveries the newest one's outcome counts, the others are told. */
export async function takeDue(
  around: Surroundings,
  dataset: Dataset,
  period: Period,
  due: DueDeliveries,
): Promise<StepResult[]> {
  const { ctx } = around;
  const results: StepResult[] = [];
  for (const delivery of due.toValidate) {
    ctx.signal.throwIfAborted();
    const about = { step: 'validate', dataset: dataset.name, period: period.text };
    const result = await attempt(around, about, () => validate(ctx, { fileId: delivery.fileId }));
    results.push(forgive(result, delivery));
  }
  return results;
}

/** By slice, and oldest first, so that a repeat reports what it found done in the order of the first call. */
export function inOrder(results: readonly StepResult[]): StepResult[] {
  const slice = (one: StepResult) => one.slice ?? '';
  return [...results].sort((a, b) =>
    slice(a) === slice(b) ? Number(a.fileId) - Number(b.fileId) : slice(a) < slice(b) ? -1 : 1,
  );
}

/** The refusal of a delivery that a newer one has replaced is told, but does not count. */
export function forgive(result: StepResult, delivery: Omit<DueDelivery, 'path'>): StepResult {
  const own: StepResult = {
    ...result,
    fileId: result.fileId ?? delivery.fileId,
    slice: result.slice ?? (sliceText(delivery.slice) || null),
  };
  if (delivery.isNewest || own.status !== 'refused') return own;
  const why = `Delivery ${delivery.fileId} was refused and a newer one replaces it.`;
  return {
    ...own,
    status: 'skipped',
    exitCode: 0,
    message: own.message === null ? why : words`${why} ${own.message}`,
  };
}
