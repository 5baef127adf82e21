import { targetKey } from '../domain/target.ts';
import { type ExaminedFile, type NewFile, targetOf } from './examine-file.ts';
import { compareVersions } from './match-dataset.ts';

/**
 * Attempts by what they deliver, in the order in which they are logged; a file that delivers nothing is a group of its
 * own.
 */
export function groupByTarget(files: readonly ExaminedFile[]): ExaminedFile[][] {
  const groups = new Map<string, ExaminedFile[]>();
  for (const examined of files) {
    const target = targetOf(examined.candidate);
    const key = target === null ? `path:${examined.candidate.file.path}` : targetKey(target);
    groups.set(key, [...(groups.get(key) ?? []), examined]);
  }
  // Of two slices that differ only in blanks, the one without blanks gives the name.
  const untidy = (key: string) => (key.includes('%20') ? 1 : 0);
  return [...groups].sort(([a], [b]) => untidy(a) - untidy(b)).map(([, group]) => group);
}

/** New files whose versions do not show which one is newer, and whose bytes differ. */
export function withoutOrder(sorted: readonly NewFile[]): readonly NewFile[] {
  const clash = (a: NewFile, b: NewFile) =>
    a !== b &&
    a.sha256 !== b.sha256 &&
    compareVersions(a.candidate.named?.version ?? null, b.candidate.named?.version ?? null) === 0;
  return sorted.filter((one) => sorted.some((other) => clash(one, other)));
}
