import type { ClearCorrection } from '../ledger/corrections.ts';
import type { RowPromotion } from '../ledger/row-promotions.ts';
import type { HandedRecord } from '../records/records-of-row.ts';

/** Texts of a row by column; null where blank. */
export type RowTexts = ReadonlyMap<string, string | null>;

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

/** A record of a script from which a row came. */
export interface TracedRecord extends HandedRecord {
  readonly did: 'made the row' | 'made it' | 'changed it last';
  /** Its texts by column, null where it says nothing; null where it cannot be read. */
  readonly values: Readonly<Record<string, string | null>> | null;
}

/** One value of a row on its way: the cell, its raw text, the cleaned value, and the value in core. */
export interface TracedCell {
  readonly column: string;
  /**
   * `D18`, `line:column` of a text file, or the member of a record such as `$.job.title`; null where the column is not in
   * the file or record.
   */
  readonly cell: string | null;
  readonly raw: string | null;
  /** The text of the original cell, and the reply that put `raw` in its place; null where no reply did. */
  readonly replaced: { readonly raw: string; readonly file_id: number; readonly path: string } | null;
  readonly cleaned: string | null;
  readonly core: string | null;
  /** The correction that changed it on the way into stage. */
  readonly correction: number | null;
}

export interface TracedCorrection extends Omit<ClearCorrection, 'key'> {
  /** The load that brought the row applied the correction; else it was void, undone, or came later. */
  readonly applied: boolean;
}

/** A core row and everything it came from. */
export interface TracedRow {
  readonly key: Readonly<Record<string, string | null>>;
  /** Whether core has the row; if not, only the journal has it. */
  readonly state: 'stands' | 'gone';
  readonly promotions: readonly RowPromotion[];
  readonly delivery: TracedDelivery | null;
  /** The records that made the row and changed it last; none where its rows come from files. */
  readonly records: readonly TracedRecord[];
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
  /** The records that changed the first of these rows last; none where they come from files. */
  readonly records: readonly HandedRecord[];
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
