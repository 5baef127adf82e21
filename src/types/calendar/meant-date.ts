import type { Field } from '../../domain/dataset.ts';
import { asDate } from './as-date.ts';

/** The only date that a text can have meant, as the field writes it. Null where two readings are possible: 03/04/2025. */
export function meantDate(field: Field, text: string): string | null {
  const parts = /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})$/.exec(text);
  if (parts === null) return null;
  const [, first = '', second = '', third = ''] = parts;
  if (first.length === 4) return written(field, first, second, third);
  if (third.length !== 4 || first.length > 2) return null;
  const [one, two] = [Number(first), Number(second)];
  if (one > 12) return written(field, third, second, first);
  if (two > 12) return written(field, third, first, second);
  return one === two ? written(field, third, first, second) : null;
}

function written(field: Field, year: string, month: string, day: string): string | null {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return exists ? asDate(field.formats, iso) : null;
}
