/** A delivery of one slice and period: the value of every key it has. */
export type Told = ReadonlyMap<number, string | null>;
/** What counts of each promoted period: the delivery promoted for it last. */
export type Truth = ReadonlyMap<string, Told>;

export interface Interval {
  readonly id: number;
  readonly value: string | null;
  readonly from: string;
  readonly to: string | null;
}

/** The intervals core has to hold, from the truth of each promoted period alone; equal neighbours are one. */
export function intervalsOf(truth: Truth): Interval[] {
  const periods = [...truth.keys()].sort();
  const ids = [...new Set([...truth.values()].flatMap((told) => [...told.keys()]))].sort((a, b) => a - b);
  return ids.flatMap((id) => {
    const found: Interval[] = [];
    let open: Interval | null = null;
    for (const period of periods) {
      const told = truth.get(period) as Told;
      const stays = open !== null && told.has(id) && told.get(id) === open.value;
      if (open !== null && !stays) found.push({ ...open, to: period });
      if (!stays) open = told.has(id) ? { id, value: told.get(id) ?? null, from: period, to: null } : null;
    }
    return open === null ? found : [...found, open];
  });
}
