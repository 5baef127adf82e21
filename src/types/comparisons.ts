import type { MeasureName } from '../domain/measure.ts';

/** How values of a type are compared with each other, and with a period. */
export interface Comparisons {
  /**
   * measured: by their size; ordered: by their texts; named: side by side, the most frequent first; document: not
   * compared at all.
   */
  readonly scale: 'measured' | 'ordered' | 'named' | 'document';
  /** SQL of the place of a value on an axis, as a DOUBLE; null where values have none. */
  readonly axis: ((value: string) => string) | null;
  /** Measures of numbers that the values have. */
  readonly measures: readonly MeasureName[];
  /** Whether the text of a stored value and a text as people write it are the same value, although the texts differ. */
  readonly sameValue: (stored: string, written: string) => boolean;
  /** The part of the calendar that a value is; null where it is none. */
  readonly calendar: 'day' | 'month' | 'year' | null;
  /** SQL: true where a value lies in a period; null where it cannot. The first day, and the day after the last. */
  readonly within: ((value: string, days: Days) => string) | null;
}

export interface Days {
  readonly from: string;
  readonly until: string;
}

/** Values that begin with a year and month, such as 2025-06 or 2025-06-30, are compared by their beginning. */
export function beginsWithin(value: string, { from, until }: Days): string {
  return `${value}::VARCHAR >= '${from.slice(0, 7)}' AND ${value}::VARCHAR < '${until.slice(0, 7)}'`;
}
