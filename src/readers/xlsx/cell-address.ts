/** The letters of a column from its position (0: A, 26: AA). */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

export function cellAddress(column: number, row: number): string {
  return `${columnLetters(column)}${row}`;
}

/** The last row of a merged range such as `A3:B7`; null for a single cell or what is no range. */
export function mergedLastRow(range: string): number | null {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/i.exec(range);
  if (!match || (match[1] === match[3] && match[2] === match[4])) return null;
  return Math.max(Number(match[2]), Number(match[4]));
}
