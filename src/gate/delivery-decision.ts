import type { Finding } from '../domain/finding.ts';
import { shownText } from '../domain/shown-text.ts';
import { sliceShown } from '../domain/slice.ts';
import { type Target, targetShown } from '../domain/target.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { options, type WriteWords, words } from '../errors/advice.ts';
import { currentDelivery } from '../ledger/current-delivery.ts';
import { type Delivery, type DeliveryStatus, deliveryById, newestDelivery } from '../ledger/deliveries.ts';
import { sameBytesElsewhere } from '../ledger/same-bytes.ts';
import { latestValidation } from '../ledger/validations.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { NewFile } from './examine-file.ts';
import { fileFinding } from './file-refusal.ts';
import { spellingFinding } from './slice-findings.ts';

/** What a new file is logged as. */
export interface GateDecision {
  readonly status: Extract<DeliveryStatus, 'accepted' | 'refused' | 'duplicate'>;
  readonly duplicateOf: number | null;
  readonly findings: readonly Finding[];
  readonly message: string;
  readonly hint: string | null;
  /** The caller's reason was needed, because the same bytes count for another period or slice. */
  readonly usedReason: boolean;
}

/**
 * Judges a new file by what is logged. The bytes of the current delivery again are a duplicate. A file that the gate
 * refused stays refused. Bytes that already count for another period or slice are refused too, unless they hold no data
 * rows, the dataset accepts it, or the caller gave a reason.
 */
export async function decide(
  session: Session,
  target: Target | null,
  examined: NewFile,
  { accepted, write }: { readonly accepted: WhoAndWhy | null; readonly write: WriteWords },
): Promise<GateDecision> {
  const { candidate, sha256, inspection } = examined;
  const plain = { duplicateOf: null, findings: inspection.findings, hint: null, usedReason: false };
  const about = target === null ? '' : targetShown(target);
  const name = `'${shownText(candidate.file.name)}'`;
  if (target !== null && sha256 !== null && candidate.refusal === null) {
    const equal = await equalDelivery(session, target, sha256);
    if (equal !== null) {
      const message = `${name} has the same bytes as delivery ${equal.fileId} of ${about}; nothing to do.`;
      return { ...plain, status: 'duplicate', duplicateOf: equal.fileId, findings: [], message };
    }
  }
  if (inspection.refusal !== null) {
    return { ...plain, status: 'refused', message: inspection.refusal.message, hint: inspection.refusal.fix };
  }
  const dataset = candidate.named?.dataset ?? { fields: [] };
  const misspelt = target === null ? null : await spellingFinding(session, candidate.file, dataset, target);
  if (misspelt !== null) {
    const findings = [...inspection.findings, misspelt];
    return { ...plain, status: 'refused', findings, message: misspelt.message, hint: misspelt.fix };
  }
  const message = `${name} passed the gate for ${about}.`;
  const elsewhere =
    target === null ||
    sha256 === null ||
    inspection.located?.hasDataRows === false ||
    candidate.named?.dataset.accept.sameBytes
      ? null
      : await sameBytesElsewhere(session, target, sha256);
  if (elsewhere === null) return { ...plain, status: 'accepted', message };
  if (accepted !== null) return { ...plain, status: 'accepted', message, usedReason: true };
  const where = `${elsewhere.period}${elsewhere.slice === '' ? '' : ` ${sliceShown(elsewhere.slice)}`}`;
  const finding = fileFinding(candidate.file, target?.dataset ?? null, {
    code: 'same-bytes',
    message: `${name} has exactly the same bytes as '${shownText(elsewhere.path)}', which was delivered for ${where} (delivery ${elsewhere.fileId}).`,
    fix: write(
      words`Deliver the file of the right period; if it really is the same, run ingest again with ${options({ acceptSameBytes: true, ...decidedBy() })}.`,
    ),
  });
  const findings = [...inspection.findings, finding];
  return { ...plain, status: 'refused', findings, message: finding.message, hint: finding.fix };
}

/**
 * The delivery that equal bytes would only repeat: the current one, or the newest one while it waits for validation.
 */
async function equalDelivery(session: Session, target: Target, sha256: string): Promise<Delivery | null> {
  const current = await currentDelivery(session, target);
  const standing = current === null ? null : await deliveryById(session, current.fileId);
  if (standing?.sha256 === sha256) return standing;
  const newest = await newestDelivery(session, target);
  if (newest?.status !== 'accepted' || newest.sha256 !== sha256) return null;
  return (await latestValidation(session, newest.fileId)) === null ? newest : null;
}
