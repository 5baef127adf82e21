/** The number that a cell holds, or null where the text is not a number (`NaN`, `1,5`). */
export function parseCellNumber(text: string): number | null {
  // Number() also accepts 0x10, Infinity and the empty text; with these characters it accepts decimal numbers only.
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
 * The shortest text that gives the same number again, without an exponent: whole numbers up to 1e21 and all small
 * fractions are written out, because nobody who typed 0.0000001 expects 1e-7. Only larger numbers keep JavaScript's
 * exponent.
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
 * A whole number whose digits are all in the file, unchanged: past 2^53 a double has other digits, and whoever wrote
 * all digits meant each of them. Null for any other text, and where a double holds the number exactly.
 */
export function longInteger(text: string): string | null {
  return /^[-+]?\d{16,40}$/.test(text) ? String(BigInt(text.replace('+', ''))) : null;
}

/** An 80-bit number differs from its shortest text by less than this part of its value. */
const NOISE = 1e-19;
/** Programs that calculate in 80 bits write 20 digits and more; a decimal of 64 bits has at most this many. */
const MOST_DIGITS = 19;
/** What a sheet shows of a number. */
const SHOWN_DIGITS = 15;

/**
 * A decimal fraction with more digits than a double holds, unchanged: 1234567890123456.78. Null for any other text,
 * where a double holds the number exactly, and where the further digits come only from printing the double
 * (0.10000000000000001) or from a calculation in 80 bits (19.9899999999999999998 of Gnumeric).
 */
export function longDecimal(text: string): string | null {
  const [, sign = '', whole = '', fraction = ''] = /^([-+]?)(\d{1,40})\.(\d{1,40})$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits.length < 16) return null;
  const value = Math.abs(Number(text));
  const shortest = plainNumber(value);
  if (/e/.test(shortest) || value.toPrecision(digits.length) === scientificOf(whole, fraction)) return null;
  const shown = shortest.replace(/^0\.0*|\./g, '').length;
  if (digits.length > MOST_DIGITS && shown <= SHOWN_DIGITS) return null;
  const written = trimmedDecimal(whole, fraction);
  if (written === shortest || differsBy(written, shortest) <= NOISE * value) return null;
  return `${sign === '-' ? '-' : ''}${written}`;
}

/** As `toPrecision` writes that many digits. */
function scientificOf(whole: string, fraction: string): string {
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction}`;
}

function trimmedDecimal(whole: string, fraction: string): string {
  const rest = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
}

/** The difference of two decimals, calculated digit by digit. */
function differsBy(one: string, two: string): number {
  const places = Math.max(...[one, two].map((text) => text.split('.')[1]?.length ?? 0));
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const difference = scaled(one) - scaled(two);
  return Number(difference < 0n ? -difference : difference) / 10 ** places;
}

/** Whether the bytes are already that shortest text: at most 15 digits, no exponent, no superfluous zero. */
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
