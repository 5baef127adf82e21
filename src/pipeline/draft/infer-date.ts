/** Date and time notations that people use, in the words of strptime, as patterns with named parts. */
interface Notation {
  readonly format: string;
  readonly shape: RegExp;
}

const D = '(?<d>\\d{1,2})';
const M = '(?<m>\\d{1,2})';
const Y = '(?<y>\\d{4})';
const NAME = '(?<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const LONG_NAME =
  '(?<b>january|february|march|april|may|june|july|august|september|october|november|december)';
const shape = (text: string) => new RegExp(`^${text}$`, 'i');

const DATES: readonly Notation[] = [
  { format: '%Y-%m-%d', shape: shape(`${Y}-(?<m>\\d{2})-(?<d>\\d{2})`) },
  { format: '%d/%m/%Y', shape: shape(`${D}/${M}/${Y}`) },
  { format: '%m/%d/%Y', shape: shape(`${M}/${D}/${Y}`) },
  { format: '%d.%m.%Y', shape: shape(`${D}\\.${M}\\.${Y}`) },
  { format: '%d-%m-%Y', shape: shape(`${D}-${M}-${Y}`) },
  { format: '%m-%d-%Y', shape: shape(`${M}-${D}-${Y}`) },
  { format: '%Y/%m/%d', shape: shape(`${Y}/(?<m>\\d{2})/(?<d>\\d{2})`) },
  { format: '%d %b %Y', shape: shape(`${D} ${NAME} ${Y}`) },
  { format: '%d-%b-%Y', shape: shape(`${D}-${NAME}-${Y}`) },
  { format: '%d %B %Y', shape: shape(`${D} ${LONG_NAME} ${Y}`) },
  { format: '%B %d, %Y', shape: shape(`${LONG_NAME} ${D}, ${Y}`) },
];
const CLOCKS: readonly (readonly [string, string])[] = [
  ['%H:%M:%S', '\\d{1,2}:\\d{2}:\\d{2}'],
  ['%H:%M', '\\d{1,2}:\\d{2}'],
];

export interface DateGuess {
  readonly formats: readonly string[];
  /** The other way to read the same texts; null where only one fits. */
  readonly alsoFits: string | null;
}

/**
 * The formats that read every text as a date; null where some text is none. At most two notations, as in a column of
 * which a part was typed by hand. `month` (2025-06) tells day-first from month-first where both fit.
 */
export function inferDates(texts: readonly string[], month: string | null): DateGuess | null {
  return infer(texts, month, DATES);
}

export function inferDatetimes(texts: readonly string[], month: string | null): DateGuess | null {
  const notations = DATES.flatMap((date) =>
    CLOCKS.flatMap(([clock, digits]) =>
      [' ', 'T'].map((gap) => ({
        format: `${date.format}${gap}${clock}`,
        shape: new RegExp(`${date.shape.source.slice(0, -1)}${gap}${digits}$`, 'i'),
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
  const readable = new Map(
    notations.map((one) => [one.format, texts.filter((text) => isDay(one.shape.exec(text)))]),
  );
  const whole = [...readable].filter(([, read]) => read.length === texts.length).map(([format]) => format);
  if (whole[0] !== undefined) {
    if (whole.length === 1) return { formats: [whole[0]], alsoFits: null };
    const best = closestTo(month, whole, texts, notations);
    const other = whole.find((format) => format !== best) ?? null;
    return {
      formats: [best],
      alsoFits: inMonth(month, best, texts, notations) === texts.length ? null : other,
    };
  }
  // Two notations in one column: ISO (as workbooks give real dates) beside one that was typed.
  const iso = notations.find((one) => one.format.startsWith('%Y-%m-%d') && readable.get(one.format)?.length);
  if (!iso) return null;
  const rest = texts.filter((text) => !isDay(iso.shape.exec(text)));
  const typed = infer(
    rest,
    month,
    notations.filter((one) => one !== iso),
  );
  return typed?.formats.length === 1 ? { ...typed, formats: [...typed.formats, iso.format] } : null;
}

function closestTo(
  month: string | null,
  formats: readonly string[],
  texts: readonly string[],
  notations: readonly Notation[],
): string {
  const first = formats[0] as string;
  return formats.reduce(
    (best, format) =>
      inMonth(month, format, texts, notations) > inMonth(month, best, texts, notations) ? format : best,
    first,
  );
}

function inMonth(
  month: string | null,
  format: string,
  texts: readonly string[],
  notations: readonly Notation[],
): number {
  const notation = notations.find((one) => one.format === format);
  if (month === null || !notation) return 0;
  return texts.filter((text) => {
    const parts = notation.shape.exec(text)?.groups;
    return parts?.y === month.slice(0, 4) && Number(parts?.m) === Number(month.slice(5));
  }).length;
}

function isDay(found: RegExpExecArray | null): boolean {
  const parts = found?.groups;
  if (!parts) return false;
  const day = Number(parts.d);
  if (parts.m === undefined) return day >= 1 && day <= 31;
  const at = new Date(Date.UTC(Number(parts.y), Number(parts.m) - 1, day));
  return Number(parts.m) >= 1 && at.getUTCMonth() === Number(parts.m) - 1 && at.getUTCDate() === day;
}
