import type { Field } from '../../domain/dataset.ts';

const EXAMPLES: Record<string, string> = {
  Y: '2025',
  y: '25',
  m: '06',
  d: '30',
  e: '30',
  H: '14',
  I: '02',
  M: '05',
  S: '00',
  f: '000000',
  j: '181',
  b: 'Jun',
  B: 'June',
  a: 'Mon',
  A: 'Monday',
  p: 'PM',
  z: '+00:00',
  F: '2025-06-30',
  T: '14:05:00',
  R: '14:05',
  D: '06/30/25',
  '%': '%',
};

/** How many formats a sentence names. */
const SHOWN_FORMATS = 3;

/** ' such as' and an example in each of the field's first formats; `iso` is the one where it has none. */
export function suchAs(field: Field, iso: string): string {
  const examples =
    field.formats.length === 0
      ? [iso]
      : [...new Set(field.formats.map((one) => dateExample(one, field.locale)))].slice(0, SHOWN_FORMATS);
  return ` such as ${examples.join(' or ')}`;
}

/** The thirtieth of June 2025, 14:05, in the notation of a format. */
export function dateExample(format: string, locale: Field['locale']): string {
  // The thirtieth of June 2025 is a Monday. The text is only shown, so the runtime's own tables are good enough.
  const name = (type: 'month' | 'weekday', length: 'long' | 'short') =>
    new Intl.DateTimeFormat(locale ?? 'en', { day: 'numeric', [type]: length, timeZone: 'UTC' })
      .formatToParts(Date.UTC(2025, 5, 30))
      .find((part) => part.type === type)?.value;
  const names: Record<string, string | undefined> =
    locale === null
      ? {}
      : {
          B: name('month', 'long'),
          b: name('month', 'short'),
          A: name('weekday', 'long'),
          a: name('weekday', 'short'),
        };
  return format.replace(/%-?(.)/g, (_, letter: string) => names[letter] ?? EXAMPLES[letter] ?? letter);
}
