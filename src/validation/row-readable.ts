import type { PlannedColumn } from '../checks/planned-column.ts';
import { cellMask, errorBits } from './bits.ts';

/** See `CheckEnv.readable`: no cell of these columns has a fault that rejects its row. */
export function rowReadable(kept: ReadonlyMap<number, number>, columns: readonly PlannedColumn[]): string {
  const tests = columns.map(({ index }) => `${cellMask(index)} & ${errorBits(kept, index)} = 0`);
  return tests.length === 0 ? 'true' : `(m IS NULL OR (${tests.join(' AND ')}))`;
}
