import { EXCEPTIONS, type Facts, facts } from './producer-facts.ts';

export type Exception = keyof typeof EXCEPTIONS;

/** What types make the same again: outer blanks, notations of date-times and truths, digits past the fifteenth. */
const MADE_EVEN = new Set<Exception>([
  ...(['noBlank', 'zoned', 'milliseconds', 'microseconds', 'smallTruths', 'noise'] as const),
]);

/** The facts as a file says them once they have types; a date that Excel has none of rejects its row. */
export function typedFacts(exceptions: readonly Exception[]): Facts[] {
  const said = exceptions.filter((one) => !MADE_EVEN.has(one));
  return facts()
    .map((fact) => {
      let row = { ...fact, name: fact.name.trim() };
      for (const one of said) row = { ...row, ...EXCEPTIONS[one](row) };
      return row;
    })
    .filter(({ paid_on }) => paid_on !== '#DATE');
}

/** A value of any type as the facts write it. */
export function asFact(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  if (type === 'boolean') return String(value).toUpperCase();
  if (type === 'integer' || type === 'number') return String(Number(value));
  if (type === 'datetime')
    return String(value)
      .replace(' ', 'T')
      .replace(/\.\d+$/, (fraction) => fraction.padEnd(4, '0'))
      .replace(/T00:00:00$/, '');
  return String(value);
}
