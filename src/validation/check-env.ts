import type { Dataset } from '../domain/dataset.ts';
import type { Severity } from '../domain/finding.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import { cellMask, errorBits } from './bits.ts';
import type { ControlFile } from './control-file.ts';
import type { Faults } from './faults.ts';
import type { Layout, PlannedColumn } from './layout.ts';
import type { OtherKeys } from './other-keys.ts';
import type { RawScan } from './raw-scan.ts';
import type { ReferenceKeys } from './references/fetch-references.ts';
import type { Scratch } from './scratch.ts';

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

/** Counts and totals of another period of the same slice, as loaded in stage. */
export interface OtherPeriod {
  readonly period: string;
  readonly rows: number;
  /** By measure as written, such as `sum(income)`; null where there was nothing to measure. Exact decimal text. */
  readonly measures: ReadonlyMap<string, string | null>;
}

/** The nearest earlier period of the same slice. */
export interface PreviousPeriod extends OtherPeriod {
  /** Parquet file of its business columns, where a check needs it. */
  readonly path: string | null;
}

/**
 * What a check works with. Views in the scratch: `d` all data rows, `s` those with as many cells as there are columns
 * (`rid`, `r` the row number, `m` the mask, `v0` … the typed values).
 */
export interface CheckEnv {
  readonly scratch: Scratch;
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: Slice;
  readonly layout: Layout;
  readonly plan: readonly PlannedColumn[];
  readonly faults: Faults;
  readonly references: readonly ReferenceKeys[];
  /** Data rows of the file. */
  readonly read: number;
  readonly previous: PreviousPeriod | null;
  /** The same month, quarter or year one year before; null or left out: not loaded, or not asked for. */
  readonly lastYear?: OtherPeriod | null | undefined;
  /** Keys of other deliveries, by the check that reads them. */
  readonly others?: OtherKeys | undefined;
  /** The control file beside the delivery; null or left out: no check needs one. */
  readonly control?: ControlFile | null | undefined;
  /** The raw rows of the file; null: the rows are corrected ones, and no longer those of the file. */
  readonly scan: RawScan | null;
  /** `rid` of the first row of the footer, or else of a table's totals row; null: there is none. */
  readonly footerAt: number | null;
  /** By index of a column: bits of faults whose rows are kept, so that the value counts for other checks. */
  readonly kept: Map<number, number>;
  readonly tableFindings: TableFinding[];
}

export function columnNamed(env: Pick<CheckEnv, 'plan'>, name: string): PlannedColumn {
  const column = env.plan.find((one) => one.name === name);
  if (column === undefined) throw new TypeError(`there is no column '${name}'`);
  return column;
}

/**
 * True in rows whose cells of these columns were all read: a cell that could not be read is not reported a second time.
 */
export function soundCells(env: Pick<CheckEnv, 'kept'>, columns: readonly PlannedColumn[]): string {
  const tests = columns.map(({ index }) => `${cellMask(index)} & ${errorBits(env.kept, index)} = 0`);
  return tests.length === 0 ? 'true' : `(m IS NULL OR (${tests.join(' AND ')}))`;
}

export function hasPii(columns: readonly PlannedColumn[]): boolean {
  return columns.some((column) => column.field.pii);
}
