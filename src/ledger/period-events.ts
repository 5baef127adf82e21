import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** The last decision about a period: for one dataset, or for all of them (`dataset` null). */
export interface PeriodEvent {
  readonly eventId: number;
  readonly period: string;
  readonly dataset: string | null;
  readonly action: 'close' | 'reopen';
  readonly reason: string;
  readonly decidedBy: string;
  /** ISO, UTC. */
  readonly decidedAt: string;
}

const EVENT = sql`event_id AS "eventId", period, dataset, action, reason, decided_by AS "decidedBy",
  decided_at AS "decidedAt"`;

/** The newest decision for a dataset and period, including those about all datasets; null where there is none. */
export async function newestPeriodEvent(
  session: Session,
  dataset: string,
  period: string,
): Promise<PeriodEvent | null> {
  const [row] = await session.query<PeriodEvent>(
    sql`SELECT ${EVENT} FROM meta.period_log WHERE period = ${period} AND (dataset IS NULL OR dataset = ${dataset})
        ORDER BY event_id DESC LIMIT 1`,
  );
  return row ?? null;
}

/** The last decision about all datasets for a period. */
export async function newestEventOfAll(session: Session, period: string): Promise<PeriodEvent | null> {
  const [row] = await session.query<PeriodEvent>(
    sql`SELECT ${EVENT} FROM meta.period_log WHERE period = ${period} AND dataset IS NULL
        ORDER BY event_id DESC LIMIT 1`,
  );
  return row ?? null;
}

/** The periods that are closed for a dataset, oldest first. */
export async function closedPeriods(session: Session, dataset: string): Promise<PeriodEvent[]> {
  return session.query(
    sql`SELECT ${EVENT} FROM meta.period_log e WHERE action = 'close' AND event_id = (
          SELECT max(n.event_id) FROM meta.period_log n
          WHERE n.period = e.period AND (n.dataset IS NULL OR n.dataset = ${dataset}))
        ORDER BY period`,
  );
}

/**
 * The newest decisions about every period, one per dataset and one about all of them, in the order in which they were
 * made.
 */
export async function newestPeriodEvents(session: Session): Promise<PeriodEvent[]> {
  return session.query(
    sql`SELECT ${EVENT} FROM meta.period_log WHERE event_id IN (
          SELECT max(event_id) FROM meta.period_log GROUP BY period, dataset)
        ORDER BY event_id`,
  );
}

export type NewPeriodEvent = Omit<PeriodEvent, 'eventId' | 'decidedAt'> & {
  readonly runId: string;
  readonly at: Date;
};

export async function logPeriodEvent(tx: Session, row: NewPeriodEvent): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.period_log (period, dataset, action, reason, decided_by, run_id, decided_at)
        VALUES (${row.period}, ${row.dataset}, ${row.action}, ${row.reason}, ${row.decidedBy}, ${row.runId},
          CAST(${timestamp(row.at)} AS TIMESTAMP))`,
  );
}
