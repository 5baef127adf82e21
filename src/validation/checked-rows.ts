import type { RowRelations, TableFinding } from '../checks/check-env.ts';
import type { Faults } from '../checks/faults.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Severity } from '../domain/finding.ts';
import type { RowOrigin } from './row-origin.ts';
import type { TypedSource } from './typed-rows.ts';

export interface RowCounts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
}
export type FindingTotals = Readonly<Record<Severity, number>>;

/** The results of all checks; the rows are still in the engine. */
export interface CheckedRows {
  readonly plan: readonly PlannedColumn[];
  readonly relations: RowRelations;
  readonly faults: Faults;
  readonly tableFindings: readonly TableFinding[];
  readonly rows: RowCounts;
  readonly findings: FindingTotals;
  /** The query of `every-fault.ts`; raw rows are read once more for it. */
  everyFault(): string;
}

/** The same of rows that came from a source, with what is known of their places there. */
export interface CheckedSource extends CheckedRows {
  readonly rows: RowCounts & { readonly blank: number };
  readonly origin: RowOrigin;
  readonly typed: TypedSource;
  /** Tests on `rid` and `m` that are true only for data rows; empty where all rows are data. */
  readonly dataRows: readonly string[];
  /** Rows from the first footer row on, which are not data. */
  readonly footerRows: number;
  /** Why all of it is refused, as sentences; empty where it passed. */
  readonly refusals: readonly string[];
}

export function findingTotals(faults: Faults, tableFindings: readonly TableFinding[]): FindingTotals {
  const of = (severity: Severity) =>
    faults
      .broken()
      .filter((rule) => rule.severity === severity)
      .reduce((sum, rule) => sum + faults.count(rule), 0) +
    tableFindings.filter((finding) => finding.severity === severity).length;
  return { error: of('error'), warning: of('warning'), info: of('info') };
}
