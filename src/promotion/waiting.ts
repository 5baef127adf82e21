import type { Slice, SliceFilter } from '../domain/slice.ts';
import { sliceMatches, sliceText } from '../domain/slice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { latestValidation, newestDelivery, slicesOf, type Target } from '../ledger/deliveries.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** Why a target has nothing to promote: its newest delivery was refused, or none was loaded yet. */
export async function whyNotLoaded(session: Session, target: Target): Promise<TidemarkError> {
  const newest = await newestDelivery(session, target);
  const validation = newest === null ? null : await latestValidation(session, newest.fileId);
  const where = { dataset: target.dataset, period: target.period };
  if (newest !== null && (newest.status === 'refused' || validation?.status === 'refused')) {
    return new TidemarkError('file-refused', {
      message: `The newest delivery of ${target.dataset} for ${target.period} (${newest.path}) was refused, and none is loaded.`,
      where,
    });
  }
  const state = newest === null ? 'has landed' : 'is loaded';
  return new TidemarkError('not-loaded', {
    message: `No delivery of ${target.dataset} for ${target.period} ${state} yet.`,
    ...(newest === null
      ? { hint: 'Wait for the file; then run the same command again.' }
      : { hint: `Run: tidemark load-stage --period ${target.period} --dataset ${target.dataset}` }),
    where,
  });
}

/** The slices of a dataset and period that a call means, out of those anything was ever logged for. */
export async function deliveredSlices(
  session: Session,
  dataset: string,
  period: string,
  asked: SliceFilter,
): Promise<string[]> {
  const slices: readonly Slice[] = await slicesOf(session, dataset, period);
  return slices.filter((slice) => sliceMatches(slice, asked)).map(sliceText);
}
