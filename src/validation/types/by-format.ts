import type { Field } from '../../domain/dataset.ts';
import { LOCALES } from '../../domain/locale.ts';
import { literal } from '../../warehouse/sql.ts';
import { namedMoment } from './month-names.ts';
import { HOURS_AHEAD, strptimeFormat } from './strptime.ts';

export type MomentType = 'DATE' | 'TIMESTAMP' | 'TIME';

/** The value of text in one of a field's configured formats, or null: text is matched by pattern before it is read. */
export function inFormat(field: Field, format: string, text: string, type: MomentType): string {
  if (hasNames(field, format)) {
    const named = namedMoment(text, format, field.name, LOCALES[field.locale ?? 'en']);
    return strptime(named.text, named.format, type, field.offset);
  }
  const { format: plain, pattern } = strptimeFormat(format, field.name);
  return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN ${strptime(text, plain, type, field.offset)} END`;
}

/**
 * Cells with a number may hold one in a format of digits that begin with the year, such as 20250630. Other formats of
 * digits could be Excel's own number of a day, which is 45809 and looks like any.
 */
export function inDigits(field: Field, text: string, type: MomentType): string {
  const digits = field.formats.filter((format) => format === '%Y%m%d' || format === '%Y%m');
  return digits.length === 0
    ? 'NULL'
    : `coalesce(${digits.map((format) => inFormat(field, format, text, type)).join(', ')})`;
}

/** Names of months or days in a language that the engine's reader does not know. */
export function hasNames(field: Field, format: string): boolean {
  return field.locale !== null && /%-?[aAbB]/.test(format);
}

/** @param offset utc: a time with an offset is converted; null: its wall time counts, as if it were of Greenwich. */
export function strptime(
  text: string,
  format: string,
  type: MomentType,
  offset: 'utc' | null = null,
): string {
  // The engine's reader knows no Z.
  const zulu = `regexp_replace(${text}, '[zZ]($|\\|)', '+00:00\\1')`;
  const asWritten = offset === null && format.endsWith('%z');
  const greenwich = `regexp_replace(${text}, '(${HOURS_AHEAD}|[zZ])$', '+00:00')`;
  const zoned = asWritten ? greenwich : format.includes('%z') ? zulu : text;
  const read = `try_strptime(${zoned}, ${literal(format)})`;
  // With an offset the engine answers a moment with a zone: ours are UTC.
  return `(${format.includes('%z') ? `timezone('UTC', ${read})` : read})::${type}`;
}
