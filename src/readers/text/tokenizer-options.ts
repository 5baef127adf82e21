import type { Limits } from '../../domain/limits.ts';
import type { Dialect } from './dialect.ts';

export interface TokenizerOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly dialect: Dialect;
  readonly limits: Limits;
  /** Cells a record is filled up or cut to; null: as many as it has. */
  readonly width: number | null;
  /** Cells of a sound record, where that is known: tells whether a record of several lines is in doubt. */
  readonly usual?: number | undefined;
  /** Records that start on this line or before it are left out. */
  readonly afterRow: number;
  /** Stop after the first record that starts on this line or later. */
  readonly stopAtRow?: number;
  /** Keep records without any text. */
  readonly keepBlank?: boolean;
  /** Takes every cell of several lines, in the canonical form, with the line it begins on; not to be kept. */
  readonly manyLines?: (cell: Buffer, line: number) => void;
  /** Takes finished records; the bytes are used again afterwards. */
  readonly sink: (records: Buffer) => void;
}
