import { grouped } from '../domain/count.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import type { Promotion } from '../promotion/promote.ts';

/** One promotion, or why there was none, as the result of its unit. */
export function resultOf({ load, counts, promotionId, waits }: Promotion): StepResult {
  const about = {
    step: 'transform',
    dataset: load.dataset,
    period: load.period,
    slice: load.slice || null,
    fileId: load.fileId,
  };
  if (counts === null) {
    return stepResult({ ...about, status: 'skipped', message: 'Already promoted; nothing to do.' });
  }
  const { scope: _, ...rows } = counts;
  const parts = (['added', 'modified', 'removed', 'closed', 'shadowed', 'unchanged'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${grouped(counts[name])} ${name}`);
  const number = promotionId === 0 ? 'Would promote' : `Promotion ${promotionId}`;
  return stepResult({
    ...about,
    status: 'done',
    rows,
    message: `${number}: ${parts.length === 0 ? 'no rows' : parts.join(', ')}.${waits ? ' New rows wait for go-live.' : ''}`,
  });
}
