import type { Config } from '../config/config.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import { matchFilename } from '../domain/filename-pattern.ts';
import type { Period } from '../domain/period.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { sha256Of } from '../lake/file-hash.ts';
import { finishedName, type LandedFile, scanLanded } from '../lake/landed.ts';
import type { Project } from '../lake/project.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Candidate, selectLanded } from './candidates.ts';
import { looksUnchanged, type Prior, priorsOf } from './examine-file.ts';
import { compareVersions } from './match-dataset.ts';

/** Files of a dataset and period that are in data/landed, and that the log does not know in this state. */
export interface Unlogged {
  /** Still being copied, or not ingested yet; in the order of their paths. */
  readonly files: readonly LandedFile[];
  /** The files of unknown order, so that a person has to name the one that counts. */
  readonly withoutOrder: readonly LandedFile[];
}

/** Files in data/landed whose name fits a dataset, including names of files that are not finished. */
export function landedFor(project: Project, dataset: Dataset): readonly LandedFile[] {
  return scanLanded(
    project,
    (name) => matchFilename(fileSource(dataset).filename, dataset.periodKind, finishedName(name)) !== null,
  );
}

/**
 * The landed files of a dataset, a period and slices that were not logged yet. Compares names, sizes and times first.
 */
export async function unloggedFiles(
  session: Session,
  config: Config,
  files: readonly LandedFile[],
  of: { readonly dataset: Dataset; readonly period: Period; readonly slice: SliceFilter },
): Promise<Unlogged> {
  const { candidates } = selectLanded(config, files, { ...of, dataset: of.dataset.name });
  const priors = await priorsOf(session, candidates);
  const unlogged: Candidate[] = [];
  for (const candidate of candidates)
    if (candidate.unfinished || !(await isLogged(candidate, priors.get(candidate)))) unlogged.push(candidate);
  const clashing = [];
  for (const one of unlogged) if (await clashes(one, unlogged)) clashing.push(one.file);
  return { files: unlogged.map(({ file }) => file), withoutOrder: clashing };
}

async function isLogged(candidate: Candidate, prior: Prior | undefined): Promise<boolean> {
  if (prior?.sameTarget !== true) return false;
  if (looksUnchanged(candidate, prior)) return true;
  const { sha256, bytes } = prior.delivery;
  return sha256 !== null && bytes === candidate.file.bytes && (await hashOf(candidate)) === sha256;
}

/** Null where the file is gone again, or cannot be read. */
function hashOf({ file }: Candidate): Promise<string | null> {
  return file.kind === 'file' ? sha256Of(file.absolute).catch(() => null) : Promise.resolve(null);
}

async function clashes(one: Candidate, all: readonly Candidate[]): Promise<boolean> {
  if (one.unfinished || one.named === null) return false;
  for (const other of all) {
    if (other === one || other.unfinished || other.named?.sliceText !== one.named.sliceText) continue;
    if (compareVersions(other.named.version, one.named.version) !== 0) continue;
    if ((await hashOf(other)) !== (await hashOf(one))) return true;
  }
  return false;
}
