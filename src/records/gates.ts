import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { command } from '../errors/advice.ts';
import type { PlannedChange } from '../promotion/change/staged-change.ts';
import { columnChanges } from '../promotion/column-changes.ts';
import { type AcceptedGuard, type NextCommands, passGuards, trippedGuards } from '../promotion/guards.ts';
import type { RecordsAsked } from './batch.ts';

/** Records have neither period nor slice. */
export function targetOf({ name }: Pick<RecordsDataset, 'name'>): Target {
  return { dataset: name, period: NO_PERIOD.text, slice: '' };
}

/** What let a batch pass. */
export interface Passed {
  /** Guards that failed, with who accepted them and why. */
  readonly accepted: ReturnType<typeof passGuards>;
  /** The person who had it done, where the change is a decision. */
  readonly decided?: WhoAndWhy;
}

export interface GateRecords {
  readonly accepted: readonly AcceptedGuard[];
  readonly asked: RecordsAsked;
  /** Why a person has to look at the change first; null: nobody has to. */
  readonly unapproved: string | null;
}

/**
 * Stops with `guard-tripped` where records would change more than the guards of their dataset allow, and with
 * `approval-needed` where a person has to look first.
 */
export async function passRecordGates(
  { shape, ...planned }: PlannedChange,
  { accepted, asked, unapproved }: GateRecords,
): Promise<Passed> {
  const { dataset } = shape;
  const target = targetOf(dataset);
  const changes = await columnChanges({ ...planned, shape, load: target });
  const tripped = trippedGuards(dataset, planned.diff.counts, changes);
  const next = recordCommands(dataset.name, asked);
  return { accepted: passGuards(tripped, accepted, target, { unapproved, next }) };
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
