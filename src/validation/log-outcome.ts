import type { StepResult } from '../domain/result.ts';
import type { Target } from '../domain/target.ts';
import { currentDelivery, makeCurrent } from '../ledger/current-delivery.ts';
import { type Delivery, deliveryById, setStatus } from '../ledger/deliveries.ts';
import { keepDone } from '../ledger/done-by-run.ts';
import { targetLock } from '../ledger/locks.ts';
import { latestPassedValidation, logValidation } from '../ledger/validations.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { KeptFiles } from './keep-validation.ts';
import type { ValidationOutcome } from './outcome.ts';
import { refreshDatapackage } from './refresh-datapackage.ts';
import type { ValidationContext } from './validate-delivery.ts';

interface Outcome {
  readonly outcome: ValidationOutcome;
  readonly kept: KeptFiles;
  readonly startedAt: Date;
  /** What the call answers, which a repeat of the run tells again. */
  readonly answer: StepResult;
}

/**
 * Logs a validation. Where it passed, the delivery becomes current and the one before superseded, in one transaction.
 */
export async function logOutcome(
  ctx: ValidationContext,
  target: Target,
  delivery: Delivery,
  { outcome, kept, startedAt, answer }: Outcome,
): Promise<void> {
  const changed = await ctx.warehouse.transaction(async (tx) => {
    await tx.lock([targetLock(target)]);
    const passedBefore = await latestPassedValidation(tx, delivery.fileId);
    const finishedAt = ctx.clock();
    const validationId = await logValidation(tx, {
      ...target,
      fileId: delivery.fileId,
      status: outcome.status,
      contractFingerprint: outcome.contractFingerprint,
      referenceFingerprint: outcome.referenceFingerprint,
      version: ctx.version,
      parquetPath: kept.cleaned?.path ?? null,
      parquetSha256: kept.cleaned?.sha256 ?? null,
      rows: outcome.rows,
      findings: outcome.findings,
      reportsPath: kept.reports,
      runId: ctx.runId,
      startedAt,
      finishedAt,
    });
    const deed = {
      runId: ctx.runId,
      write: ctx.write,
      step: answer.step,
      of: { ...target, fileId: delivery.fileId },
    };
    await keepDone(tx, deed, { part: validationId, at: finishedAt }, answer);
    // It was withdrawn during the validation: the outcome is on record, but the delivery does not count.
    const withdrawn = (await deliveryById(tx, delivery.fileId))?.status === 'withdrawn';
    if (outcome.status === 'refused' || withdrawn) return false;
    return settle(tx, target, delivery, passedBefore !== null, validationId, {
      now: finishedAt,
      runId: ctx.runId,
    });
  });
  if (changed) await refreshDatapackage(ctx.warehouse, ctx.project);
}

/**
 * Whether a delivery that passed becomes the current one. It does not where a newer one is current, nor where it passed
 * before and an older one was made current again since.
 */
async function settle(
  tx: Session,
  target: Target,
  delivery: Delivery,
  passedBefore: boolean,
  validationId: number,
  at: { readonly now: Date; readonly runId: string },
): Promise<boolean> {
  const current = await currentDelivery(tx, target);
  const newer =
    current === null ||
    current.fileId === delivery.fileId ||
    (current.fileId < delivery.fileId && !passedBefore);
  if (newer) await makeCurrent(tx, target, { fileId: delivery.fileId, validationId }, at);
  else if (current.fileId > delivery.fileId) await setStatus(tx, delivery.fileId, 'superseded');
  return newer;
}
