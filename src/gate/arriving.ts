import { setTimeout as sleep } from 'node:timers/promises';
import { type LandedFile, landedFile } from '../lake/landed.ts';
import type { Project } from '../lake/project.ts';

/** Milliseconds between two looks at a file that may still be growing. */
export const BETWEEN_LOOKS_MS = 250;

interface Looking {
  readonly project: Project;
  readonly signal: AbortSignal;
  readonly betweenLooksMs: number;
}

/**
 * Looks at files twice, `betweenLooksMs` apart: a file whose size or time changed, or that is gone, is still being
 * written. Waits once for all of them.
 */
export async function stillArriving(
  around: Looking,
  files: readonly LandedFile[],
): Promise<ReadonlySet<LandedFile>> {
  const plain = files.filter((file) => file.kind === 'file');
  if (plain.length === 0) return new Set();
  await sleep(around.betweenLooksMs, undefined, { signal: around.signal });
  return new Set(plain.filter((file) => hasChanged(around.project, file)));
}

export function hasChanged(project: Project, file: LandedFile): boolean {
  const now = landedFile(project, file.absolute);
  return now.kind !== file.kind || now.bytes !== file.bytes || now.mtimeMs !== file.mtimeMs;
}
