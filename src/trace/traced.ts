/** Texts of a row by column; null where blank. */
export type RowTexts = ReadonlyMap<string, string | null>;

/** One promotion, rollback or `go-live` that touched a row, or would have. */
export interface TracedPromotion {
  readonly promotion_id: number;
  readonly kind: string;
  readonly operation: string;
  readonly dataset: string;
  readonly period: string;
  readonly at: string;
  readonly run_id: string;
  readonly by: string | null;
  readonly why: string | null;
  readonly rolled_back_by: number | null;
  readonly takes_back: number | null;
}

/** The landed file from which a row came, and the load that brought it. */
export interface TracedDelivery {
  readonly file_id: number;
  readonly path: string;
  readonly sheet: string | null;
  readonly row: number | null;
  readonly period: string;
  readonly slice: string;
  /** Status in the log: accepted, superseded, withdrawn. */
  readonly status: string;
  readonly received_at: string;
  readonly load_id: number | null;
  readonly loaded_at: string | null;
  readonly parquet: string | null;
  /**
   * For a filled-in corrections.xlsx: the file whose cells it corrects; else null. `sheet` and `row` are of that file.
   */
  readonly original: {
    readonly file_id: number;
    readonly path: string;
    readonly sheet: string | null;
    readonly row: number | null;
  } | null;
}

/** One value of a row on its way: the cell, its raw text, the cleaned value, and the value in core. */
export interface TracedCell {
  readonly column: string;
  /** `D18`, or `line:column` of a text file; null where the column is not in the file. */
  readonly cell: string | null;
  readonly raw: string | null;
  /** The text of the original cell, and the reply that put `raw` in its place; null where no reply did. */
  readonly replaced: { readonly raw: string; readonly file_id: number; readonly path: string } | null;
  readonly cleaned: string | null;
  readonly core: string | null;
  /** The correction that changed it on the way into stage. */
  readonly correction: number | null;
}

export interface TracedCorrection {
  readonly correction_id: number;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: string;
  readonly why: string;
  readonly at: string;
  readonly undone_by: number | null;
  /** The load that brought the row applied the correction; else it was void, undone, or came later. */
  readonly applied: boolean;
}

/** A core row and everything it came from. */
export interface TracedRow {
  readonly key: Readonly<Record<string, string | null>>;
  /** Whether core has the row; if not, only the journal has it. */
  readonly state: 'stands' | 'gone';
  readonly promotions: readonly TracedPromotion[];
  readonly delivery: TracedDelivery | null;
  readonly cells: readonly TracedCell[];
  readonly corrections: readonly TracedCorrection[];
  /** What cannot be shown, and why. */
  readonly notes: readonly string[];
}

/** Core rows that share the grain of a mart row. */
export interface TracedSource {
  readonly table: string;
  /** Columns of the grain that the table has too. */
  readonly shares: readonly string[];
  readonly rows: number;
  /** Keys of the first of them, as `trace` takes them. */
  readonly keys: readonly string[];
}

export interface Trace {
  readonly table: string;
  readonly rows: readonly TracedRow[];
  /** Number of further rows that match and are not traced. */
  readonly more: number;
  /** For a mart row. */
  readonly sources: readonly TracedSource[];
  readonly notes: readonly string[];
}
