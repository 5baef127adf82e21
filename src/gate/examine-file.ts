import type { Config } from '../config/config.ts';
import type { Finding } from '../domain/finding.ts';
import type { Target } from '../domain/target.ts';
import type { WriteWords } from '../errors/advice.ts';
import { sha256Of } from '../lake/file-hash.ts';
import type { Project } from '../lake/project.ts';
import { type Delivery, lastLoggedForPath } from '../ledger/deliveries.ts';
import { timestamp } from '../ledger/timestamp.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { hasChanged } from './arriving.ts';
import type { Candidate } from './candidates.ts';
import { type Inspection, inspectFile, refusedFor } from './inspect-file.ts';
import type { NamedDelivery } from './match-dataset.ts';
import { openReply } from './reply/open-reply.ts';

/** What the log says about a landed path, from before this call. */
export interface Prior {
  readonly delivery: Delivery;
  /** It was logged for the dataset, period and slice that its name says now. */
  readonly sameTarget: boolean;
}

/** What happened to a landed file in this call, before anything is logged. */
export type ExaminedFile =
  | { readonly kind: 'arriving'; readonly candidate: Candidate }
  /** The file is as last logged: nothing is added, and the logged outcome is repeated. */
  | {
      readonly kind: 'unchanged';
      readonly candidate: Candidate;
      readonly prior: Prior;
      readonly inspection: Inspection | null;
    }
  | NewFile;

export interface NewFile {
  readonly kind: 'new';
  readonly candidate: Candidate;
  readonly sha256: string | null;
  readonly inspection: Inspection;
  readonly priorId: number | null;
}

/** Code of the finding on deliveries that were passed over because another one was named. */
export const PASSED_OVER = 'passed-over';

export function targetOf(candidate: Candidate): Target | null {
  const { named } = candidate;
  return named && { dataset: named.dataset.name, period: named.period, slice: named.sliceText };
}

/** The last log entry of each path. */
export async function priorsOf(
  session: Session,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<Candidate, Prior>> {
  const priors = new Map<Candidate, Prior>();
  for (const candidate of candidates) {
    const delivery = await lastLoggedForPath(session, candidate.file.path);
    if (delivery === null) continue;
    priors.set(candidate, { delivery, sameTarget: isAbout(delivery, candidate) });
  }
  return priors;
}

function isAbout(delivery: Delivery, candidate: Candidate): boolean {
  const target = targetOf(candidate);
  if (target === null) return delivery.status === 'refused';
  return (
    delivery.dataset === target.dataset &&
    delivery.period === target.period &&
    delivery.slice === target.slice
  );
}

/** Size and time are those last logged: most probably the bytes are too, and the file arrived long ago. */
export function looksUnchanged(candidate: Candidate, prior: Prior | undefined): boolean {
  if (!prior) return false;
  const { bytes, mtime } = prior.delivery;
  return bytes === candidate.file.bytes && mtime !== null && sameMoment(mtime, candidate.file.mtimeMs);
}

function sameMoment(logged: string, mtimeMs: number): boolean {
  return Date.parse(`${logged.replace(' ', 'T')}Z`) === mtimeMs;
}

export function mtimeText(candidate: Candidate): string {
  return timestamp(new Date(candidate.file.mtimeMs));
}

/** What looking into a file needs. */
interface Around {
  readonly project: Project;
  readonly config: Config;
  /** How commands are written in findings. */
  readonly write: WriteWords;
}

/** Hashes a landed file and, if it is new, looks into it. */
export async function examineFile(
  around: Around,
  candidate: Candidate,
  prior: Prior | undefined,
  byName: boolean,
): Promise<ExaminedFile> {
  const { file, named, refusal } = candidate;
  const sha256 = await hashOf(around, candidate);
  if (sha256 === 'arriving') return { kind: 'arriving', candidate };
  const same =
    prior?.sameTarget === true &&
    sha256 === prior.delivery.sha256 &&
    (sha256 !== null || looksUnchanged(candidate, prior));
  if (same && prior.delivery.status !== 'refused' && !(byName && wasPassedOver(prior.delivery))) {
    return { kind: 'unchanged', candidate, prior, inspection: null };
  }
  const inspection =
    refusal !== null || named === null
      ? refusedFor(refusal as Finding)
      : await inspectCandidate(around, candidate, named);
  if (hasChanged(around.project, file)) return { kind: 'arriving', candidate };
  if (same && inspection.refusal !== null) return { kind: 'unchanged', candidate, prior, inspection };
  return { kind: 'new', candidate, sha256, inspection, priorId: prior?.delivery.fileId ?? null };
}

/** A reply is inspected as the file that its original becomes with it. */
function inspectCandidate(
  { project, config, write }: Around,
  { file, replyTo }: Candidate,
  named: NamedDelivery,
): Promise<Inspection> {
  if (replyTo === undefined) return inspectFile(file, named, config.limits, write);
  return inspectFile(file, named, config.limits, write, () =>
    openReply(project, replyTo, file.absolute, named.dataset, config.limits),
  );
}

async function hashOf(
  around: { readonly project: Project; readonly config: Config },
  { file }: Candidate,
): Promise<string | null | 'arriving'> {
  if (file.kind !== 'file' || file.bytes > around.config.limits.file_bytes) return null;
  try {
    const sha256 = await sha256Of(file.absolute);
    return hasChanged(around.project, file) ? 'arriving' : sha256;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'arriving';
    if (code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

function wasPassedOver(delivery: Delivery): boolean {
  return delivery.status === 'withdrawn' && (delivery.findings ?? '').includes(`"${PASSED_OVER}"`);
}
