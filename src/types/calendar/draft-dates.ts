import type { DateGuess } from '../../domain/infer-date.ts';
import { type DraftRule, type Guess, RANK } from '../drafting.ts';

/** Real dates of a workbook, always in ISO notation; if one has a time of day, all are datetimes. */
export function dateCells(type: 'date' | 'datetime'): DraftRule {
  return {
    rank: RANK.dateCells,
    guess: ({ texts, kinds }) => {
      if (kinds.size !== 1 || !kinds.has('d')) return null;
      const found = texts.some((text) => /T(?!00:00(:00)?$)/.test(text)) ? 'datetime' : 'date';
      return found === type ? { typed: { type } } : null;
    },
  };
}

/** A field of dates in the formats that were found, with what is to be doubted in them. */
export function datesIn(
  type: 'date' | 'datetime',
  found: DateGuess | null,
  kinds: ReadonlySet<string>,
): Guess | null {
  if (!found) return null;
  const isDefault = found.formats.length === 1 && found.formats[0] === '%Y-%m-%d';
  const notes = [
    ...(found.alsoFits ? [`check the format: every value also fits ${found.alsoFits}`] : []),
    ...(found.formats.some((one) => one.includes('%y')) ? ['check the century: years have two digits'] : []),
  ];
  if (found.formats.length > 1) notes.push(mixedDates(found.formats, kinds));
  const format = found.formats.length === 1 ? (found.formats[0] as string) : [...found.formats];
  const locale = found.locale === undefined ? {} : { locale: found.locale };
  return { typed: isDefault ? { type } : { type, format, ...locale }, note: notes.join('; ') || null };
}

/** A program of another country turns 03/06/2025 and similar texts into dates, and leaves 13/06/2025 as text. */
function mixedDates(formats: readonly string[], kinds: ReadonlySet<string>): string {
  if (!kinds.has('d'))
    return `check: dates are in two notations (${formats.join(' and ')}), as if two people wrote them`;
  return formats.some((format) => /^%[dm]\W%[dm]/.test(format))
    ? 'check: one column holds dates and date texts, so day and month of dates up to the 12th may be exchanged; compare some with their source'
    : 'check: one column holds dates and date texts';
}
