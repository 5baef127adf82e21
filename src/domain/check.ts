import type { Severity } from './finding.ts';
import type { Measure } from './measure.ts';

/** A share (`5%` is 0.05) or an absolute count. */
export type Threshold =
  | { readonly kind: 'share'; readonly value: number; readonly text: string }
  | { readonly kind: 'count'; readonly value: number; readonly text: string };

/** The number of rows that a threshold allows of a whole. A share must not fail because of its last binary digit. */
export function allowedOf(limit: Threshold, whole: number): number {
  return limit.kind === 'count' ? limit.value : Math.abs(whole) * limit.value * (1 + 1e-12);
}

interface CheckBase {
  readonly name: string;
  readonly severity: Severity;
  readonly message: string | null;
  /** For checks of rows: the number of broken rows up to which they are kept, with warnings; null: no such number. */
  readonly maxFailures: Threshold | null;
}

/** How much a measure may differ from the measure it is compared with. */
export interface Change {
  readonly measure: Measure;
  readonly maxDrop: Threshold | null;
  readonly maxRise: Threshold | null;
}

/** A total that the delivery has to agree with, and where it is written. */
export interface ControlTotal {
  readonly measure: Measure;
  readonly from:
    | { readonly kind: 'number'; readonly value: string }
    /** The cell of the totals row in this field's column. */
    | { readonly kind: 'footer'; readonly field: string }
    /** The control file beside the delivery. */
    | { readonly kind: 'file' };
}

export type Check = CheckBase &
  (
    | { readonly kind: 'expect'; readonly expression: string; readonly when: string | null }
    | { readonly kind: 'required'; readonly fields: readonly string[]; readonly when: string | null }
    | {
        readonly kind: 'unique';
        readonly fields: readonly string[];
        readonly across: 'file' | 'slices' | 'periods' | 'all';
      }
    | {
        readonly kind: 'hierarchy';
        readonly key: readonly string[];
        /** As many as `key`. */
        readonly parent: readonly string[];
        readonly level: string | null;
        readonly minDepth: number | null;
        readonly maxDepth: number | null;
      }
    | { readonly kind: 'rows'; readonly min: number | null; readonly max: number | null }
    | {
        readonly kind: 'control';
        readonly totals: readonly ControlTotal[];
        readonly tolerance: Threshold | null;
      }
    | { readonly kind: 'versus_previous'; readonly measures: readonly Change[] }
    | { readonly kind: 'versus_last_year'; readonly measures: readonly Change[] }
    | { readonly kind: 'in_period'; readonly field: string }
    | { readonly kind: 'differs_from_previous' }
  );
export type CheckOf<K extends Check['kind']> = Extract<Check, { kind: K }>;
