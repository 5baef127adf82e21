import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command } from '../errors/advice.ts';
import type { StagedDiff } from '../promotion/change/staged-change.ts';
import { columnChanges } from '../promotion/column-changes.ts';
import { type AcceptedGuard, type NextCommands, passGuards, trippedGuards } from '../promotion/guards.ts';
import type { RecordsAsked } from './batch.ts';

export interface GateRecords {
  readonly accepted: readonly AcceptedGuard[];
}

/** Records have neither period nor slice. */
export function targetOf({ name }: Pick<RecordsDataset, 'name'>): Target {
  return { dataset: name, period: NO_PERIOD.text, slice: '' };
}

/**
 * Stops with `guard-tripped` where records would change more than the guards of their dataset allow. Returns the guards
 * that failed and were accepted.
 */
export async function passRecordGates(
  { shape, ...staged }: Omit<StagedDiff, 'load'>,
  { accepted }: GateRecords,
  asked: RecordsAsked,
): Promise<ReturnType<typeof passGuards>> {
  const { dataset } = shape;
  const target = targetOf(dataset);
  const changes = await columnChanges({ ...staged, shape, load: target });
  return passGuards(trippedGuards(dataset, staged.diff.counts, changes), accepted, target, {
    next: recordCommands(dataset.name, asked),
  });
}

function recordCommands(dataset: string, { run, stagingIds }: RecordsAsked): NextCommands {
  const among = { dataset, ...(run === null ? {} : { run }) };
  return {
    look: command('diff', among),
    approve: command('approve', { ...among, ...(run === null ? { all: true } : {}), ...decidedBy() }),
    accept: (acceptGuard) =>
      command('records promote', {
        ...{ ...among, ...(run === null ? { all: true } : {}) },
        ...(stagingIds.length === 0 ? {} : { stagingId: stagingIds }),
        ...{ acceptGuard, ...decidedBy() },
      }),
  };
}
