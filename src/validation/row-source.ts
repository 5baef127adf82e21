import type { PlannedColumn } from '../checks/planned-column.ts';

/**
 * Where the typed rows are, for code that reads many columns at once: of a very wide file, a view over all columns
 * costs as much as all of them, whichever are read.
 */
export interface RowSource {
  /** A relation with `rid`, `r`, `m` and the values of the columns with these indices, in file order. */
  readonly from: (indices: ReadonlySet<number>) => string;
  /** The value of a column in that relation. */
  readonly value: (column: PlannedColumn) => string;
}

/** The view of typed rows; TypedSource has its name for everybody else. */
export const TYPED_VIEW = 't';

/** For rows in one file, as the view has them. */
export const ONE_VIEW: RowSource = { from: () => TYPED_VIEW, value: ({ index }) => `v${index}` };
