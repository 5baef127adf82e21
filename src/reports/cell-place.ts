import { a1 } from '../domain/finding.ts';

/** The address of a cell as findings give it: A1 in workbooks, line and column in every other file. */
export function placeOf(path: string, column: number, row: number): string {
  return /\.xls[xm]$/i.test(path) ? a1(column, row) : `${row}:${column + 1}`;
}
