import type { CheckEnv, RowRelations } from '../checks/check-env.ts';
import type { Layout } from './layout.ts';
import type { RawScan } from './raw-scan.ts';

/** What a check of the form works with: of rows that were read from a source, and of what is around them there. */
export interface SourceEnv extends CheckEnv {
  readonly rows: RowRelations & {
    /** Everything that was read, also what is not data, with `m`, the mask of each row (see bits.ts). */
    readonly typed: string;
  };
  readonly layout: Layout;
  /** The raw rows of the source. */
  readonly scan: RawScan;
  /** By index of a column: bits of faults whose rows are kept, so that the value counts for other checks. */
  readonly kept: Map<number, number>;
}
