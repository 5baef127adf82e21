import type { FieldAsWritten } from '../../config/schema.ts';
import { dateNotations, monthNotations } from '../../domain/date-notations.ts';
import { fold } from '../../domain/fold-text.ts';
import { monthIn, yearOf } from '../../domain/infer-date.ts';
import { typeOf } from '../../types/registry.ts';

/** `2025-06`, or `2025` where the month is not known. */
export type MonthRead = string;

const CLOCK = /[ T]+\d{1,2}:\d{2}.*$/;

/** The month of each text, as a drafted field of dates reads it; null for a text that none of its formats reads. */
export function monthsRead(field: FieldAsWritten, texts: readonly string[]): readonly (MonthRead | null)[] {
  if (typeOf(field.type ?? 'string').compare.calendar === 'year')
    return texts.map((text) => (/^\d{4}$/.test(text) ? text : null));
  const formats = [field.format ?? []].flat().map((format) => format.replace(/[ T]%[HI].*$/, ''));
  const days = texts.map((text) => fold(text.replace(CLOCK, '')));
  const notations = [...dateNotations(days), ...monthNotations(days)].filter(({ format }) =>
    formats.includes(format),
  );
  return days.map((day) => {
    if (/^\d{4}-\d{2}(-\d{2})?$/.test(day)) return day.slice(0, 7);
    for (const notation of notations) {
      const parts = notation.shape.exec(day)?.groups;
      if (parts) return `${yearOf(parts.y ?? '')}-${String(monthIn(notation, parts)).padStart(2, '0')}`;
    }
    return null;
  });
}
