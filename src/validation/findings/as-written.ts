import type { Field } from '../../domain/dataset.ts';

/**
 * A value as an analyst would write it in a cell of the field; null where that is not known. `text` is the value as
 * engines write it: ISO dates, a decimal point.
 */
export function asWritten(field: Field, text: string): string | null {
  switch (field.type) {
    case 'number':
      return text.replace('.', field.decimalChar);
    case 'boolean':
      return (/^(t|true|1)$/i.test(text) ? field.trueValues : field.falseValues)[0] ?? null;
    case 'date':
      return asDate(field.formats, text.slice(0, 10));
    case 'datetime':
    case 'time':
    case 'yearmonth':
      return field.formats.length === 0 ? text : null;
    case 'object':
    case 'array':
      return null;
    default:
      return text;
  }
}

function asDate(formats: readonly string[], iso: string): string | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  if (year === '') return null;
  if (formats.length === 0 || formats.includes('%Y-%m-%d')) return iso;
  const parts: Record<string, string> = { '%Y': year, '%m': month, '%d': day };
  const written = (formats[0] ?? '').replace(/%[Ymd]/g, (part) => parts[part] ?? part);
  return written.includes('%') ? null : written;
}
