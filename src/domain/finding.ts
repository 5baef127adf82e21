export type Severity = 'error' | 'warning' | 'info';

/** A problem in the data: a value with a code and an address, collected and counted, never thrown. */
export interface Finding {
  /** Frictionless code where there is one (`type-error`, `missing-label`, …). */
  readonly code: string;
  readonly severity: Severity;
  readonly dataset: string | null;
  readonly file: string | null;
  readonly sheet: string | null;
  /** A1 notation for workbooks, `line:column` for text files; null where the finding is about the whole file. */
  readonly cell: string | null;
  /** The row as the analyst sees it. */
  readonly row: number | null;
  readonly field: string | null;
  /** The raw value; already masked where the field is PII. */
  readonly value: string | null;
  readonly message: string;
  readonly fix: string | null;
}

/** A1 notation: column 0, row 1 is A1. */
export function a1(column: number, row: number): string {
  return `${columnLetters(column)}${row}`;
}

export function columnLetters(column: number): string {
  let letters = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  }
  return letters;
}
