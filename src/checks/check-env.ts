import type { Dataset } from '../domain/dataset.ts';
import type { Severity } from '../domain/finding.ts';
import type { Basis } from './basis.ts';
import type { CheckEngine } from './engine.ts';
import type { Faults } from './faults.ts';
import type { PlannedColumn } from './planned-column.ts';

/** A finding about the whole file: a check that failed, or one that could not be made. */
export interface TableFinding {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly message: string;
  readonly fix: string | null;
  /** For a finding about a header: its cell, its row, and its text. */
  readonly cell?: string | null;
  readonly row?: number | null;
  readonly value?: string | null;
}

/**
 * Relations of the rows in the engine: `rid` their position in the source, `r` their number as people count, `v<index>`
 * the typed value of each planned column.
 */
export interface RowRelations {
  /** All rows that are data. */
  readonly data: string;
  /** The data rows whose cells belong to the columns. */
  readonly judged: string;
}

/** A cell that the sender wrote below the table. */
export interface FooterCell {
  /** As the analyst sees it. */
  readonly row: number;
  readonly text: string;
  /** It holds a number, and not a text that looks like one. */
  readonly plain: boolean;
}

/** What the sender added up. */
export interface SentTotals {
  /** The first filled cell below the table in a column; null where there is none. */
  footerCell(column: PlannedColumn): Promise<FooterCell | null>;
}

/** What a check works with. */
export interface CheckEnv {
  readonly engine: CheckEngine;
  readonly dataset: Dataset;
  readonly plan: readonly PlannedColumn[];
  readonly rows: RowRelations;
  /** Number of data rows. */
  readonly read: number;
  readonly basis: Basis;
  readonly faults: Faults;
  readonly tableFindings: TableFinding[];
  /**
   * Rows of one key are one thing, handed over again, and no fault: so it is with records. A value that may occur once
   * may then occur in all of them.
   */
  readonly keysRepeat: boolean;
  /** Null: the rows are corrected ones, and no longer those that were sent. */
  readonly sent: SentTotals | null;
  /**
   * A condition on the judged rows: all cells of these columns could be read. A cell that could not be read is not
   * reported a second time.
   */
  readable(columns: readonly PlannedColumn[]): string;
}
