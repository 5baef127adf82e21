import { matchFilename, PatternError, parseFilenamePattern } from '../../domain/filename-pattern.ts';
import type { PeriodKind } from '../../domain/period.ts';
import { snakeCase } from './snake-case.ts';

/** What a file name says of its series. */
export interface NamePattern {
  readonly dataset: string;
  readonly periodKind: PeriodKind;
  /** The period of this very file; null for lists without one. */
  readonly periodText: string | null;
  /** For `source.filename`. */
  readonly pattern: string;
  /** What the engineer should know about the guess. */
  readonly note: string | null;
}

const SHAPES: readonly (readonly [Exclude<PeriodKind, 'none'>, RegExp])[] = [
  ['quarter', /(?<!\d)(?:19|20)\d{2}[-_]?[Qq][1-4](?!\d)/],
  ['month', /(?<!\d)(?:19|20)\d{2}[-_]?(?:0[1-9]|1[0-2])(?!\d)/],
  ['year', /(?<!\d)(?:19|20)\d{2}(?!\d)/],
];
const VERSION = /_v[^_/.]+$/i;
/** Ways to write a period that `{period}` does not read; taken for a year they would make one month the whole year. */
const SPELLED_MONTH = new RegExp(
  [
    '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _-]*(?:19|20)\\d{2}',
    '(?:19|20)\\d{2}[ _-]*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)',
    '(?<!\\d)(?:19|20)\\d{2}(?:0[1-9]|1[0-2])\\d{2}(?!\\d)',
    '(?<!\\d)(?:0?[1-9]|1[0-2])[-_. ](?:19|20)\\d{2}(?!\\d)',
    '(?<!\\d)(?:19|20)\\d{2}[ .](?:0[1-9]|1[0-2])(?!\\d)',
    '(?<!\\d)(?:19|20)\\d{2}[-_](?:19|20)?\\d{2}(?![-_]?\\d)',
    '(?:19|20)\\d{2}[-_ ]?(?:W|KW|week)[-_ ]?\\d{1,2}',
    'Q[1-4][-_ ]?(?:19|20)\\d{2}',
  ].join('|'),
  'i',
);
const OFTEN_BOTH = new Set(['xlsx', 'csv']);

/**
 * The dataset's name, its kind of period and the pattern of its file names, from the name of one delivery. `asked` wins
 * over what the name looks like; null where the name holds no such period.
 */
export function readNamePattern(filename: string, asked: PeriodKind | null): NamePattern | null {
  const at = filename.lastIndexOf('.');
  const whole = filename.slice(0, at).normalize('NFC');
  const ending = filename.slice(at + 1);
  if (asked === 'none') return withoutPeriod(whole, ending, null);
  const spelled = SPELLED_MONTH.exec(whole);
  const stem = whole.replace(VERSION, '');
  for (const [kind, shape] of SHAPES) {
    if (asked !== null && asked !== kind) continue;
    const found = asked === null && kind === 'year' && spelled ? null : shape.exec(stem);
    if (!found) continue;
    const before = stem.slice(0, found.index);
    const after = stem.slice(found.index + found[0].length);
    const made = withPeriod(filename, kind, before, after, ending);
    if (made) return { ...made, periodKind: kind, periodText: found[0] };
  }
  if (asked !== null) return null;
  const note = spelled
    ? `The name holds '${spelled[0]}', which {period} cannot read; name the files like ${snakeCase(whole) || 'data'}_2025-06.${ending} and set period: month.`
    : null;
  return withoutPeriod(whole, ending, note);
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

/** A register that comes as a workbook one month comes as CSV the next. */
function endings(ending: string): string {
  return OFTEN_BOTH.has(ending) ? '{xlsx,csv}' : ending;
}

function datasetName(text: string): string {
  const name = snakeCase(text).slice(0, 48).replace(/_+$/, '');
  if (name === '') return 'deliveries';
  return /^[a-z]/.test(name) ? name : `d_${name}`.slice(0, 48);
}
