import { NO_PERIOD } from '../domain/period.ts';
import type { StagedDiff } from '../promotion/change/staged-change.ts';
import { columnChanges } from '../promotion/column-changes.ts';
import { type AcceptedGuard, passGuards, trippedGuards } from '../promotion/guards.ts';

export interface GateRecords {
  readonly accepted: readonly AcceptedGuard[];
}

/** Stops with `guard-tripped` where records would change more than the guards of their dataset allow. */
export async function passRecordGates(
  { shape, ...staged }: Omit<StagedDiff, 'load'>,
  { accepted }: GateRecords,
): Promise<ReturnType<typeof passGuards>> {
  const { dataset } = shape;
  const target = { dataset: dataset.name, period: NO_PERIOD.text, slice: '' };
  const changes = await columnChanges({ ...staged, shape, load: target });
  return passGuards(
    trippedGuards(dataset, staged.diff.counts, changes),
    accepted,
    target,
    null,
    'records promote',
  );
}
