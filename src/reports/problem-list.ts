import type { Severity } from '../domain/finding.ts';

/** One problem as the two workbooks for analysts tell it: in clear, whatever is PII. */
export interface Problem {
  readonly severity: Extract<Severity, 'error' | 'warning'>;
  /** The one cell it is about, in the finding's notation; null where it is about a row or the file as a whole. */
  readonly cell: string | null;
  /** Of that cell, or of the row's first one: from 0. */
  readonly column: number | null;
  /** As the analyst sees it. */
  readonly row: number | null;
  readonly field: string | null;
  /** What the file calls the column. */
  readonly label: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly fix: string | null;
  readonly suggestion: string | null;
}

/** What is wrong with a delivery, as far as it is listed, and how much of it there is. */
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
  /** Rows with a problem, exactly. */
  readonly rowsInAll: number;
}

export function ruleKey(of: {
  readonly code: string;
  readonly rule: string;
  readonly field: string | null;
}): string {
  return JSON.stringify([of.code, of.rule, of.field]);
}
