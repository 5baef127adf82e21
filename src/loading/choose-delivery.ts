import { sliceShown } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { currentDelivery } from '../ledger/current-delivery.ts';
import { type Delivery, deliveryById, newestDelivery } from '../ledger/deliveries.ts';
import {
  latestPassedValidation,
  latestValidation,
  type Validation,
  validationById,
} from '../ledger/validations.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** A validated delivery that is to be loaded into stage. */
export interface Chosen {
  readonly target: Target;
  readonly validation: Validation;
}

/**
 * The current delivery of a target. The newest delivery decides the outcome: refused is `file-refused`, not validated
 * yet is `not-validated`, no delivery is `nothing-landed`.
 */
export async function chooseCurrent(session: Session, target: Target): Promise<Chosen> {
  const where = { dataset: target.dataset, period: target.period };
  const newest = await newestDelivery(session, target);
  const current = await currentDelivery(session, target);
  if (newest !== null && newest.fileId !== current?.fileId) await requirePassed(session, newest, target);
  const validation = current === null ? null : await validationById(session, current.validationId);
  if (validation !== null) return { target, validation };
  throw new TidemarkError('nothing-landed', {
    message: `No delivery of ${target.dataset} for ${target.period} counts${ofSlice(target)}.`,
    where,
  });
}

async function requirePassed(session: Session, newest: Delivery, target: Target): Promise<void> {
  const where = { dataset: target.dataset, period: target.period, file: newest.path };
  const validation = newest.status === 'refused' ? null : await latestValidation(session, newest.fileId);
  if (newest.status === 'refused' || validation?.status === 'refused') {
    throw new TidemarkError('file-refused', {
      message: `The newest delivery of ${target.dataset} for ${target.period}${ofSlice(target)}, ${newest.path}, was refused${
        newest.status === 'refused' ? ' at the gate' : ''
      }.`,
      ...(validation?.reportsPath
        ? { hint: `Look at ${validation.reportsPath}/report.html, then deliver again.` }
        : {}),
      where,
    });
  }
  if (validation === null) {
    throw new TidemarkError('not-validated', {
      message: `The newest delivery of ${target.dataset} for ${target.period}${ofSlice(target)}, ${newest.path}, has not been validated yet.`,
      hint: words`Run: ${command('validate', { fileId: newest.fileId })}`,
      where,
    });
  }
}

/** One delivery by its number, which may be an older one; it must belong to the dataset and period of the call. */
export async function chooseByFileId(
  session: Session,
  fileId: number,
  named: { readonly dataset: string; readonly period: string },
): Promise<Chosen> {
  const delivery = await deliveryById(session, fileId);
  if (delivery === null) {
    throw new TidemarkError('unknown-delivery', { message: `There is no delivery ${fileId}.` });
  }
  if (delivery.dataset !== named.dataset || delivery.period !== named.period) {
    const ofWhat =
      delivery.dataset === null ? 'no dataset' : `${delivery.dataset} ${delivery.period ?? ''}`.trim();
    throw new TidemarkError('unknown-delivery', {
      message: `Delivery ${fileId} is of ${ofWhat}, not of ${named.dataset} ${named.period}.`,
    });
  }
  const target: Target = { ...named, slice: delivery.slice };
  if (delivery.status === 'duplicate' && delivery.duplicateOf !== null) {
    return chooseByFileId(session, delivery.duplicateOf, named);
  }
  if (delivery.status === 'withdrawn') throw withdrawnError(target, fileId);
  const validation = await latestPassedValidation(session, fileId);
  if (validation !== null) return { target, validation };
  await requirePassed(session, delivery, target);
  throw new TidemarkError('not-validated', {
    message: `Delivery ${fileId} has not passed validation.`,
    where: named,
  });
}

/** For a caller that chose a delivery before it held the target's lock: it may have been withdrawn in between. */
export async function refuseWithdrawn(session: Session, { target, validation }: Chosen): Promise<void> {
  const delivery = await deliveryById(session, validation.fileId);
  if (delivery?.status === 'withdrawn') throw withdrawnError(target, validation.fileId);
}

function withdrawnError(target: Target, fileId: number): TidemarkError {
  return new TidemarkError('file-refused', {
    message: `Delivery ${fileId} was withdrawn.`,
    hint: 'If it counts after all, drop it into data/landed again under another name.',
    where: { dataset: target.dataset, period: target.period },
  });
}

function ofSlice(target: Target): string {
  return target.slice === '' ? '' : ` (${sliceShown(target.slice)})`;
}
