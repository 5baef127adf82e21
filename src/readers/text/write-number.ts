/** Writes a whole number (0 or more) as decimal digits into a buffer; answers where it ends. No string is made on the way. */
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
