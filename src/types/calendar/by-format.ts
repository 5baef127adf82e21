import type { Field } from '../../domain/dataset.ts';
import { LOCALES } from '../../domain/locale.ts';
import { literal } from '../../sql/sql.ts';
import { namedMoment } from './month-names.ts';
import { HOURS_AHEAD, strptimeFormat } from './strptime.ts';

export type MomentType = 'DATE' | 'TIMESTAMP' | 'TIME';

/**
 * The value of a text in one of a field's configured formats, or null: a pattern matches the text before it is read.
 */
export function inFormat(field: Field, format: string, text: string, type: MomentType): string {
  if (hasNames(field, format)) {
    const named = namedMoment(text, format, field.name, LOCALES[field.locale ?? 'en']);
    return strptime(named.text, named.format, type, field.offset);
  }
  const { format: plain, pattern } = strptimeFormat(format, field.name);
  return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN ${strptime(text, plain, type, field.offset)} END`;
}

/**
 * Cells with a number may hold a date in a format of digits that begin with the year, such as 20250630. Digits of other
 * formats could be Excel's own number of a day: 45809 looks like any of them.
 */
export function inDigits(field: Field, text: string, type: MomentType): string {
  const digits = field.formats.filter((format) => format === '%Y%m%d' || format === '%Y%m');
  return digits.length === 0
    ? 'NULL'
    : `coalesce(${digits.map((format) => inFormat(field, format, text, type)).join(', ')})`;
}

/** Names of months or days in a language that the engine does not read. */
export function hasNames(field: Field, format: string): boolean {
  return field.locale !== null && /%-?[aAbB]/.test(format);
}

/** @param offset utc: a time with an offset is converted; null: the time counts as written, as if it were UTC. */
export function strptime(
  text: string,
  format: string,
  type: MomentType,
  offset: 'utc' | null = null,
): string {
  // The engine does not read Z.
  const zulu = `regexp_replace(${text}, '[zZ]($|\\|)', '+00:00\\1')`;
  const asWritten = offset === null && format.endsWith('%z');
  const greenwich = `regexp_replace(${text}, '(${HOURS_AHEAD}|[zZ])$', '+00:00')`;
  const zoned = asWritten ? greenwich : format.includes('%z') ? zulu : text;
  const read = `try_strptime(${zoned}, ${literal(format)})`;
  // With an offset the engine returns a moment with a time zone: ours are in UTC.
  return `(${format.includes('%z') ? `timezone('UTC', ${read})` : read})::${type}`;
}
