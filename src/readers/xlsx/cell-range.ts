/** Rows from 1, columns from 0, both ends included. */
export interface CellRange {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly lastRow: number;
  readonly lastColumn: number;
}

/** A reference such as `A3:B7` or `$C$1`, whichever corner comes first; null where the text is not a reference. */
export function readRange(reference: string): CellRange | null {
  const match = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,8})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,8}))?$/i.exec(
    reference.trim(),
  );
  if (!match) return null;
  const [, left = '', top, right = left, bottom = top] = match;
  const columns = [columnNumber(left), columnNumber(right)];
  const rows = [Number(top), Number(bottom)];
  return {
    firstRow: Math.min(...rows),
    firstColumn: Math.min(...columns),
    lastRow: Math.max(...rows),
    lastColumn: Math.max(...columns),
  };
}

function columnNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1;
}
