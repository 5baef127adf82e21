import type { Field } from './dataset.ts';

/**
 * The value of a slice's text in a column, written as both engines read it: `03` in a whole number is 3. Null where the
 * text is not a value of the column, so that no row holds it. `type` is the column's, in the words of
 * `ColumnInfo.type`; `field` gives the words for true and the decimal sign, and is null for a column without a field.
 */
export function sliceValue(text: string, type: string, field: Field | null): string | null {
  const kind = /^\w+/.exec(type)?.[0] ?? '';
  if (kind === 'VARCHAR') return field?.type !== 'yearmonth' || YEAR_MONTH.test(text) ? text : null;
  if (field?.type === 'year' && !/^[1-9]\d{3}$/.test(text)) return null;
  if (kind in LARGEST) return wholeNumber(text, LARGEST[kind] as bigint);
  if (kind === 'DOUBLE' || kind === 'DECIMAL') return decimalNumber(text, type, field?.decimalChar ?? '.');
  if (kind === 'BOOLEAN') return truth(text, field);
  if (kind === 'DATE') return isDay(text) ? text : null;
  if (kind === 'TIMESTAMP') return moment(text);
  if (kind === 'TIME') return TIME.test(text) ? text : null;
  return kind === 'JSON' ? null : text;
}

const YEAR_MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const LARGEST: Record<string, bigint> = {
  BIGINT: 2n ** 63n - 1n,
  INTEGER: 2n ** 31n - 1n,
  SMALLINT: 32_767n,
};

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

function truth(text: string, field: Field | null): string | null {
  if ((field?.trueValues ?? ['true']).includes(text)) return 'true';
  return (field?.falseValues ?? ['false']).includes(text) ? 'false' : null;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function moment(text: string): string | null {
  const [day = '', time = '00:00', ...rest] = text.split(/[T ]/);
  return rest.length === 0 && isDay(day) && TIME.test(time) ? `${day} ${time}` : null;
}
