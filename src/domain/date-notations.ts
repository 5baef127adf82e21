import { fold } from './fold-text.ts';
import { LOCALE_NAMES, LOCALES, type LocaleName } from './locale.ts';

/** A way to write dates or times, in the words of strptime, as a pattern with named parts. */
export interface Notation {
  readonly format: string;
  /** A pattern for texts without accents, in any case. */
  readonly shape: RegExp;
  /** Language of the month names; null where there are none, or where the engine itself knows them. */
  readonly locale: LocaleName | null;
  /** Which month a name is, from 1. */
  readonly month: (name: string) => number;
}

const D = '(?<d>\\d{1,2})';
const M = '(?<m>\\d{1,2})';
const Y = '(?<y>\\d{4})';
const SHORT_Y = '(?<y>\\d{2})';

const IN_DIGITS: readonly (readonly [format: string, shape: string])[] = [
  ['%Y-%m-%d', `${Y}-(?<m>\\d{2})-(?<d>\\d{2})`],
  ['%d/%m/%Y', `${D}/${M}/${Y}`],
  ['%m/%d/%Y', `${M}/${D}/${Y}`],
  ['%d.%m.%Y', `${D}\\.${M}\\.${Y}`],
  ['%d-%m-%Y', `${D}-${M}-${Y}`],
  ['%m-%d-%Y', `${M}-${D}-${Y}`],
  ['%Y/%m/%d', `${Y}/(?<m>\\d{2})/(?<d>\\d{2})`],
  ['%Y.%m.%d', `${Y}\\.(?<m>\\d{2})\\.(?<d>\\d{2})`],
  ['%d/%m/%y', `${D}/${M}/${SHORT_Y}`],
  ['%m/%d/%y', `${M}/${D}/${SHORT_Y}`],
  ['%d.%m.%y', `${D}\\.${M}\\.${SHORT_Y}`],
];
/** `%b` stands for the name of the month, however long. */
const WITH_NAMES = ['%d %b %Y', '%d-%b-%Y', '%d. %b %Y', '%b %d, %Y', '%d-%b-%y', '%d %b %y', '%d/%b/%Y'];
const MONTHS_WITH_NAMES = ['%b %Y', '%b-%Y', '%b %y', '%b-%y', '%Y %b'];
const MONTHS_IN_DIGITS: readonly (readonly [format: string, shape: string])[] = [
  ['%m/%Y', `${M}/${Y}`],
  ['%m.%Y', `${M}\\.${Y}`],
  ['%m-%Y', `${M}-${Y}`],
  ['%Y/%m', `${Y}/(?<m>\\d{2})`],
  ['%Y%m', '(?<y>(?:19|20)\\d{2})(?<m>\\d{2})'],
];

/** Notations of dates in which these texts may be written. */
export function dateNotations(texts: readonly string[]): readonly Notation[] {
  return [...IN_DIGITS.map(inDigits), ...withNames(texts, WITH_NAMES)];
}

/** Notations of months, such as 06/2025 and June 2025. */
export function monthNotations(texts: readonly string[]): readonly Notation[] {
  return [...MONTHS_IN_DIGITS.map(inDigits), ...withNames(texts, MONTHS_WITH_NAMES)];
}

function inDigits([format, shape]: readonly [string, string]): Notation {
  return { format, shape: new RegExp(`^${shape}$`), locale: null, month: Number };
}

/** In the first language that knows every word of the texts as a month; a few words are enough to tell the language. */
function withNames(texts: readonly string[], formats: readonly string[]): readonly Notation[] {
  const words = new Set(texts.flatMap((text) => fold(text).match(/\p{L}{2,}/gu) ?? []));
  words.delete('am');
  words.delete('pm');
  if (words.size === 0 || words.size > 60) return [];
  const name = LOCALE_NAMES.find((one) => [...words].every((word) => monthOf(one, word) > 0));
  if (name === undefined) return [];
  const names = LOCALES[name].months.flat().map(fold);
  const b = `(?<b>${[...names].sort((one, two) => two.length - one.length).join('|')})\\.?`;
  const { letter, locale } = asWritten(name, words);
  return formats.map((format) => {
    const shape = format
      .replace('.', '\\.')
      .replace('%d', D)
      .replace('%b', b)
      .replace('%Y', Y)
      .replace('%y', SHORT_Y);
    return {
      format: format.replace('%b', letter),
      shape: new RegExp(`^${shape}$`),
      locale,
      month: (word) => monthOf(name, word),
    };
  });
}

function monthOf(locale: LocaleName, word: string): number {
  return LOCALES[locale].months.findIndex((names) => names.some((one) => fold(one) === word)) + 1;
}

/** The engine reads English names by itself where all of them have the same length. */
function asWritten(
  name: LocaleName,
  words: ReadonlySet<string>,
): { readonly letter: string; readonly locale: LocaleName | null } {
  if (name !== 'en') return { letter: '%b', locale: name };
  if ([...words].every((word) => word.length === 3)) return { letter: '%b', locale: null };
  const full = LOCALES.en.months.map((names) => names[0]);
  return [...words].every((word) => full.includes(word))
    ? { letter: '%B', locale: null }
    : { letter: '%b', locale: 'en' };
}
