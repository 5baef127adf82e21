import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import { parseSlice, type Slice, type SliceFilter } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import { dueToValidate } from '../ledger/due-to-validate.ts';
import { standingLoad } from '../ledger/loads.ts';
import { newestPeriodEvent } from '../ledger/period-events.ts';
import { isPromoted } from '../ledger/promotions.ts';
import { loggedTargets } from '../ledger/targets.ts';
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

/** The deliveries of a dataset and period that are due to validate in a run, and the slices that may go on from there. */
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
  for (const target of await loggedTargets(session, dataset.name, period.text, which.slice)) {
    const slice = parseSlice(target.slice);
    const about = { dataset, period, slice };
    const { newest, newestIs, deliveries } = await dueToValidate(session, target, (delivery) =>
      hasPassed(session, delivery, target, { fingerprint, revalidate: which.revalidate }, (basis) =>
        isOfPresentLists(lists, about, basis),
      ),
    );
    if (newest === null) {
      hasWithdrawn = true;
      continue;
    }
    for (const { fileId, path } of deliveries)
      toValidate.push({ fileId, path, slice, isNewest: fileId === newest.fileId });
    passed.set(target.slice, { slice, newest: newest.fileId, already: newestIs === 'settled' });
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

/** Whether the newest delivery has passed, under the present rules and against the present lists. */
async function hasPassed(
  session: Session,
  newest: Delivery,
  target: Target,
  now: { readonly fingerprint: string; readonly revalidate: boolean },
  isOfPresent: (basis: string | null) => Promise<boolean>,
): Promise<boolean> {
  const validation = await latestValidation(session, newest.fileId);
  if (validation?.status !== 'passed') return false;
  if (validation.contractFingerprint === now.fingerprint) return isOfPresent(validation.referenceFingerprint);
  if (now.revalidate) return false;
  // What is promoted is validated under other rules only when that is asked for.
  const load = await standingLoad(session, target);
  return load !== null && load.fileId === newest.fileId && isPromoted(session, load.loadId);
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
