/** How long something is kept: `30d`, `8w`, `12m` or `2y`. */
export interface Age {
  readonly amount: number;
  readonly unit: 'd' | 'w' | 'm' | 'y';
  readonly text: string;
}

/** What `prune` may remove; null: nothing of that kind. */
export interface Retention {
  /** The newest deliveries of every period and slice whose files are kept. */
  readonly keepDeliveries: number | null;
  /** Files of deliveries, and records of runs, younger than this are kept. */
  readonly olderThan: Age | null;
  /** Before-images younger than this are kept; promotions whose before-images are gone can no longer be rolled back. */
  readonly journalOlderThan: Age | null;
  /** What scripts handed over is kept where it was promoted later; of older records only the row remains. */
  readonly recordsOlderThan: Age | null;
}

export const NO_RETENTION: Retention = {
  keepDeliveries: null,
  olderThan: null,
  journalOlderThan: null,
  recordsOlderThan: null,
};

/** Null where the text is not an age. */
export function parseAge(text: string): Age | null {
  const [, amount, unit] = /^([1-9]\d{0,3})([dwmy])$/.exec(text) ?? [];
  return amount === undefined ? null : { amount: Number(amount), unit: unit as Age['unit'], text };
}

/** The moment before which something is older than an age; months and years by the calendar, UTC. */
export function before(now: Date, { amount, unit }: Age): Date {
  const at = new Date(now);
  if (unit === 'd' || unit === 'w') {
    at.setUTCDate(at.getUTCDate() - amount * (unit === 'w' ? 7 : 1));
    return at;
  }
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() - amount * (unit === 'y' ? 12 : 1));
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return at;
}
