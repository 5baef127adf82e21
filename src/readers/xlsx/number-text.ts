/** The number a cell holds, or null where the text is none (`NaN`, `1,5`). */
export function parseCellNumber(text: string): number | null {
  // Number() also takes 0x10, Infinity and the empty text; by these characters alone it takes decimal numbers only.
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const allowed =
      (code >= 48 && code <= 57) || code === 46 || code === 45 || code === 43 || code === 69 || code === 101;
    if (!allowed) return null;
  }
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/**
 * The shortest text that gives the same number again, without an exponent: whole numbers up to 1e21 and every small
 * fraction are written out, as nobody who typed 0.0000001 expects 1e-7. Only larger numbers keep JavaScript's exponent.
 */
export function plainNumber(value: number): string {
  const text = String(value);
  const at = text.indexOf('e');
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  if (exponent > 21) return text;
  const sign = value < 0 ? '-' : '';
  const digits = text.slice(sign.length, at).replace('.', '');
  return exponent < 0
    ? `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
    : `${sign}${digits.padEnd(exponent + 1, '0')}`;
}

/**
 * A whole number whose digits are written out, as written: past 2^53 a double has other digits, and whoever wrote them
 * all meant each. Null for any other text, and where a double does as well.
 */
export function longInteger(text: string): string | null {
  return /^[-+]?\d{16,40}$/.test(text) ? String(BigInt(text.replace('+', ''))) : null;
}

/** Whether the bytes are already that shortest text: at most 15 digits, no exponent, no zero that could go. */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (bytes[at] === 45) at++;
  const first = bytes[at]!;
  const whole = at;
  while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  const digits = at - whole;
  if (digits === 0 || digits > 15 || (first === 48 && digits > 1)) return false;
  if (at === end) return first !== 48 || whole === start;
  if (bytes[at] !== 46) return false;
  const fraction = ++at;
  while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  return at === end && at > fraction && bytes[end - 1] !== 48 && digits + at - fraction <= 15;
}
