import type { Finding, Severity } from '../domain/finding.ts';

/** Everything the reports of one validation tell; values of PII fields are masked in it already. */
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
  readonly findings: readonly Finding[];
  /** How the file was read, as sentences. */
  readonly notes: readonly string[];
  /** What was checked, as sentences, so that an all-clear says what it covers. */
  readonly checked: readonly string[];
  readonly profile: readonly ReportedColumn[];
  /** Where the rejected rows lie, relative to the project; null where there are none. */
  readonly rejectedCsv: string | null;
  /** Names of the workbooks that lie beside the report. */
  readonly workbooks?: readonly string[];
}

export interface ReportedTotal {
  readonly code: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly message: string;
  readonly count: number;
  readonly shown: number;
}

export interface ReportedColumn {
  readonly name: string;
  readonly title: string | null;
  readonly type: string;
  readonly filled: number;
  readonly blank: number;
  readonly distinct: number | null;
  readonly min: string | null;
  readonly max: string | null;
}
