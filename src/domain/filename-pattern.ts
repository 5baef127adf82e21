import { NO_PERIOD, type Period, type PeriodKind, parseFilePeriod } from './period.ts';
import type { Slice } from './slice.ts';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'optional'; readonly parts: readonly Part[] }
  | { readonly kind: 'one_of'; readonly texts: readonly string[] };

/** A file-name pattern such as `citizens_{period}[_v{version}].{xlsx,csv}`. */
export interface FilenamePattern {
  readonly source: string;
  readonly parts: readonly Part[];
  /** Names other than period and version, in order: the slice. */
  readonly sliceNames: readonly string[];
  readonly hasPeriod: boolean;
  readonly regex: RegExp;
}

export interface FilenameMatch {
  /** Null where the name has the form of a period but is not a possible one, such as 2025-13. */
  readonly period: Period | null;
  readonly periodText: string | null;
  readonly version: string | null;
  readonly slice: Slice;
}

/** What a pattern's `{period}` may look like in a name. Whether the period is possible is decided after the match. */
const PERIOD_SHAPE: Record<PeriodKind, string> = {
  month: '\\d{4}[-_]?\\d{2}',
  quarter: '\\d{4}[-_]?[Qq]\\d',
  year: '\\d{4}',
  none: '(?!)',
};
const NAME_SHAPE = '[^_/.]+';

export class PatternError extends Error {}

/** Reads a pattern; throws PatternError with a sentence that says what is wrong with it. */
export function parseFilenamePattern(source: string, kind: PeriodKind): FilenamePattern {
  const reader = { source, at: 0 };
  const parts = readParts(reader, false);
  const names = namesOf(parts);
  const doubled = names.find((name, i) => names.indexOf(name) !== i);
  if (doubled) throw new PatternError(`{${doubled}} is in it twice`);
  const hasPeriod = names.includes('period');
  if (kind === 'none' && hasPeriod)
    throw new PatternError('a dataset with `period: none` has no {period} in its file name');
  if (kind !== 'none' && !hasPeriod)
    throw new PatternError('it needs {period}, or the dataset `period: none`');
  if (kind !== 'none' && !namesOf(parts.filter((part) => part.kind !== 'optional')).includes('period')) {
    throw new PatternError('{period} cannot be optional');
  }
  if (/[/\\]/.test(source))
    throw new PatternError('it matches the file name alone, so it cannot contain a slash');
  refuseAmbiguous(parts, source);
  return {
    source,
    parts,
    sliceNames: names.filter((name) => name !== 'period' && name !== 'version'),
    hasPeriod,
    regex: new RegExp(`^${regexOf(parts, kind)}$`, 'su'),
  };
}

/** Matches a file name (Unicode-normalised); null where it does not fit. */
export function matchFilename(
  pattern: FilenamePattern,
  kind: PeriodKind,
  filename: string,
): FilenameMatch | null {
  const groups = pattern.regex.exec(filename.normalize('NFC'))?.groups;
  if (!pattern.regex.test(filename.normalize('NFC'))) return null;
  const periodText = groups?.period ?? null;
  return {
    period: kind === 'none' ? NO_PERIOD : parseFilePeriod(kind, periodText ?? ''),
    periodText,
    version: groups?.version ?? null,
    slice: pattern.sliceNames.map((name) => [name, groups?.[`s_${name}`] ?? ''] as const),
  };
}

function readParts(reader: { source: string; at: number }, inOptional: boolean): Part[] {
  const parts: Part[] = [];
  let text = '';
  const flush = () => {
    if (text) parts.push({ kind: 'text', text });
    text = '';
  };
  for (; reader.at < reader.source.length; reader.at++) {
    const char = reader.source[reader.at] as string;
    if (char === '{') {
      flush();
      parts.push(readBraces(reader));
    } else if (char === '[') {
      if (inOptional) throw new PatternError('an optional part […] cannot contain another');
      flush();
      reader.at++;
      parts.push({ kind: 'optional', parts: readParts(reader, true) });
    } else if (char === ']') {
      if (!inOptional) throw new PatternError("a ']' closes nothing");
      flush();
      return parts;
    } else if (char === '}') {
      throw new PatternError("a '}' closes nothing");
    } else text += char;
  }
  if (inOptional) throw new PatternError("a '[' is never closed");
  flush();
  return parts;
}

