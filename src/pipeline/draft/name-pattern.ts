import { matchFilename, PatternError, parseFilenamePattern } from '../../domain/filename-pattern.ts';
import type { PeriodKind } from '../../domain/period.ts';
import { type SpelledPeriod, spelledPeriod } from '../../domain/spelled-period.ts';
import { snakeCase } from './snake-case.ts';

/** What a file name says about its series. */
export interface NamePattern {
  readonly dataset: string;
  readonly periodKind: PeriodKind;
  /** The period of this file; null for lists without one. */
  readonly periodText: string | null;
  /** For `source.filename`. */
  readonly pattern: string;
  /** Notes for the engineer about the guess. */
  readonly note: string | null;
}

const SHAPES: readonly (readonly [Exclude<PeriodKind, 'none'>, RegExp])[] = [
  ['quarter', /(?<!\d)(?:19|20)\d{2}[-_]?[Qq][1-4](?!\d)/],
  ['month', /(?<!\d)(?:19|20)\d{2}[-_]?(?:0[1-9]|1[0-2])(?!\d)/],
  ['year', /(?<!\d)(?:19|20)\d{2}(?!\d)/],
];
const VERSION = /_v[^_/.]+$/i;
const OFTEN_BOTH = new Set(['xlsx', 'csv']);

/**
 * The dataset's name, its kind of period and the pattern of its file names, from the name of one delivery. `asked`
 * overrides the kind that the name suggests; null where the name has no such period.
 */
export function readNamePattern(filename: string, asked: PeriodKind | null): NamePattern | null {
  const at = filename.lastIndexOf('.');
  const whole = filename.slice(0, at).normalize('NFC');
  const ending = filename.slice(at + 1);
  if (asked === 'none') return withoutPeriod(whole, ending, null);
  const spelled = spelledPeriod(whole);
  const stem = whole.replace(VERSION, '');
  for (const [kind, shape] of SHAPES) {
    if (asked !== null && asked !== kind) continue;
    // If a name with a month were taken for one of a year, one month would be the whole year.
    if (asked === null && kind === 'year' && spelled !== null && !isYear(spelled)) break;
    const found = shape.exec(stem);
    if (!found) continue;
    const before = stem.slice(0, found.index);
    const after = stem.slice(found.index + found[0].length);
    const made = withPeriod(filename, kind, before, after, ending);
    if (made === null && asked === null) return withoutPeriod(whole, ending, notRead(found[0], null));
    if (made === null) continue;
    const fiscal = kind === 'year' && spelled !== null ? fiscalYear(spelled) : null;
    const notes = [made.note, fiscal, restDoubt(before, after)].filter((note) => note !== null);
    return { ...made, note: notes.join(' ') || null, periodKind: kind, periodText: found[0] };
  }
  if (asked !== null) return null;
  const note =
    spelled === null ? null : notRead(spelled.text, renamed(whole, spelled, ending), spelled.fiscal);
  return withoutPeriod(whole, ending, note);
}

/** A fiscal year in four digits is read like any other year, with a note. */
function isYear({ text, means, fiscal }: SpelledPeriod): boolean {
  return fiscal && /^\d{4}$/.test(means ?? '') && /\d{4}/.test(text);
}

function fiscalYear({ text, means }: SpelledPeriod): string {
  return `'${text}' is taken for the calendar year ${means}: check when your fiscal year begins.`;
}

/** The file's name with its period in the form that `{period}` reads; null where the period is not known. */
function renamed(whole: string, { text, at, means }: SpelledPeriod, ending: string): string | null {
  if (means === null) return null;
  const [before, after] = [whole.slice(0, at), whole.slice(at + text.length)];
  const gap = (side: string, end: RegExp) => (side === '' || end.test(side) ? side : null);
  const name = `${gap(before, /[-_. ]$/) ?? `${before}_`}${means}${gap(after, /^[-_. ]/) ?? `_${after}`}.${ending}`;
  const read = readNamePattern(name, null);
  return read === null || read.periodKind === 'none' || read.note !== null ? null : name;
}

function notRead(text: string, name: string | null, fiscal = false): string {
  const cure =
    name === null
      ? 'If it says the period, write that as 2025-06, 2025-Q2 or 2025 in the name'
      : `If it says the period, name the file ${name}`;
  const when = fiscal ? ' (check when your fiscal year begins)' : '';
  return `The name holds '${text}', which {period} cannot read, so this is drafted as a list without periods. ${cure}${when}, delete this draft, and draft it again.`;
}

const COPY = / ?\(\d+\)$|^(?:copy of|kopie von|copie de) /i;
const OTHER_PERIOD = /(?<!\d)(?:19|20)\d{2}(?:[-_]?\d{2}(?!\d)|\d{4}(?!\d)|(?!\d))/;

/** Text that the pattern keeps unchanged must be in every file's name. */
function restDoubt(before: string, after: string): string | null {
  const rest = `${before}\0${after.replace(/^[-_]\d{2}(?!\d)/, '')}`;
  const fixed = COPY.exec(rest)?.[0] ?? OTHER_PERIOD.exec(rest)?.[0];
  return fixed === undefined
    ? null
    : `'${fixed.trim()}' stays in source.filename as it is: the file of another period without it in its name is not taken.`;
}

function withPeriod(filename: string, kind: PeriodKind, before: string, after: string, ending: string) {
  const dataset = datasetName(`${before} ${after.replace(/^[-_]?\d{2}(?!\d)/, '')}`);
  const day = /^[-_]\d{2}(?!\d)/.test(after) && kind === 'month';
  const tail = day ? `${after[0]}{version}${after.slice(3)}` : after;
  const candidates = [
    `${before}{period}${tail}${day ? '' : '[_v{version}]'}.${endings(ending)}`,
    `${before}{period}${tail}.${endings(ending)}`,
  ];
  for (const pattern of candidates) {
    if (!fits(pattern, kind, filename)) continue;
    const note = day
      ? 'The day in the name is taken as the version: of two files of one month the later one counts.'
      : null;
    return { dataset, pattern, note };
  }
  return null;
}

function withoutPeriod(stem: string, ending: string, note: string | null): NamePattern {
  const plain = stem.replace(VERSION, '');
  const filename = `${stem}.${ending}`;
  const pattern = [`${plain}[_v{version}].${ending}`, filename].find((one) => fits(one, 'none', filename));
  return {
    dataset: datasetName(plain),
    periodKind: 'none',
    periodText: null,
    pattern: pattern ?? filename,
    note,
  };
}

function fits(pattern: string, kind: PeriodKind, filename: string): boolean {
  try {
    const found = matchFilename(parseFilenamePattern(pattern, kind), kind, filename);
    return found?.period != null && found.slice.length === 0;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

/** A register that comes as a workbook one month may come as CSV the next. */
function endings(ending: string): string {
  return OFTEN_BOTH.has(ending) ? '{xlsx,csv}' : ending;
}

function datasetName(text: string): string {
  const name = snakeCase(text).slice(0, 48).replace(/_+$/, '');
  if (name === '') return 'deliveries';
  return /^[a-z]/.test(name) ? name : `d_${name}`.slice(0, 48);
}
