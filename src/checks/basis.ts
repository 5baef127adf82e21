import type { Check } from '../domain/check.ts';
import type { Measure } from '../domain/measure.ts';
import type { Period } from '../domain/period.ts';

/** Counts and totals of another period of the same slice, as loaded in stage. */
export interface OtherPeriod {
  readonly period: string;
  readonly rows: number;
  /** By measure as written, such as `sum(income)`; null where there was nothing to measure. Exact decimal text. */
  readonly measures: ReadonlyMap<string, string | null>;
}

/** The nearest earlier period of the same slice. */
export interface PreviousPeriod extends OtherPeriod {
  /** Parquet file of its business columns, where a check needs it. */
  readonly path: string | null;
}

/** The keys in which a foreign key is looked up, as a Parquet file with columns k0 …. */
export interface ReferenceKeys {
  readonly dataset: string;
  /** `own`: in the delivery itself, so that there is no file; with `core` the keys are not of one period. */
  readonly from: 'own' | 'list' | 'core';
  readonly period: string | null;
  readonly path: string;
  readonly pii: boolean;
}

/**
 * The keys with which a check across deliveries compares: Parquet files of the keys k0 … and their places, w. A check
 * without other keys is left out.
 */
export type OtherKeys = ReadonlyMap<Check, readonly string[]>;

/** A total as the sender wrote it. */
export interface WrittenTotal {
  readonly text: string;
  /** A number of JSON or of the configuration, with a decimal point and nothing else. */
  readonly plain: boolean;
}

/** What the control file of a delivery says, by measure as the configuration writes them, `sum(amount)`. */
export type ControlFile =
  | { readonly state: 'missing'; readonly name: string }
  | { readonly state: 'unreadable'; readonly name: string; readonly why: string }
  | { readonly state: 'read'; readonly name: string; readonly totals: ReadonlyMap<string, WrittenTotal> };

/** Everything that rows are compared with, read in one place before they are checked. */
export interface Basis {
  /** The period that the rows are of. */
  readonly period: Period;
  /** In the order of the dataset's foreign keys. */
  readonly references: readonly ReferenceKeys[];
  /** Null: none is loaded, or no check compares with it. */
  readonly previous: PreviousPeriod | null;
  /** The same month, quarter or year one year before; null: not loaded, or no check compares with it. */
  readonly lastYear: OtherPeriod | null;
  readonly others: OtherKeys;
  /** The control file beside the delivery; null: no check needs one. */
  readonly control: ControlFile | null;
}

/** There is nothing to compare with but the period: a check that needs more says that it was not made. */
export function basisWithout(period: Period): Basis {
  return { period, references: [], previous: null, lastYear: null, others: new Map(), control: null };
}

/** What a check needs of the basis; what it leaves out is not read for it. */
export interface Needs {
  /** Measures of the nearest earlier period, and whether its rows themselves are compared. */
  readonly previous?: { readonly measures: readonly Measure[]; readonly rows: boolean };
  readonly lastYear?: { readonly measures: readonly Measure[] };
  /** Keys of other deliveries of the dataset: of its other slices, its other periods, or both. */
  readonly otherKeys?: { readonly fields: readonly string[]; readonly across: 'slices' | 'periods' | 'all' };
  readonly controlFile?: boolean;
}
