import type { Finding } from '../domain/finding.ts';
import { type FindingCounts, type StepResult, stepResult } from '../domain/result.ts';
import { shownText } from '../domain/shown-text.ts';
import { type Target, targetShown } from '../domain/target.ts';
import { command, literal, words } from '../errors/advice.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import type { GateDecision } from './delivery-decision.ts';
import { type ExaminedFile, type NewFile, targetOf } from './examine-file.ts';

const STEP = 'ingest';

function countFindings(findings: readonly Finding[]): FindingCounts {
  const of = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  return { error: of('error'), warning: of('warning'), info: of('info') };
}

function about(target: Target | null) {
  return { dataset: target?.dataset ?? null, period: target?.period ?? null, slice: target?.slice || null };
}

/** The result of a newly logged file. */
export function deliveryResult(
  target: Target | null,
  decision: GateDecision,
  fileId: number | null,
): StepResult {
  return stepResult({
    step: STEP,
    status: decision.status === 'accepted' ? 'done' : decision.status === 'duplicate' ? 'skipped' : 'refused',
    ...about(target),
    fileId,
    findings: countFindings(decision.findings),
    message: decision.message,
    hint: decision.status === 'refused' ? (decision.hint ?? FIX) : null,
  });
}

const FIX = 'Fix the file and drop it into data/landed again.';

/** The result of a file that is not new: still arriving, or unchanged since it was logged. */
function standingResult(examined: Exclude<ExaminedFile, NewFile>): StepResult {
  const { file, named } = examined.candidate;
  const target = targetOf(examined.candidate);
  const name = `'${shownText(file.name)}'`;
  if (examined.kind === 'arriving') {
    return stepResult({
      step: STEP,
      status: 'retry',
      ...about(target),
      message: examined.candidate.unfinished
        ? `${name} is the name of a file that is not finished, or that somebody has open.`
        : `${name} is still being written.`,
      hint: 'Run the same command again when the copy has finished.',
    });
  }
  const { delivery } = examined.prior;
  const refusal = examined.inspection?.refusal;
  if (examined.inspection && refusal) {
    return stepResult({
      step: STEP,
      status: 'refused',
      ...about(target),
      fileId: delivery.fileId,
      findings: countFindings(examined.inspection.findings),
      message: refusal.message,
      hint: refusal.fix ?? FIX,
    });
  }
  return stepResult({
    step: STEP,
    status: 'skipped',
    ...about(target),
    fileId: delivery.fileId,
    message: `${name} is unchanged since it was logged as delivery ${delivery.fileId} (${delivery.status})${named ? '' : ', for no dataset'}.`,
  });
}

/**
 * The results of the files of a group that are not new, in the order in which they were logged, so that a repeat reports
 * each where the first call did. Files that are no delivery yet come last.
 */
export function standingResults(
  group: readonly ExaminedFile[],
  done: ReadonlyMap<number, StepResult>,
): StepResult[] {
  const number = ({ fileId }: StepResult) => fileId ?? Number.MAX_SAFE_INTEGER;
  return group
    .flatMap((one) => (one.kind === 'new' ? [] : [standingOf(one, done)]))
    .sort((a, b) => number(a) - number(b));
}

/** Of a file that is not new; of one that this run took through the gate, what it answered then. */
function standingOf(examined: Exclude<ExaminedFile, NewFile>, done: ReadonlyMap<number, StepResult>) {
  const result = standingResult(examined);
  if (examined.kind === 'arriving' || examined.prior.delivery.status === 'withdrawn') return result;
  return (result.status === 'skipped' && done.get(examined.prior.delivery.fileId)) || result;
}

/** New files of one target whose order is not known. */
export function blockedResult(target: Target, files: readonly NewFile[]): StepResult {
  const names = files.map(({ candidate }) => `'${shownText(candidate.file.name)}'`).join(', ');
  const first = files[0] as NewFile;
  const versions = new Set(files.map(({ candidate }) => candidate.named?.version ?? null));
  const why = versions.has(null)
    ? 'nothing in their names says which is newer'
    : 'they carry the same version';
  return stepResult({
    step: STEP,
    status: 'blocked',
    ...about(target),
    message: `${files.length} new files claim ${targetShown(target)}, and ${why}: ${names}.`,
    hint: words`Name the one that counts: ${command('ingest', { filePath: literal(first.candidate.file.path) })}.`,
  });
}

/** No file of a dataset is in landed for the period; what was logged earlier decides, if anything was. */
export function absentResult(target: Target, newest: Delivery | null, waiting: boolean): StepResult {
  if (newest?.status === 'refused') {
    return stepResult({
      step: STEP,
      status: 'refused',
      ...about(target),
      fileId: newest.fileId,
      message: `The newest delivery of ${target.dataset} ${target.period}, '${shownText(newest.path)}' (delivery ${newest.fileId}), was refused.`,
      hint: FIX,
    });
  }
  if (newest !== null) {
    const message = `Nothing new for ${target.dataset} ${target.period}; delivery ${newest.fileId} is the current one.`;
    return stepResult({ step: STEP, status: 'skipped', ...about(target), fileId: newest.fileId, message });
  }
  return stepResult({
    step: STEP,
    status: waiting ? 'retry' : 'skipped',
    ...about(target),
    message: `No delivery of ${target.dataset} has landed for ${target.period} yet.`,
    hint: waiting ? 'Wait for the file in data/landed; then run the same command again.' : null,
  });
}

/**
 * A dataset's outcome is that of its newest delivery: a refusal that a later delivery of the same target replaced
 * counts as nothing to do. `results` begin with the files that were not new, in any order; the new ones follow in their
 * order.
 */
export function forgiveReplaced(
  results: readonly StepResult[],
  standing: number,
  newestId: number | null,
): StepResult[] {
  return results.map((result, i) => {
    if (result.status !== 'refused') return result;
    const later = i < standing ? results.length > standing : i < results.length - 1;
    if (!later && (result.fileId === null || newestId === null || newestId <= result.fileId)) return result;
    const message = words`${result.message ?? 'Refused.'} A later delivery replaced it.`;
    return { ...result, status: 'skipped', exitCode: 0, message, hint: null };
  });
}
