import { fold } from './fold-text.ts';
import { LOCALES } from './locale.ts';

/** A period in a file's name that is written in a way that `{period}` does not read. */
export interface SpelledPeriod {
  /** As written. */
  readonly text: string;
  /** Where it begins in the name. */
  readonly at: number;
  /** What it most probably says, as `{period}` reads it: 2025-06, 2025-Q2 or 2025; null where that is not known. */
  readonly means: string | null;
  /** A fiscal year, which need not be the calendar year. */
  readonly fiscal: boolean;
}

/** Months by name in any language; a name that means two months in two languages is left out. */
const MONTHS = monthNames();
const NAME = `(?<!\\p{L})(?:${[...MONTHS.keys()].sort((a, b) => b.length - a.length).join('|')})(?!\\p{L})`;
const LONG_NAME = `(?<!\\p{L})(?:${[...MONTHS.keys()].filter((name) => name.length > 3).join('|')})(?![\\p{L}\\d])`;
const GAP = '[-_. ]*';
/** With four digits, or with two. */
const YEAR = "(?:(?:19|20)\\d{2}|'?\\d{2})(?!\\d)";
const FULL = '(?<!\\d)(?:19|20)\\d{2}';

type Found = Readonly<Record<string, string | undefined>>;
type Form = readonly [shape: RegExp, means: (found: Found) => string | null, fiscal?: true];

/** Tried in order: a longer form comes before a form that is part of it. */
const FORMS: readonly Form[] = [
  // jan-mar-2017, Jan to Mar 2017
  form(`(?<b>${NAME})${GAP}(?:to|bis|au|a|–)?${GAP}(?<c>${NAME})${GAP}(?<y>${YEAR})`, quarterOf),
  // Jun 2025, JUN25, 30-June-2025; 2025 June
  form(`(?<b>${NAME})${GAP}(?<y>${YEAR})`, ({ b, y }) => month(y, MONTHS.get(b ?? ''))),
  form(`(?<y>${FULL})${GAP}(?<b>${NAME})`, ({ b, y }) => month(y, MONTHS.get(b ?? ''))),
  // Q2-2025, Q2 FY25, 2Q25, T2 2025; 2025-2Q
  form(`(?<!\\p{L})[qt](?<q>[1-4])${GAP}(?:fy)?${GAP}(?<y>${YEAR})`, quarter),
  form(`(?<!\\d)(?<q>[1-4])[qt]${GAP}(?<y>${YEAR})`, quarter),
  form(`(?<y>${FULL})${GAP}(?:(?<q>[1-4])[qt]|t(?<t>[1-4]))(?![\\p{L}\\d])`, quarter),
  // 2025-P03, P03-2025; H1 2025, 2025H1; 2025-W23, week23_2025
  form(`(?:fy)?(?<y>${FULL})${GAP}p(?:eriod)?${GAP}(?<m>\\d{1,2})(?!\\d)`, ({ y, m }) => month(y, m), true),
  form(
    `(?<![\\p{L}])p(?:eriod)?${GAP}(?<m>\\d{1,2})[-_. ]+(?:fy)?(?<y>${YEAR})`,
    ({ y, m }) => month(y, m),
    true,
  ),
  form(`(?<!\\p{L})(?:h|hj|hy)[12]${GAP}(?:fy)?${GAP}${YEAR}`, nothing),
  form(`${FULL}${GAP}(?:h|hj|hy)[12](?!\\d)`, nothing),
  form(`${FULL}${GAP}(?:w|kw|wk|week)${GAP}\\d{1,2}(?!\\d)`, nothing),
  form(`(?<!\\p{L})(?:w|kw|wk|week)${GAP}\\d{1,2}${GAP}${FULL}(?!\\d)`, nothing),
  // FY25, FY2025, FY24-25
  form(`(?<!\\p{L})fy${GAP}(?<y>${YEAR})(?:[-_/](?<z>(?:20)?\\d{2})(?!\\d))?`, fiscalYear, true),
  // 20250630, 08292024, 29082024
  form('(?<!\\d)(?<y>(?:19|20)\\d{2})(?<m>\\d{2})(?<d>\\d{2})(?!\\d)', ({ y, m, d }) => day(y, m, d)),
  form('(?<!\\d)(?<m>\\d{2})(?<d>\\d{2})(?<y>(?:19|20)\\d{2})(?!\\d)', eitherDay),
  // 30.06.2025, 06-2025, 2025.06, 2025-6
  form('(?<!\\d)(?<m>\\d{1,2})[-_. ](?<d>\\d{1,2})[-_. ](?<y>(?:19|20)\\d{2})(?!\\d)', eitherDay),
  form('(?<![\\p{L}\\d])(?<m>0?[1-9]|1[0-2])[-_. ](?<y>(?:19|20)\\d{2})(?!\\d)', ({ y, m }) => month(y, m)),
  form(`(?<y>${FULL})(?:[ .](?<m>0[1-9]|1[0-2])|[-_. ](?<n>[1-9]))(?![-_.]?\\d)`, ({ y, m, n }) =>
    month(y, m ?? n),
  ),
  // 2025-2026, 2025-26: a school year, or two years
  form(`${FULL}[-_](?:(?:19|20)\\d{2}|\\d{2})(?![-_]?\\d)`, nothing),
  // 25-06
  form('(?<!\\d|\\d[-_.])(?<y>[23]\\d)[-_](?<m>0[1-9]|1[0-2])(?![-_.]?\\d)', ({ y, m }) => month(y, m)),
  // June, without a year
  form(LONG_NAME, nothing),
];

