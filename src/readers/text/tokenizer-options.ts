import type { Limits } from '../../domain/limits.ts';
import type { Dialect } from './dialect.ts';

export interface TokenizerOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly dialect: Dialect;
  readonly limits: Limits;
  /** Every record is filled up or cut to this many cells; null: it keeps its own number. */
  readonly width: number | null;
  /** Cells of a sound record, where that is known: shows whether a record of several lines is in doubt. */
  readonly usual?: number | undefined;
  /** Records that start on this line or before it are left out. */
  readonly afterRow: number;
  /** Stop after the first record that starts on this line or later. */
  readonly stopAtRow?: number;
  /** Keep records without any text. */
  readonly keepBlank?: boolean;
  /**
   * Called with every cell of several lines, in the canonical form, and the line on which it begins; the bytes must not
   * be kept.
   */
  readonly manyLines?: (cell: Buffer, line: number) => void;
  /** Called with finished records; their bytes are reused afterwards. */
  readonly sink: (records: Buffer) => void;
}
