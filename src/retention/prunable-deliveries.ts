import type { Retention } from '../domain/retention.ts';
import { before } from '../domain/retention.ts';
import { bytesOf, deliveryFiles } from '../lake/delivery-files.ts';
import { displayPath, type Project } from '../lake/project.ts';
import type { DeliveryInUse } from '../ledger/kept-deliveries.ts';
import { timestamp } from '../ledger/timestamp.ts';

/** A delivery whose files the policy allows to be deleted. */
export interface PrunableDelivery {
  readonly delivery: DeliveryInUse;
  /** Absolute paths of files and folders. */
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Kept nevertheless: it was promoted once, and a rollback to it needs its rows. */
  readonly held: boolean;
}

export interface DeliveryPolicy extends Pick<Retention, 'keepDeliveries' | 'olderThan'> {
  /**
   * Also allow deliveries that were promoted once. A delivery that is current, loaded or promoted now is always kept.
   */
  readonly includePromoted: boolean;
  readonly now: Date;
}

/**
 * The deliveries of one dataset or of all with files that the policy allows to be deleted, or would allow if they were
 * not held.
 */
export function prunableDeliveries(
  project: Project,
  deliveries: readonly DeliveryInUse[],
  policy: DeliveryPolicy,
): PrunableDelivery[] {
  const { keepDeliveries, olderThan } = policy;
  if (keepDeliveries === null && olderThan === null) return [];
  const cut = olderThan === null ? null : timestamp(before(policy.now, olderThan));
  return deliveries.flatMap((delivery) => {
    const { isCurrent, isLoaded, isPromoted, place, finishedAt } = delivery;
    // The analyst still works on the newest delivery, even where it was refused.
    if (isCurrent || isLoaded || isPromoted || place <= Math.max(1, keepDeliveries ?? 1)) return [];
    if (cut !== null && finishedAt >= cut) return [];
    const paths = deliveryFiles(project, delivery);
    if (paths.length === 0) return [];
    const bytes = paths.reduce((sum, path) => sum + bytesOf(path), 0);
    return [{ delivery, paths, bytes, held: delivery.wasPromoted && !policy.includePromoted }];
  });
}

export function shownPaths(project: Project, { paths }: PrunableDelivery): string[] {
  return paths.map((path) => displayPath(project, path));
}