function readBraces(reader: { source: string; at: number }): Part {
  const end = reader.source.indexOf('}', reader.at);
  if (end < 0) throw new PatternError("a '{' is never closed");
  const inside = reader.source.slice(reader.at + 1, end);
  reader.at = end;
  if (inside.includes(',')) return { kind: 'one_of', texts: inside.split(',').map((text) => text.trim()) };
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(inside)) throw new PatternError(`{${inside}} is not a name`);
  return { kind: 'name', name: inside };
}

function namesOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'name') return [part.name];
    return part.kind === 'optional' ? namesOf(part.parts) : [];
  });
}

function regexOf(parts: readonly Part[], kind: PeriodKind): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return escapeRegex(part.text);
      if (part.kind === 'one_of') return `(?:${part.texts.map(escapeRegex).join('|')})`;
      if (part.kind === 'optional') return `(?:${regexOf(part.parts, kind)})?`;
      if (part.name === 'period') return `(?<period>${PERIOD_SHAPE[kind]})`;
      return part.name === 'version' ? `(?<version>${NAME_SHAPE})` : `(?<s_${part.name}>${NAME_SHAPE})`;
    })
    .join('');
}

function escapeRegex(text: string): string {
  return text.normalize('NFC').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * A captured name is free text without `_`, `/` and `.`. So two captures need one of these between them, and an
 * optional part must begin with one of these; otherwise a name could be read in two ways.
 */
function refuseAmbiguous(parts: readonly Part[], source: string): void {
  for (const flat of variants(parts)) {
    let open: string | null = null;
    for (const part of flat) {
      if (part.kind === 'name') {
        if (open !== null)
          throw new PatternError(
            `{${open}} and {${part.name}} touch, so '${source}' can match a name in two ways`,
          );
        open = part.name;
      } else if (part.kind === 'text' && open !== null) {
        if (!/^[_.]/.test(part.text) && open !== 'period') {
          throw new PatternError(
            `after {${open}} there must be '_' or '.', or '${source}' can match a name in two ways`,
          );
        }
        open = null;
      } else if (part.kind === 'one_of') {
        if (open !== null && open !== 'period' && !part.texts.every((text) => /^[_.]/.test(text))) {
          throw new PatternError(
            `after {${open}} there must be '_' or '.', or '${source}' can match a name in two ways`,
          );
        }
        open = null;
      }
    }
  }
  refuseAmbiguousOptionals(parts, source);
}

/** Every way to take or leave the optional parts. */
function variants(parts: readonly Part[]): Part[][] {
  return parts.reduce<Part[][]>(
    (lists, part) =>
      part.kind === 'optional'
        ? lists.flatMap((list) => [list, [...list, ...part.parts]])
        : lists.map((list) => [...list, part]),
    [[]],
  );
}

/** Two variants that are the same once captures are left out could both match one name. */
function refuseAmbiguousOptionals(parts: readonly Part[], source: string): void {
  const shapes = variants(parts).map((flat) =>
    flat
      .map((part) => (part.kind === 'name' ? '\0' : part.kind === 'text' ? part.text : ''))
      .join('')
      .split(/[_.]/)
      .map((segment) => segment.replace(/\0/g, '{}')),
  );
  for (let a = 0; a < shapes.length; a++) {
    for (let b = a + 1; b < shapes.length; b++) {
      const one = shapes[a] as string[];
      const two = shapes[b] as string[];
      if (one.length === two.length && one.every((segment, i) => overlaps(segment, two[i] as string))) {
        throw new PatternError(`its optional parts can match one name in two ways ('${source}')`);
      }
    }
  }
}

function overlaps(one: string, two: string): boolean {
  if (one === two) return true;
  const toRegex = (segment: string) =>
    new RegExp(`^${segment.split('{}').map(escapeRegex).join('.+')}$`, 'u');
  return (one.includes('{}') && toRegex(one).test(two)) || (two.includes('{}') && toRegex(two).test(one));
}
