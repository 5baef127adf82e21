import type { StepResult } from '../domain/result.ts';
import { shownText } from '../domain/shown-text.ts';
import type { Target } from '../domain/target.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { option, type WriteWords, words } from '../errors/advice.ts';
import { type Delivery, lastLoggedForPath, logDelivery } from '../ledger/deliveries.ts';
import { keepDone } from '../ledger/done-by-run.ts';
import { timestamp } from '../ledger/timestamp.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { decide, type GateDecision } from './delivery-decision.ts';
import { mtimeText, type NewFile, PASSED_OVER } from './examine-file.ts';
import { fileFinding } from './file-refusal.ts';
import { deliveryResult } from './ingest-results.ts';

/** The log keeps this many findings of a file, and beside them their exact number. */
const LOGGED_FINDINGS = 100;

export interface LogContext {
  readonly runId: string;
  readonly startedAt: Date;
  readonly clock: () => Date;
  /** How commands are written in findings and answers. */
  readonly write: WriteWords;
  /** Decide and report, but log nothing. */
  readonly dryRun: boolean;
  /** Who lets files pass whose bytes count for another period or slice, and why; null: nobody. */
  readonly accepted: WhoAndWhy | null;
}

/**
 * Decides and logs the new files of one target in their order, under the caller's lock on it. `passedOver` are the
 * new files beside one that was named: they are logged as withdrawn, so that they do not come back later as newer ones.
 */
export async function logDeliveries(
  session: Session,
  target: Target | null,
  files: readonly NewFile[],
  passedOver: readonly NewFile[],
  context: LogContext,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const taken = new Map<string, number | null>();
  for (const examined of files) {
    const logged = await lastLoggedForPath(session, examined.candidate.file.path);
    if ((logged?.fileId ?? null) !== examined.priorId && logged?.sha256 === examined.sha256) {
      // Another process logged the same bytes in the meantime: its log entry counts for this one.
      const decision: GateDecision = {
        ...EMPTY,
        status: 'duplicate',
        duplicateOf: logged.fileId,
        message: `'${shownText(examined.candidate.file.name)}' was logged by another run.`,
      };
      results.push(deliveryResult(target, decision, logged.fileId));
      continue;
    }
    let decision = await decide(session, target, examined, context);
    const twin = examined.sha256 === null ? undefined : taken.get(examined.sha256);
    if (decision.status === 'accepted' && twin !== undefined) {
      const message = `'${shownText(examined.candidate.file.name)}' has the same bytes as another new file; nothing to do.`;
      decision = { ...EMPTY, status: 'duplicate', duplicateOf: twin, message };
    }
    if (decision.status === 'refused' && target !== null && isRefusedAgain(logged, examined, target)) {
      results.push(deliveryResult(target, decision, logged?.fileId ?? null));
      continue;
    }
    const fileId = context.dryRun ? null : await logOne(session, target, examined, decision, context);
    if (decision.status === 'accepted' && examined.sha256 !== null) taken.set(examined.sha256, fileId);
    const result = deliveryResult(target, decision, fileId);
    results.push(result);
    if (fileId !== null && decision.status !== 'refused') {
      const { runId, write } = context;
      const deed = { runId, write, step: result.step, of: { path: examined.candidate.file.path } };
      await keepDone(session, deed, { part: fileId, at: context.clock() }, result);
    }
    if (decision.status !== 'refused' && !context.dryRun) {
      for (const other of passedOver) await logPassedOver(session, target, other, examined, context);
    }
  }
  return results;
}

/** The same bytes under the same name, refused as before: nothing happened that would be an entry of the log. */
function isRefusedAgain(logged: Delivery | null, { sha256 }: NewFile, target: Target): boolean {
  return (
    logged?.status === 'refused' &&
    sha256 !== null &&
    logged.sha256 === sha256 &&
    logged.dataset === target.dataset &&
    logged.period === target.period &&
    logged.slice === target.slice
  );
}

const EMPTY = { duplicateOf: null, findings: [], hint: null, usedReason: false } as const;

async function logOne(
  session: Session,
  target: Target | null,
  examined: NewFile,
  decision: Omit<GateDecision, 'status'> & { readonly status: GateDecision['status'] | 'withdrawn' },
  context: LogContext,
): Promise<number> {
  const { candidate, inspection, sha256 } = examined;
  const located = inspection.located;
  return logDelivery(session, {
    dataset: target?.dataset ?? candidate.refusal?.dataset ?? null,
    period: target?.period ?? null,
    slice: target?.slice ?? '',
    path: candidate.file.path,
    version: candidate.named?.version ?? null,
    sha256,
    bytes: candidate.file.bytes,
    mtime: mtimeText(candidate),
    sheet: located?.sheet?.name ?? null,
    headerRow: located?.headerRow ?? null,
    headersFound: located === null ? null : JSON.stringify(located.headersFound),
    headersMapped: located === null ? null : JSON.stringify(located.mapping),
    status: decision.status,
    duplicateOf: decision.duplicateOf,
    replyTo: candidate.replyTo?.at(-1)?.fileId ?? null,
    sameBytesReason: decision.usedReason ? (context.accepted?.reason ?? null) : null,
    sameBytesBy: decision.usedReason ? (context.accepted?.by ?? null) : null,
    findingCount: decision.findings.length,
    findings:
      decision.findings.length === 0 ? null : JSON.stringify(decision.findings.slice(0, LOGGED_FINDINGS)),
    runId: context.runId,
    startedAt: timestamp(context.startedAt),
    finishedAt: timestamp(context.clock()),
  });
}

async function logPassedOver(
  session: Session,
  target: Target | null,
  other: NewFile,
  chosen: NewFile,
  context: LogContext,
): Promise<void> {
  const name = `'${shownText(other.candidate.file.name)}'`;
  const finding = fileFinding(other.candidate.file, target?.dataset ?? null, {
    code: PASSED_OVER,
    severity: 'info',
    message: `${name} was passed over for '${shownText(chosen.candidate.file.name)}', which was named.`,
    fix: context.write(words`Name it with ${option('filePath')} if it is the one that counts.`),
  });
  const decision = { ...EMPTY, status: 'withdrawn' as const, findings: [finding], message: finding.message };
  await logOne(session, target, other, decision, context);
}
