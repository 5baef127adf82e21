/** The largest value of each whole-number column. */
const LARGEST: Record<string, bigint> = {
  BIGINT: 2n ** 63n - 1n,
  INTEGER: 2n ** 31n - 1n,
  SMALLINT: 32_767n,
};
export const WHOLE_COLUMNS: readonly string[] = Object.keys(LARGEST);
export const DECIMAL_COLUMNS: readonly string[] = ['DOUBLE', 'DECIMAL'];

/** A text as a number of a column, without signs and zeros that a number does not need; null where it is none. */
export function sliceNumber(text: string, column: string, decimalChar: string): string | null {
  const largest = LARGEST[column];
  return largest === undefined ? decimalNumber(text, column, decimalChar) : wholeNumber(text, largest);
}

function wholeNumber(text: string, largest: bigint): string | null {
  if (!/^[+-]?\d{1,40}$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  return value > largest || value < -largest ? null : String(value);
}

function decimalNumber(text: string, type: string, decimalChar: string): string | null {
  const [, sign = '', whole = '', , decimals = ''] =
    /^([+-]?)(\d{1,40})(\.(\d{1,40}))?$/.exec(decimalChar === '.' ? text : text.replace(decimalChar, '.')) ??
    [];
  if (whole === '') return null;
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  const [before, after] = [whole.replace(/^0+/, ''), decimals.replace(/0+$/, '')];
  const fits = after.length <= Number(scale) && before.length <= Number(precision) - Number(scale);
  if (precision !== undefined && !fits) return null;
  return `${sign === '-' ? '-' : ''}${before || '0'}${after === '' ? '' : `.${after}`}`;
}