/** The first form that the name of a file holds, without its ending; null where it holds none. */
export function spelledPeriod(stem: string): SpelledPeriod | null {
  const folded = fold(stem);
  for (const [shape, means, fiscal = false] of FORMS) {
    for (const found of folded.matchAll(shape)) {
      const said = means(found.groups ?? {});
      if (said === '') continue;
      const text =
        folded.length === stem.length ? stem.slice(found.index, found.index + found[0].length) : found[0];
      return { text, at: found.index, means: said, fiscal };
    }
  }
  return null;
}

/** Which month a word is, from 1, whatever its language; null for any other word. */
export function monthNamed(folded: string): number | null {
  return MONTHS.get(folded.replace(/\.$/, '')) ?? null;
}

/** `means` returns an empty text for what is not a period after all, such as 99 as a month. */
function form(source: string, means: Form[1], fiscal?: true): Form {
  const shape = new RegExp(source, 'gu');
  return fiscal ? [shape, means, fiscal] : [shape, means];
}

function nothing(): null {
  return null;
}

function month(year: string | undefined, written: string | number | undefined): string {
  const number = Number(written ?? 0);
  return number >= 1 && number <= 12 ? `${fullYear(year)}-${String(number).padStart(2, '0')}` : '';
}

function quarter({ y, q, t }: Found): string {
  return `${fullYear(y)}-Q${q ?? t}`;
}

function quarterOf({ b, c, y }: Found): string | null {
  const [first, last] = [MONTHS.get(b ?? '') ?? 0, MONTHS.get(c ?? '') ?? 0];
  if (first === 1 && last === 12) return fullYear(y);
  return last - first === 2 && last % 3 === 0 ? `${fullYear(y)}-Q${last / 3}` : null;
}

function fiscalYear({ y, z }: Found): string | null {
  return z === undefined ? fullYear(y) : null;
}

function day(year: string | undefined, written: string | undefined, on: string | undefined): string {
  const said = month(year, written);
  const date = new Date(`${said}-${(on ?? '').padStart(2, '0')}T00:00:00Z`);
  return said !== '' && date.toISOString().startsWith(said) ? said : '';
}

/** Month first or day first, whichever is possible; null where both are possible and give different months. */
function eitherDay({ y, m, d }: Found): string | null {
  const [one, two] = [day(y, m, d), day(y, d, m)];
  if (one === '' || two === '' || one === two) return one || two;
  return null;
}

function fullYear(text: string | undefined): string {
  const digits = (text ?? '').replace(/\D/g, '');
  return digits.length === 4 ? digits : `20${digits}`;
}

function monthNames(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const doubled = new Set<string>();
  for (const { months } of Object.values(LOCALES))
    for (const [i, names] of months.entries())
      for (const name of names) {
        if (found.has(name) && found.get(name) !== i + 1) doubled.add(name);
        found.set(name, i + 1);
      }
  for (const name of doubled) found.delete(name);
  return found;
}
