/**
 * Writes a whole number (0 or more) as decimal digits into a buffer, without making a string; returns the position
 * after it.
 */
export function writeNumber(out: Buffer, at: number, value: number): number {
  let end = at + 1;
  for (let rest = Math.floor(value / 10); rest > 0; rest = Math.floor(rest / 10)) end++;
  let rest = value;
  for (let i = end - 1; i >= at; i--) {
    out[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return end;
}

/**
 * Writes another number of cells in front of a record's cells, which are in `cells`; the number, and two separators
 * after it, are directly before them. The cells move where the number has more or fewer digits; returns the position
 * after them.
 */
export function rewriteNumber(
  out: Buffer,
  before: number,
  now: number,
  cells: { readonly from: number; readonly to: number },
): number {
  const digits = String(now);
  const at = cells.from - 2 - String(before).length;
  const shift = at + digits.length + 2 - cells.from;
  if (shift !== 0) out.copyWithin(cells.from + shift, cells.from, cells.to);
  out.write(`${digits}\x1f\x1f`, at, 'latin1');
  return cells.to + shift;
}
