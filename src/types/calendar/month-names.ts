import type { Locale } from '../../domain/locale.ts';
import { literal } from '../../sql/sql.ts';
import { partsOf } from './strptime.ts';

/** Text in a format with names of months or days in another language, prepared for the engine. */
export interface NamedMoment {
  /** The text with numbers instead of names, its parts between bars; null where it is not in the format. */
  readonly text: string;
  /** The strptime format of that text. */
  readonly format: string;
}

const BLANKS = '[ \\x{00A0}\\x{202F}\\x{2009}]+';

/** Letters in one case and without accents, because people leave out either. */
const folded = (text: string) => `strip_accents(lower(${text}))`;

/**
 * The engine reads only English names, so names become numbers first. The name of a weekday must be one, but is not
 * used: the date says which day it is.
 */
export function namedMoment(text: string, format: string, field: string, locale: Locale): NamedMoment {
  let pattern = '';
  let month: number | null = null;
  const kept: string[] = [];
  for (const part of partsOf(format, field)) {
    if (part.kind === 'text') {
      pattern += escaped(fold(part.text)).replace(/ +/g, BLANKS);
    } else if (part.letter === 'a' || part.letter === 'A') {
      pattern += named(locale.weekdays.flat());
    } else if (part.letter === 'b' || part.letter === 'B') {
      pattern += `(${named(locale.months.flat())})`;
      month = kept.push('%m');
    } else {
      pattern += `(${fold(part.shape).replace(/(?<!\\)\((?!\?)/g, '(?:')})`;
      kept.push(`%${part.letter}`);
    }
  }
  const whole = literal(`^${pattern}$`);
  const plain = folded(text);
  const groups = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `\\${from + i + 1}`).join('|');
  const taken = (template: string) => `regexp_replace(${plain}, ${whole}, ${literal(template)})`;
  const parts =
    month === null
      ? taken(groups(0, kept.length))
      : [
          ...(month > 1 ? [taken(`${groups(0, month - 1)}|`)] : []),
          monthNumber(`rtrim(regexp_extract(${plain}, ${whole}, ${month}), '.')`, locale),
          ...(month < kept.length ? [taken(`|${groups(month, kept.length)}`)] : []),
        ].join(' || ');
  return {
    text: `CASE WHEN regexp_matches(${plain}, ${whole}) THEN ${parts} END`,
    format: kept.join('|'),
  };
}

function monthNumber(name: string, locale: Locale): string {
  const cases = locale.months.map(
    (names, i) => `WHEN ${name} IN (${names.map(literal).join(', ')}) THEN '${i + 1}'`,
  );
  return `(CASE ${cases.join(' ')} END)`;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const named = (names: readonly string[]) => `(?:${names.map(escaped).join('|')})\\.?`;
