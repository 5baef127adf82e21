import type { Severity, ToldFinding } from '../domain/finding.ts';

/** Everything that the reports of one validation show; values of PII fields are masked already. */
export interface ValidationReport {
  readonly version: string;
  readonly dataset: string;
  readonly title: string;
  readonly owner: string | null;
  readonly period: string;
  readonly slice: string;
  readonly fileId: number;
  readonly file: string;
  readonly sheet: string | null;
  readonly sha256: string;
  readonly verdict: 'passed' | 'refused';
  readonly refusals: readonly string[];
  readonly threshold: string;
  readonly rows: {
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly blank: number;
  };
  readonly footerRows: number;
  readonly counts: { readonly error: number; readonly warning: number; readonly info: number };
  readonly totals: readonly ReportedTotal[];
  readonly findings: readonly ToldFinding[];
  /** Null where there is no earlier delivery, or its report is gone. */
  readonly sinceLast: SinceLastDelivery | null;
  /** How the file was read, as sentences. */
  readonly notes: readonly string[];
  /** What was checked, as sentences, so that a report without findings says what it covers. */
  readonly checked: readonly string[];
  readonly profile: readonly ReportedColumn[];
  /** The period with which the profile is compared; null where there is none. */
  readonly lastPeriod: string | null;
  /** Where the rejected rows are, relative to the project; null where there are none. */
  readonly rejectedCsv: string | null;
  /** Set where the gate refused the file: then its cells were not checked. */
  readonly structure?: ReportedStructure;
  /** Names of the workbooks beside the report. */
  readonly workbooks?: readonly string[];
}

/** What the gate saw in a file that it refused. */
export interface ReportedStructure {
  /** Each expected column, and its place in the file; empty where the headers are not the problem. */
  readonly columns: readonly {
    readonly label: string;
    readonly found: string | null;
    readonly cell: string | null;
  }[];
}

export interface ReportedTotal {
  readonly code: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly message: string;
  readonly count: number;
  readonly shown: number;
  /** Findings that say the same, the most frequent first; not all of them where there are very many. */
  readonly groups: readonly FindingGroup[];
}

/** Findings of one rule that say the same about the same value. */
export interface FindingGroup {
  readonly value: string | null;
  readonly message: string;
  readonly fix: string | null;
  readonly suggestions: readonly string[];
  /** The value that all of them had in the last period; null where it differs or is not known. */
  readonly lastValue: string | null;
  /** The exact number; `cells` are the first of them. */
  readonly count: number;
  readonly cells: readonly string[];
  /** All of them depend on an earlier finding about the same cells. */
  readonly hidden: boolean;
}

/** What happened to the problems of the last delivery of the same dataset, period and slice; every count is exact. */
export interface SinceLastDelivery {
  readonly fileId: number;
  readonly fixed: number;
  readonly stillOpen: number;
  readonly new: number;
  readonly rules: readonly {
    readonly code: string;
    readonly rule: string;
    readonly field: string | null;
    readonly fixed: number;
    readonly stillOpen: number;
    readonly new: number;
  }[];
  /** The first fixed ones, as the last delivery's report has them. */
  readonly fixedFindings: readonly ToldFinding[];
}

export interface ReportedColumn extends ColumnProfile {
  /** The same column of the last period; null where there is none. */
  readonly last: ColumnProfile | null;
}

/** What the accepted values of a column look like. */
export interface ColumnProfile {
  readonly name: string;
  readonly title: string | null;
  readonly type: string;
  readonly filled: number;
  readonly blank: number;
  /** Null where it would take too long to count. */
  readonly distinct: number | null;
  readonly min: string | null;
  readonly max: string | null;
  /**
   * How the values are distributed; null for PII, for long lists of different texts, and where it would take too long
   * to count.
   */
  readonly shape: ColumnShape | null;
}

export type ColumnShape =
  | {
      /** Equal steps from `from` to `to`: numbers unchanged, dates as days since 1970. */
      readonly kind: 'steps';
      readonly from: number;
      readonly to: number;
      readonly counts: readonly number[];
    }
  | {
      /** Each value with its count, the most frequent first. */
      readonly kind: 'values';
      readonly values: readonly (readonly [value: string, count: number])[];
    };
