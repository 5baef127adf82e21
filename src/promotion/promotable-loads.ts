import { parseSlice, type SliceFilter, sliceMatches, sliceOptions } from '../domain/slice.ts';
import { type Target, targetShown } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { type CommandOptions, command, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { currentDelivery } from '../ledger/current-delivery.ts';
import { type Delivery, newestDelivery, withdrawnFiles } from '../ledger/deliveries.ts';
import { type Load, newestLoadEntry, standingLoads } from '../ledger/loads.ts';
import { loggedTargets } from '../ledger/targets.ts';
import { latestValidation } from '../ledger/validations.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The loads of a period that may be promoted: those in stage, except where the delivery was withdrawn since. */
export async function promotableLoads(session: Session, dataset: string, period: string): Promise<Load[]> {
  const withdrawn = await withdrawnFiles(session, dataset, period);
  return (await standingLoads(session, dataset, period)).filter((load) => !withdrawn.has(load.fileId));
}

/** Those that a call asks for; if there are none, an error says why. */
export async function loadsToPromote(
  session: Session,
  { dataset, period }: Pick<Target, 'dataset' | 'period'>,
  asked: SliceFilter,
): Promise<Load[]> {
  const loads = (await promotableLoads(session, dataset, period)).filter((load) =>
    sliceMatches(parseSlice(load.slice), asked),
  );
  if (loads.length > 0) return loads;
  const [first] = await loggedTargets(session, dataset, period, asked);
  throw await whyNotLoaded(session, first ?? { dataset, period, slice: '' });
}

/**
 * Why a target has nothing to promote: its newest delivery was refused, its rows in stage no longer count, or none
 * came.
 */
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
  const load = words`Run: ${command('load-stage', optionsOf(target))}`;
  const entry = await newestLoadEntry(session, target);
  if (entry?.kind === 'load') return withdrawnError(session, target, newest, entry.fileId, load);
  if (entry?.kind === 'unload') {
    const message = `${targetShown(target)} was unloaded; nothing of it is in stage.`;
    return new TidemarkError('not-loaded', { message, ...(newest === null ? {} : { hint: load }), where });
  }
  const state = newest === null ? 'has landed' : 'is loaded';
  return new TidemarkError('not-loaded', {
    message: `No delivery of ${target.dataset} for ${target.period} ${state} yet.`,
    hint: newest === null ? 'Wait for the file; then run the same command again.' : load,
    where,
  });
}

/** Stage has rows, but of a delivery that no longer counts: what to do depends on whether there is another one. */
async function withdrawnError(
  session: Session,
  target: Target,
  newest: Delivery | null,
  fileId: number,
  load: Words,
): Promise<TidemarkError> {
  const where = { dataset: target.dataset, period: target.period };
  const stands = `Stage has delivery ${fileId} for ${targetShown(target)}, which was withdrawn`;
  const current = await currentDelivery(session, target);
  if (current !== null) {
    return new TidemarkError('not-loaded', {
      message: `${stands}; delivery ${current.fileId} is not loaded yet.`,
      hint: load,
      where,
    });
  }
  if (newest !== null) {
    return new TidemarkError('not-validated', {
      message: `${stands}; delivery ${newest.fileId} has not passed validation yet.`,
      hint: words`Run: ${command('validate', { fileId: newest.fileId })}`,
      where,
    });
  }
  return new TidemarkError('nothing-landed', {
    message: `${stands}; no other delivery counts.`,
    hint: words`Wait for a new file. To take the rows out of stage, run: ${command('unload', { ...optionsOf(target), ...decidedBy() })}`,
    where,
  });
}

function optionsOf({ period, dataset, slice }: Target): CommandOptions {
  return { period, dataset, ...sliceOptions(slice) };
}
