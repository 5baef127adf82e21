import type { Dataset } from '../domain/dataset.ts';
import type { Severity } from '../domain/finding.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import type { Faults } from './faults.ts';
import type { Layout, PlannedColumn } from './layout.ts';
import type { ReferenceKeys } from './references.ts';
import type { Scratch } from './scratch.ts';

/** Something about the whole file: a check that failed, or one that could not be asked. */
export interface TableFinding {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly message: string;
  readonly fix: string | null;
}

/** Rows of the nearest earlier period of the same slice, loaded in stage. */
export interface PreviousPeriod {
  readonly period: string;
  readonly rows: number;
  /** By field name; null where nothing was there to add up. Exact decimal text. */
  readonly sums: ReadonlyMap<string, string | null>;
  /** Parquet file of its business columns, where a check needs them. */
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
  readonly previous: PreviousPeriod | null;
  readonly tableFindings: TableFinding[];
}

export function columnNamed(env: Pick<CheckEnv, 'plan'>, name: string): PlannedColumn {
  const column = env.plan.find((one) => one.name === name);
  if (column === undefined) throw new TypeError(`there is no column '${name}'`);
  return column;
}

export function hasPii(columns: readonly PlannedColumn[]): boolean {
  return columns.some((column) => column.field.pii);
}
