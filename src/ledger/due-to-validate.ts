import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { DELIVERY, type Delivery, newestDelivery } from './deliveries.ts';
import { aboutTarget } from './rows.ts';
import { neverValidated } from './validations.ts';

/** What is due to validate of a target. */
export interface DueToValidate {
  /** The newest delivery that counts; null where none does. Its outcome is that of the target. */
  readonly newest: Delivery | null;
  /** `settled`: its outcome is valid, so that it is not due; `refused`: at the gate, so that it never is. */
  readonly newestIs: 'due' | 'settled' | 'refused';
  /** Oldest first. */
  readonly deliveries: readonly Delivery[];
}

/**
 * Due to validate is every delivery that passed the gate and was never validated, replaced by a newer one or not. The
 * newest one that counts is also due where its outcome is no longer valid: it was refused, or the rules or the lists
 * have changed since (`isSettled` says so, of deliveries that passed the gate). Who validates by hand wants the newest
 * again in any case. What was withdrawn, or refused at the gate, is never due.
 */
export async function dueToValidate(
  session: Session,
  target: Target,
  isSettled: (newest: Delivery) => Promise<boolean>,
): Promise<DueToValidate> {
  const newest = await newestDelivery(session, target);
  if (newest === null) return { newest, newestIs: 'settled', deliveries: [] };
  const never = await session.query<Delivery>(
    sql`SELECT ${DELIVERY} FROM meta.ingestion_log i WHERE ${aboutTarget(target)}
          AND status IN ('accepted', 'superseded') AND ${neverValidated('i')} ORDER BY file_id`,
  );
  const newestIs = newest.status === 'refused' ? 'refused' : (await isSettled(newest)) ? 'settled' : 'due';
  const due = new Map(never.map((delivery) => [delivery.fileId, delivery]));
  if (newestIs === 'due') due.set(newest.fileId, newest);
  return { newest, newestIs, deliveries: [...due.values()].sort((a, b) => a.fileId - b.fileId) };
}
