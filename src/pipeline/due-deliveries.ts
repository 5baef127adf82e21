import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import { type Slice, type SliceFilter, sliceMatches, sliceText } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import { type Delivery, newestDelivery, slicesOf, unvalidatedDeliveries } from '../ledger/deliveries.ts';
import { standingLoad } from '../ledger/loads.ts';
import { newestPeriodEvent } from '../ledger/period-events.ts';
import { isPromoted } from '../ledger/promotions.ts';
import { latestValidation } from '../ledger/validations.ts';
import { contractFingerprint } from '../validation/contract-fingerprint.ts';
import { Lists } from '../validation/references/lists.ts';
import { presentBasis } from '../validation/references/reference-basis.ts';
import type { Session } from '../warehouse/warehouse.ts';

export interface DueDelivery {
  readonly fileId: number;
  readonly path: string;
  readonly slice: Slice;
  /** The newest of its slice: its outcome is that of the slice. */
  readonly isNewest: boolean;
}

export interface DueDeliveries {
  readonly toValidate: readonly DueDelivery[];
  /** Something landed, and all of it was withdrawn. */
  readonly isWithdrawn: boolean;
  /** Slices whose newest delivery passed, before or in the given validations: they may be loaded. */
  passingSlices(validated: readonly StepResult[]): readonly Slice[];
}

export interface Which {
  readonly slice: SliceFilter | null;
  readonly revalidate: boolean;
}

export interface Around {
  readonly project: Project;
  readonly config: Config;
}

/**
 * The deliveries of a dataset and period that a run has to validate: those never validated, and the newest one where it
 * has not passed under the present rules (if it is promoted, only when asked for) or against the present lists.
 */
export async function dueDeliveries(
  session: Session,
  around: Around,
  dataset: Dataset,
  period: Period,
  which: Which,
): Promise<DueDeliveries> {
  const toValidate: DueDelivery[] = [];
  let hasWithdrawn = false;
  const passed = new Map<
    string,
    { readonly slice: Slice; readonly newest: number; readonly already: boolean }
  >();
  const fingerprint = contractFingerprint(dataset);
  const lists = new Lists(session, around);
  for (const slice of await slicesOf(session, dataset.name, period.text)) {
    if (!sliceMatches(slice, which.slice ?? new Map())) continue;
    const target: Target = { dataset: dataset.name, period: period.text, slice: sliceText(slice) };
    const newest = await newestDelivery(session, target);
    if (newest === null) {
      hasWithdrawn = true;
      continue;
    }
    const fresh = await unvalidatedDeliveries(session, target);
    const ids = new Map(fresh.map((delivery) => [delivery.fileId, delivery]));
    const about = { dataset, period, slice };
    const standing = await standingOf(session, newest, target, fingerprint, which.revalidate, (basis) =>
      isOfPresentLists(lists, about, basis),
    );
    if (standing === 'due' && newest.status !== 'refused') ids.set(newest.fileId, newest);
    for (const delivery of [...ids.values()].sort((a, b) => a.fileId - b.fileId)) {
      toValidate.push({
        fileId: delivery.fileId,
        path: delivery.path,
        slice,
        isNewest: delivery.fileId === newest.fileId,
      });
    }
    passed.set(target.slice, { slice, newest: newest.fileId, already: standing === 'passed' });
  }
  return {
    toValidate,
    isWithdrawn: hasWithdrawn && passed.size === 0,
    passingSlices: (validated) =>
      [...passed.values()]
        .filter(({ newest, already }) => {
          const result = validated.find((one) => one.fileId === newest);
          return result ? result.exitCode === 0 : already;
        })
        .map(({ slice }) => slice),
  };
}

/** Whether the newest delivery has passed, has to be validated (again), or was refused at the gate. */
async function standingOf(
  session: Session,
  newest: Delivery,
  target: Target,
  fingerprint: string,
  revalidate: boolean,
  isOfPresent: (basis: string | null) => Promise<boolean>,
): Promise<'passed' | 'due' | 'refused'> {
  if (newest.status === 'refused') return 'refused';
  const validation = await latestValidation(session, newest.fileId);
  if (validation?.status !== 'passed') return 'due';
  if (validation.contractFingerprint === fingerprint)
    return (await isOfPresent(validation.referenceFingerprint)) ? 'passed' : 'due';
  if (revalidate) return 'due';
  const load = await standingLoad(session, target);
  return load !== null && load.fileId === newest.fileId && (await isPromoted(session, load.loadId))
    ? 'passed'
    : 'due';
}

/**
 * Whether a validation was made against the present lists. A list also counts as changed where a newer delivery of it
 * is not validated yet. A closed period does not change, so it is not asked for.
 */
async function isOfPresentLists(
  lists: Lists,
  { dataset, period, slice }: { readonly dataset: Dataset; readonly period: Period; readonly slice: Slice },
  basis: string | null,
): Promise<boolean> {
  if (dataset.foreignKeys.every((key) => key.dataset === dataset.name)) return true;
  if ((await newestPeriodEvent(lists.session, dataset.name, period.text))?.action === 'close') return true;
  try {
    return basis === (await presentBasis(lists, { dataset, period, slice }));
  } catch (error) {
    // Validating again will report what stops the check.
    if (error instanceof TidemarkError && [3, 4, 5].includes(error.exitCode)) return false;
    throw error;
  }
}
