import { dateNotations, monthNotations, type Notation } from './date-notations.ts';
import { fold } from './fold-text.ts';
import type { LocaleName } from './locale.ts';

const CLOCKS: readonly (readonly [string, string])[] = [
  ['%H:%M:%S', '([01]?\\d|2[0-3]):[0-5]\\d:[0-5]\\d'],
  ['%H:%M', '([01]?\\d|2[0-3]):[0-5]\\d'],
  ['%I:%M %p', '(0?[1-9]|1[0-2]):[0-5]\\d [ap]m'],
  ['%I:%M:%S %p', '(0?[1-9]|1[0-2]):[0-5]\\d:[0-5]\\d [ap]m'],
];

export interface DateGuess {
  readonly formats: readonly string[];
  /** The other way to read the same texts; null where only one fits. */
  readonly alsoFits: string | null;
  /** Language of the names in them; null where it need not be configured. */
  readonly locale?: LocaleName;
}

/**
 * The formats that read every text as a date; null where some text is not a date. At most two notations, as in a column
 * that was typed by hand in part. `month` (2025-06) decides between day-first and month-first where both fit.
 */
export function inferDates(texts: readonly string[], month: string | null): DateGuess | null {
  return infer(texts, month, dateNotations(texts));
}

/** Months as people write them. The ISO notation is left out, because it needs no format. */
export function inferMonths(texts: readonly string[]): DateGuess | null {
  return infer(texts, null, monthNotations(texts));
}

export function inferDatetimes(texts: readonly string[], month: string | null): DateGuess | null {
  const notations = dateNotations(texts.map((text) => text.replace('T', ' '))).flatMap((date) =>
    CLOCKS.flatMap(([clock, digits]) =>
      [' ', 'T'].map((gap) => ({
        ...date,
        format: `${date.format}${gap}${clock}`,
        shape: new RegExp(`${date.shape.source.slice(0, -1)}${gap.toLowerCase()}${digits}$`),
      })),
    ),
  );
  return infer(texts, month, notations);
}

function infer(
  texts: readonly string[],
  month: string | null,
  notations: readonly Notation[],
): DateGuess | null {
  if (texts.length === 0) return null;
  const folded = texts.map(fold);
  const readable = new Map(
    notations.map((one) => [one, folded.filter((text) => isDay(one, one.shape.exec(text)))]),
  );
  const whole = [...readable].filter(([, read]) => read.length === texts.length).map(([one]) => one);
  if (whole[0] !== undefined) return chosen(whole, folded, month);
  // Two notations in one column: ISO (as workbooks give real dates) beside one that was typed.
  const iso = notations.find((one) => one.format.startsWith('%Y-%m-%d') && readable.get(one)?.length);
  if (!iso) return null;
  const rest = texts.filter((text) => !isDay(iso, iso.shape.exec(fold(text))));
  const typed = infer(
    rest,
    month,
    notations.filter((one) => one !== iso),
  );
  return typed?.formats.length === 1 ? { ...typed, formats: [...typed.formats, iso.format] } : null;
}

function chosen(whole: readonly Notation[], folded: readonly string[], month: string | null): DateGuess {
  const fitting = (one: Notation) => inMonth(month, one, folded);
  const best = whole.reduce((one, two) => (fitting(two) > fitting(one) ? two : one));
  const language = best.locale === null ? {} : { locale: best.locale };
  const other = whole.find((one) => one !== best)?.format ?? null;
  return {
    formats: [best.format],
    alsoFits: fitting(best) === folded.length ? null : other,
    ...language,
  };
}

function inMonth(month: string | null, notation: Notation, folded: readonly string[]): number {
  if (month === null) return 0;
  return folded.filter((text) => {
    const parts = notation.shape.exec(text)?.groups;
    if (!parts) return false;
    return month === `${yearOf(parts.y ?? '')}-${String(monthIn(notation, parts)).padStart(2, '0')}`;
  }).length;
}

/** Two digits mean a year from 1969 to 2068, as in strptime. */
export function yearOf(digits: string): number {
  const year = Number(digits);
  return digits.length > 2 ? year : year + (year < 69 ? 2000 : 1900);
}

export function monthIn(notation: Notation, parts: Readonly<Record<string, string | undefined>>): number {
  return parts.b === undefined ? Number(parts.m) : notation.month(parts.b);
}

function isDay(notation: Notation, found: RegExpExecArray | null): boolean {
  const parts = found?.groups;
  if (!parts) return false;
  const month = monthIn(notation, parts);
  const day = Number(parts.d ?? 1);
  const at = new Date(Date.UTC(yearOf(parts.y ?? ''), month - 1, day));
  return month >= 1 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}
