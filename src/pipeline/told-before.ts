import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import { parseSlice, type SliceFilter, sliceMatches } from '../domain/slice.ts';
import { deliveriesOf, newestDelivery } from '../ledger/deliveries.ts';
import { doneToFiles } from '../ledger/done-by-run.ts';
import type { StepContext } from '../steps/step.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { forgive } from './take-due.ts';

/**
 * What this very run validated of a dataset and period before, when its answer was lost or it ended half-way; oldest first.
 * Withdrawn deliveries are none of it, and neither are those of `again`, which it validates once more.
 */
export async function toldBefore(
  session: Session,
  ctx: StepContext,
  of: { readonly dataset: Dataset; readonly period: Period; readonly slice: SliceFilter | null },
  again: readonly { readonly fileId: number }[],
): Promise<StepResult[]> {
  if (ctx.dryRun) return [];
  const { dataset, period, slice } = of;
  const done = await doneToFiles(session, { runId: ctx.runId, step: 'validate' });
  const results = [...done.values()].filter(
    (one) => one.dataset === dataset.name && one.period === period.text,
  );
  const targets = [...new Set(results.map((one) => one.slice ?? ''))].sort();
  const found: StepResult[] = [];
  for (const text of targets.filter((one) => sliceMatches(parseSlice(one), slice ?? new Map()))) {
    const target = { dataset: dataset.name, period: period.text, slice: text };
    const counting = (await deliveriesOf(session, target)).filter((one) => one.status !== 'withdrawn');
    const newest = await newestDelivery(session, target);
    for (const { fileId } of counting) {
      const result = done.get(fileId);
      if (result === undefined || again.some((one) => one.fileId === fileId)) continue;
      found.push(forgive(result, { fileId, slice: parseSlice(text), isNewest: fileId === newest?.fileId }));
    }
  }
  return found;
}
