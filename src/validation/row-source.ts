import type { PlannedColumn } from './layout.ts';

/**
 * Where the typed rows lie, for those who read many columns at once: of a very wide file a view over all of them costs as
 * much as the columns it has, whichever are asked for.
 */
export interface RowSource {
  /** A relation with `rid`, `r`, `m` and the values of the columns with these indices, in file order. */
  readonly from: (indices: ReadonlySet<number>) => string;
  /** The value of a column in that relation. */
  readonly value: (column: PlannedColumn) => string;
}

/** Of rows that lie in one file, as view `t` has them. */
export const ONE_VIEW: RowSource = { from: () => 't', value: ({ index }) => `v${index}` };
