/** Points per line of text, and lines of a row at most: a longer text can be read by selecting the cell. */
const LINE = 15;
const MOST_LINES = 8;

/** A height at which the wrapped texts of a row can be read: not every program calculates it when it opens the file. */
export function rowHeight(texts: readonly (string | null)[], widths: readonly number[]): number {
  const lines = texts.map((text, i) => {
    const width = Math.max(1, (widths[i] ?? 10) - 2);
    return (text ?? '')
      .split('\n')
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
  });
  return LINE * Math.min(MOST_LINES, Math.max(1, ...lines));
}
