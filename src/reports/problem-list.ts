import type { Severity } from '../domain/finding.ts';

/** One problem as the two workbooks for analysts show it; PII is in clear. */
export interface Problem {
  readonly severity: Extract<Severity, 'error' | 'warning'>;
  /** The one cell that it is about, in the finding's notation; null where it is about a row or the file as a whole. */
  readonly cell: string | null;
  /** Column of that cell, or of the row's first cell: from 0. */
  readonly column: number | null;
  /** As the analyst sees it. */
  readonly row: number | null;
  readonly field: string | null;
  /** The file's name of the column. */
  readonly label: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly fix: string | null;
  readonly suggestion: string | null;
}

/** The listed problems of a delivery, and the number of all of them. */
export interface ProblemList {
  /** Every error and warning, listed or not. */
  readonly total: number;
  /** By row, then column; those about the whole file first. */
  readonly problems: readonly Problem[];
  /** As found in the file. */
  readonly headers: readonly string[];
  /** Rows with a problem that are given here, with their raw text. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly (string | null)[] }[];
  /** Problems listed of each rule, by `ruleKey`. */
  readonly listed: ReadonlyMap<string, number>;
  /** Exact number of rows with a problem. */
  readonly rowsInAll: number;
}

export function ruleKey(of: {
  readonly code: string;
  readonly rule: string;
  readonly field: string | null;
}): string {
  return JSON.stringify([of.code, of.rule, of.field]);
}
