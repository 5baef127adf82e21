import { targetKey } from '../domain/target.ts';
import { type Attempt, type NewAttempt, targetOf } from './attempt.ts';
import { compareVersions } from './match-dataset.ts';

/**
 * Attempts by what they deliver, in the order in which they are logged; a file that delivers nothing is a group of its
 * own.
 */
export function groupByTarget(attempts: readonly Attempt[]): Attempt[][] {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const target = targetOf(attempt.candidate);
    const key = target === null ? `path:${attempt.candidate.file.path}` : targetKey(target);
    groups.set(key, [...(groups.get(key) ?? []), attempt]);
  }
  // Of two slices that differ only in blanks, the one without blanks gives the name.
  const untidy = (key: string) => (key.includes('%20') ? 1 : 0);
  return [...groups].sort(([a], [b]) => untidy(a) - untidy(b)).map(([, group]) => group);
}

/** New files whose versions do not show which one is newer, and whose bytes differ. */
export function withoutOrder(sorted: readonly NewAttempt[]): readonly NewAttempt[] {
  const clash = (a: NewAttempt, b: NewAttempt) =>
    a !== b &&
    a.sha256 !== b.sha256 &&
    compareVersions(a.candidate.named?.version ?? null, b.candidate.named?.version ?? null) === 0;
  return sorted.filter((one) => sorted.some((other) => clash(one, other)));
}
