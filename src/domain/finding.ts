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

/** What became of a problem since the last delivery of the same dataset, period and slice. */
export type SinceLast = 'new' | 'still open' | 'fixed';

/** A finding of validation, as reports tell it: with a name of its own, and all that helps to fix it. */
export interface ToldFinding extends Finding {
  /** The same problem has the same id in every delivery: made from rule, field and key or value, never from the row number. */
  readonly id: string;
  readonly rule: string;
  /** Every cell of the row that it is about, `cell` first. */
  readonly cells: readonly string[];
  /** The row's key as it stands in the file, field by field; null without a key. Masked where the field is PII. */
  readonly key: readonly (readonly [field: string, value: string | null])[] | null;
  /** The text of the cell as the file holds it; `value` is as much of it as sentences quote. */
  readonly raw: string | null;
  readonly expected: string | null;
  /** What was probably meant, the likeliest first; never for PII. */
  readonly suggestions: readonly string[];
  /** What the same key held in the last period, as the field writes it, where that may be right again; never for PII. */
  readonly lastValue: string | null;
  /** Null where there is no earlier delivery to compare with. */
  readonly since: SinceLast | null;
  /** Id of the finding about the same cell that has to be fixed first: this one may go with it. */
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
