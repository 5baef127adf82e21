import { type Dataset, fileSource } from '../domain/dataset.ts';
import type { FilenamePattern } from '../domain/filename-pattern.ts';
import { periodInName } from '../domain/period-in-name.ts';

/** What a name that fits no pattern shows of the parts of a pattern. */
export interface NameParts {
  /** As `{period}` reads it; null where the name does not show it. */
  readonly period: string | null;
  readonly version: string | null;
  /** By the slice's name; empty where the name differs too much. */
  readonly slice: ReadonlyMap<string, string>;
}

const PERIOD_MARK = '\u0001';
const VERSION = /[\s_.-]+v(?:er(?:sion)?)?[\s_.-]?(\d{1,9})(?![\p{L}\d])/iu;

/** `stem` is the file's name without its ending. */
export function nameParts(dataset: Dataset, stem: string): NameParts {
  const period = periodInName(dataset.periodKind, stem);
  const version = VERSION.exec(stem);
  const marked = stem.replace(version?.[0] ?? '\0', '').replace(period?.written ?? '\0', PERIOD_MARK);
  return {
    period: period?.means ?? null,
    version: version?.[1] ?? null,
    slice: sliceValues(fileSource(dataset).filename, marked),
  };
}

/** Captured where the name differs from the pattern only in case, separators and its period. */
function sliceValues(pattern: FilenamePattern, marked: string): ReadonlyMap<string, string> {
  if (pattern.sliceNames.length === 0) return new Map();
  const last = pattern.parts.at(-1);
  const bare =
    last?.kind === 'text'
      ? [...pattern.parts.slice(0, -1), { ...last, text: last.text.replace(/\.[^.]*$/, '.') }]
      : pattern.parts;
  const loose = new RegExp(`^${looseSource(bare)}$`, 'isu');
  const groups = loose.exec(`${marked}.`)?.groups ?? {};
  return new Map(
    pattern.sliceNames.flatMap((name) => {
      const value = groups[`s_${name}`]?.trim() ?? '';
      return value === '' || value.includes(PERIOD_MARK) ? [] : [[name, value] as const];
    }),
  );
}

function looseSource(parts: FilenamePattern['parts']): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return looseText(part.text);
      if (part.kind === 'one_of') return `(?:${part.texts.map(looseText).join('|')})?`;
      if (part.kind === 'optional') return `(?:${looseSource(part.parts)})?`;
      if (part.name === 'period') return PERIOD_MARK;
      return part.name === 'version' ? '\\d+' : `(?<s_${part.name}>[^_/.]+)`;
    })
    .join('');
}

function looseText(text: string): string {
  return text
    .split(/[\s_.-]+/u)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('[\\s_.-]+');
}
