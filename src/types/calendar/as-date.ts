/** A day (2025-06-30) in a field's first format; null where that is not known. */
export function asDate(formats: readonly string[], iso: string): string | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  if (year === '') return null;
  if (formats.length === 0 || formats.includes('%Y-%m-%d')) return iso;
  const parts: Record<string, string> = { '%Y': year, '%m': month, '%d': day };
  const written = (formats[0] ?? '').replace(/%[Ymd]/g, (part) => parts[part] ?? part);
  return written.includes('%') ? null : written;
}
