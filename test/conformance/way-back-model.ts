/** A core row, every column of it, as the engine gives it. */
export type CoreRow = Readonly<Record<string, unknown>>;
/** The rows of a table by what hangs together: a key, or a key of a period. */
export type State = ReadonlyMap<string, readonly CoreRow[]>;

/** One thing that changed core, and what stood before and after it. */
export interface Step {
  readonly id: number;
  readonly before: State;
  readonly after: State;
  /** What it would have changed, had not a later period delivered it. */
  readonly shadowed: ReadonlySet<string>;
  /** What it took back, for a rollback. */
  readonly undoes: Step | null;
  /** Whether it counts: not taken back, or taken back and that taken back again. */
  counts: boolean;
}

export function sameRows(one: State, two: State, key: string): boolean {
  return JSON.stringify(one.get(key) ?? []) === JSON.stringify(two.get(key) ?? []);
}

/** What a step changed. */
export function changedBy({ before, after }: Step): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => !sameRows(before, after, key));
}

/**
 * Whether a step can be taken back: what it left stands, row by row, and no later step that counts found its rows
 * shadowed. How steps and ways back led there does not matter.
 */
export function canGoBack(step: Step, now: State, all: readonly Step[]): boolean {
  const changed = changedBy(step);
  const shadowed = all.some(
    (later) => later.id > step.id && later.counts && changed.some((key) => later.shadowed.has(key)),
  );
  return !shadowed && changed.every((key) => sameRows(step.after, now, key));
}

/** Core with a step's rows as they stood before it, and everything else as it is. */
export function takenBack(step: Step, now: State): State {
  const state = new Map(now);
  for (const key of changedBy(step)) {
    const rows = step.before.get(key);
    if (rows === undefined) state.delete(key);
    else state.set(key, rows);
  }
  return state;
}

/** Notes that a step no longer counts; what it took back counts again, and so on. */
export function noteBack(step: Step): void {
  let counts = false;
  for (let each: Step | null = step; each !== null; each = each.undoes) {
    each.counts = counts;
    counts = !counts;
  }
}
