import type { Dataset } from '../domain/dataset.ts';
import { targetLock } from '../ledger/locks.ts';
import { promotedPeriods } from '../ledger/promotions.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { referencesOf } from './foreign-keys.ts';

/** The lock on a core table; exclusive for a call that changes it, shared for one that reads it. */
export function coreLock(table: string): string {
  return `core:${table}`;
}

export type LockMode = 'exclusive' | 'shared';

/**
 * Takes locks of both modes in name order, so that no two runs wait for each other. A lock asked for in both modes is
 * exclusive.
 */
export async function lockInOrder(
  session: Session,
  wanted: { readonly exclusive: readonly string[]; readonly shared: readonly string[] },
): Promise<void> {
  const modes = new Map<string, LockMode>(wanted.shared.map((name) => [name, 'shared']));
  for (const name of wanted.exclusive) modes.set(name, 'exclusive');
  const groups: { readonly mode: LockMode; readonly names: string[] }[] = [];
  for (const [name, mode] of [...modes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (groups.at(-1)?.mode === mode) groups.at(-1)?.names.push(name);
    else groups.push({ mode, names: [name] });
  }
  for (const { mode, names } of groups) await session.lock(names, mode);
}

export interface LockTarget {
  readonly dataset: Dataset;
  readonly period: string;
  readonly slice: string;
}

/** Periods whose stage rows a promotion reads: its own, and later promoted ones, which decide what is shadowed. */
export async function periodsRead(session: Session, target: LockTarget): Promise<readonly string[]> {
  const promoted = await promotedPeriods(session, target.dataset.name, target.slice);
  return [target.period, ...promoted.map((each) => each.period).filter((each) => each > target.period)];
}

/**
 * Locks of promotions: their core tables, those connected with them by foreign keys, and the stage rows that they read.
 * Taken first, because everything read afterwards is of one snapshot.
 */
export async function lockPromotions(
  session: Session,
  datasets: ReadonlyMap<string, Dataset>,
  targets: readonly (LockTarget & { readonly reads: readonly string[] })[],
): Promise<void> {
  const tied = tiedTables(
    datasets,
    targets.map((target) => target.dataset.name),
  );
  const stage = targets.flatMap(({ dataset, reads, slice }) =>
    reads.map((period) => targetLock({ dataset: dataset.name, period, slice })),
  );
  await lockInOrder(session, {
    exclusive: targets.map((target) => coreLock(target.dataset.core.table)),
    shared: [...tied, ...stage],
  });
}

/** Locks of the core tables that foreign keys connect with those of some datasets. */
export function tiedTables(datasets: ReadonlyMap<string, Dataset>, names: readonly string[]): string[] {
  const own = new Set(names);
  return referencesOf(datasets)
    .filter(({ child, parent }) => own.has(child.name) || own.has(parent.name))
    .flatMap(({ child, parent }) => [coreLock(child.core.table), coreLock(parent.core.table)]);
}
