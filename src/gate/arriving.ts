import { setTimeout as sleep } from 'node:timers/promises';
import { type LandedFile, lookAt } from '../lake/landed.ts';
import type { Project } from '../lake/project.ts';

/** Between two looks at a file that may still be growing. */
const BETWEEN_LOOKS_MS = 250;

/**
 * Looks at files twice, 250 ms apart: those whose size or time changed, or that are gone, are still being written.
 * One wait for all of them.
 */
export async function stillArriving(
  project: Project,
  files: readonly LandedFile[],
  signal: AbortSignal,
): Promise<ReadonlySet<LandedFile>> {
  const plain = files.filter((file) => file.kind === 'file');
  if (plain.length === 0) return new Set();
  await sleep(BETWEEN_LOOKS_MS, undefined, { signal });
  return new Set(plain.filter((file) => hasChanged(project, file)));
}

export function hasChanged(project: Project, file: LandedFile): boolean {
  const now = lookAt(project, file.absolute);
  return now.kind !== file.kind || now.bytes !== file.bytes || now.mtimeMs !== file.mtimeMs;
}
