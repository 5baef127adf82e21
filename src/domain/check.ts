import type { Severity } from './finding.ts';
import type { Threshold } from './threshold.ts';

/**
 * A check of a dataset, as far as all checks are alike. What else it has depends on its kind; only the module of that
 * kind in `src/checks` reads it.
 */
export interface Check {
  /** The key by which the configuration names it. */
  readonly kind: string;
  /** Unique in its dataset. */
  readonly name: string;
  readonly severity: Severity;
  /** What its author tells the analyst; null: our own words. */
  readonly message: string | null;
  /** For checks of rows: the number of broken rows up to which they are kept, with warnings; null: no such number. */
  readonly maxFailures: Threshold | null;
}
