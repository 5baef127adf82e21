export interface Mode {
  readonly covers: 'all' | 'period' | null;
  readonly missing: 'keep' | 'close' | 'delete';
}

export const MODES: readonly Mode[] = [
  { covers: null, missing: 'keep' },
  { covers: 'all', missing: 'keep' },
  { covers: 'all', missing: 'close' },
  { covers: 'all', missing: 'delete' },
  { covers: 'period', missing: 'keep' },
  { covers: 'period', missing: 'close' },
  { covers: 'period', missing: 'delete' },
];

export type Delivery = ReadonlyMap<number, string>;
/** Every delivery that was promoted, by period, oldest first. Periods come in any order. */
export type Promotions = ReadonlyMap<string, readonly Delivery[]>;
export type CoreState = Record<number, { readonly value: string; readonly closed: string | null }>;

/**
 * What core has to hold, from the deliveries of each period alone: in which order periods were promoted does not enter.
 * `keep` and `close` go by every delivery that was promoted (a restatement that lacks a key takes nothing away); `delete`
 * goes by the newest of each period.
 */
export function coreAfter(promotions: Promotions, mode: Mode): CoreState {
  const periods = [...promotions.keys()].sort();
  const newest = (period: string) => (promotions.get(period) as readonly Delivery[]).at(-1) as Delivery;
  if (mode.missing === 'delete') {
    const from = mode.covers === 'all' ? periods.slice(-1) : periods;
    const state: Record<number, { value: string; closed: null }> = {};
    for (const period of from)
      for (const [key, value] of newest(period)) state[key] = { value, closed: null };
    return state;
  }
  const state: Record<number, { value: string; closed: string | null }> = {};
  for (const period of periods) {
    for (const delivery of promotions.get(period) ?? []) {
      for (const [key, value] of delivery) {
        const after = mode.covers === 'all' ? periods.filter((each) => each >= period) : [period];
        const closed = after.find((each) => !newest(each).has(key)) ?? null;
        state[key] = { value, closed: mode.missing === 'close' ? closed : null };
      }
    }
  }
  return state;
}
