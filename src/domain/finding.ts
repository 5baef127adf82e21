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

/** What happened to a problem since the last delivery of the same dataset, period and slice. */
export type SinceLast = 'new' | 'still open' | 'fixed';

/** A finding of validation, as reports show it: with an id, and with everything that helps to fix it. */
export interface ToldFinding extends Finding {
  /** The same problem has the same id in every delivery: made from rule, field and key or value, never from the row number. */
  readonly id: string;
  readonly rule: string;
  /** Every cell of the row that the finding is about, `cell` first. */
  readonly cells: readonly string[];
  /** The row's key as the file has it, field by field; null without a key. Masked where the field is PII. */
  readonly key: readonly (readonly [field: string, value: string | null])[] | null;
  /** The whole text of the cell; `value` is the part that sentences quote. */
  readonly raw: string | null;
  readonly expected: string | null;
  /** What was probably meant, the likeliest first; never for PII. */
  readonly suggestions: readonly string[];
  /**
   * The value of the same key in the last period, as the field writes it, where it may be right again; never for PII.
   */
  readonly lastValue: string | null;
  /** Null where there is no earlier delivery to compare with. */
  readonly since: SinceLast | null;
  /** Id of the finding about the same cell that has to be fixed first; this finding may then disappear too. */
  readonly hiddenBy: string | null;
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
