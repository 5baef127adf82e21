import type { Target } from '../domain/target.ts';

/** The lock that ingest, validate and load-stage of one target share. */
export function targetLock(target: Target): string {
  return `load:${target.dataset}:${target.period}:${target.slice}`;
}

/** The lock of a caller that may bring a new slice of a dataset. */
export function slicesLock(dataset: string): string {
  return `slices:${dataset}`;
}
